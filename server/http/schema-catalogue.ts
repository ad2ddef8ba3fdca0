import { type TSchema, Type } from 'typebox';
import { Alert, AlertChange, AlertCommand } from '#contract/alert.ts';
import { HubEvent } from '#contract/event.ts';
import { LayerCatalogue, LayerConfig } from '#contract/layer.ts';
import { AgeMessage, AlertFilter, AlertMessage, WallMessage, WatchReply, WatchRequest } from '#contract/live.ts';
import { NewToken, NewUnit, NewUser, Unit, User } from '#contract/people.ts';
import { Problem } from '#contract/primitives.ts';
import { Delivery, PushSubscriptionBody } from '#contract/push.ts';
import { QuarantineItem } from '#contract/quarantine.ts';
import { Rule, RuleFile } from '#contract/rule.ts';
import { SamplePoint, Series, Thing } from '#contract/series.ts';
import { NewSource, Source, TopicMapping } from '#contract/source.ts';
import { WallConfig, WallPairing } from '#contract/wall.ts';
import { published } from './published-schema.ts';
import { SenmlRecord } from './routes/samples.ts';

/** The schemas that others build on, by the name under which `/api/v1/schemas/` publishes them. */
export const SCHEMAS: Readonly<Record<string, TSchema>> = {
  'age-message': AgeMessage,
  alert: Alert,
  'alert-change': AlertChange,
  'alert-command': AlertCommand,
  'alert-filter': AlertFilter,
  'alert-message': AlertMessage,
  delivery: Delivery,
  event: HubEvent,
  layer: LayerConfig,
  'layer-catalogue': LayerCatalogue,
  'new-source': NewSource,
  'new-token': NewToken,
  'new-unit': NewUnit,
  'new-user': NewUser,
  problem: Problem,
  'push-subscription': PushSubscriptionBody,
  'quarantine-item': QuarantineItem,
  rule: Rule,
  'rule-file': RuleFile,
  'sample-point': SamplePoint,
  'senml-pack': Type.Array(SenmlRecord),
  series: Series,
  source: Source,
  thing: Thing,
  'topic-mapping': TopicMapping,
  unit: Unit,
  user: User,
  wall: WallConfig,
  'wall-message': WallMessage,
  'wall-pairing': WallPairing,
  'watch-reply': WatchReply,
  'watch-request': WatchRequest,
};

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** @returns a published schema as a document of its own, null for an unknown name. */
export function publishedSchema(name: string): object | null {
  const schema = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;
  return schema ? published({ $schema: DIALECT, $id: `/api/v1/schemas/${name}`, ...schema }) : null;
}
