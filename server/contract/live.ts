import { type Static, Type } from 'typebox';
import { Alert } from './alert.ts';
import { CONDITIONS, SEVERITIES } from './names.ts';
import { literals, nullable, Slug, Timestamp } from './primitives.ts';

const csv = (description: string) => Type.String({ maxLength: 256, description });

/** Filter of alerts, the same for `GET /alerts` and for `watch`. Several values are comma-separated. */
export const AlertFilter = Type.Object({
  condition: Type.Optional(csv(CONDITIONS.join(','))),
  severity: Type.Optional(csv(SEVERITIES.join(','))),
  unit: Type.Optional(csv('responsible units')),
  rule: Type.Optional(csv('rule ids')),
  area: Type.Optional(Type.String({ description: 'west,south,east,north in degrees', maxLength: 100 })),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});
export type AlertFilter = Static<typeof AlertFilter>;

/** [west, south, east, north], degrees. */
export const BoundingBox = Type.Array(Type.Number(), { minItems: 4, maxItems: 4 });

export const WatchRequest = Type.Object({
  alerts: Type.Optional(AlertFilter),
  layers: Type.Optional(
    Type.Array(
      Type.Object({
        id: Slug,
        bbox: Type.Optional(BoundingBox),
        zoom: Type.Optional(Type.Number({ minimum: 0, maximum: 24 })),
      }),
      { maxItems: 16 },
    ),
  ),
  since: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type WatchRequest = Static<typeof WatchRequest>;

const gone = 'no longer to be shown: cancelled, or now of a unit or state that this client does not watch';

/**
 * Answer to `watch`. With `snapshot` true `alerts` are all that match and are not closed; otherwise they are those
 * changed after `since`, as they now stand, oldest change first.
 */
export const WatchReply = Type.Object({
  seq: Type.Integer(),
  serverTime: Timestamp,
  snapshot: Type.Boolean(),
  alerts: Type.Array(Alert),
  gone: Type.Array(Type.String(), { description: `ids ${gone}` }),
  omitted: Type.Integer({ description: 'matching alerts left out of a large snapshot; `GET /alerts` has them' }),
});
export type WatchReply = Static<typeof WatchReply>;

/** Instead of a {@link WatchReply}: nothing changed in what the client watches. */
export const WatchRefusal = Type.Object({
  error: literals(['invalid', 'too-often', 'unavailable']),
  reason: Type.String(),
});
export type WatchRefusal = Static<typeof WatchRefusal>;

/**
 * A change of an alert that matches what the client watches, or did before the change. `after` is the number of the
 * change before this one among those: when it is greater than the last number the client has, there is a gap, and the
 * client watches again with `since`.
 */
export const AlertMessage = Type.Object({
  seq: Type.Integer(),
  after: Type.Integer(),
  kind: Type.String(),
  alert: Alert,
  gone: Type.Boolean({ description: gone }),
});
export type AlertMessage = Static<typeof AlertMessage>;

export const LINK_STATES = ['up', 'down', 'unknown'] as const;

/** Health of one source. `lastSampleAt` is the hub's clock, so a skewed device cannot look fresh. */
export const SourceHealth = Type.Object({
  source: Slug,
  unit: Slug,
  name: Type.String(),
  link: literals(LINK_STATES),
  lastSampleAt: nullable(Timestamp),
  /** Seconds without data after which the source counts as stale. */
  staleAfter: Type.Number(),
  stale: Type.Boolean(),
  samples: Type.Integer({ description: 'accepted since the hub started' }),
  duplicates: Type.Integer(),
  quarantined: Type.Integer(),
  recorded: Type.Boolean({ description: 'recorded data, replayed: no real station stands there' }),
});
export type SourceHealth = Static<typeof SourceHealth>;

/** `age`: every two seconds and on a change of link. */
export const AgeMessage = Type.Object({
  serverTime: Timestamp,
  sources: Type.Array(SourceHealth),
  /** What of the hub itself does not work, for the screens to show. */
  degraded: Type.Array(Type.Object({ part: Type.String(), reason: Type.String() })),
  evaluation: Type.Boolean({ description: 'evaluation storage: not for production' }),
});
export type AgeMessage = Static<typeof AgeMessage>;

/** Scene, takeover, replay clock and messages of a wall; in this version the reload after a pairing is withdrawn. */
export const WallMessage = Type.Object({ wall: Slug, kind: literals(['scene', 'unpaired']) });
export type WallMessage = Static<typeof WallMessage>;
