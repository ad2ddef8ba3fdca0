import type { TSchema } from 'typebox';
import { Type } from 'typebox';
import { AlertCommand, OutboxMessage } from '#contract/alert.ts';
import { HubEvent } from '#contract/event.ts';
import { FRAME_VERSION } from '#contract/frame.ts';
import { AgeMessage, AlertMessage, WallMessage, WatchRefusal, WatchReply, WatchRequest } from '#contract/live.ts';
import { LIVE_EVENTS, LIVE_NAMESPACE, topics } from '#contract/names.ts';
import { published } from './published-schema.ts';
import { SCHEMAS } from './schema-catalogue.ts';

export interface AsyncApiOptions {
  readonly version: string;
  readonly publicUrl: string | null;
  readonly mqtt: { readonly host: string; readonly port: number; readonly tls: boolean };
}

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly payload: TSchema | Record<string, unknown>;
  readonly contentType?: string;
}

interface Channel {
  readonly id: string;
  readonly address: string;
  readonly server: 'mqtt' | 'live';
  readonly description: string;
  /** Seen from this hub. */
  readonly action: 'send' | 'receive';
  readonly message: Message;
  /** Answer to an acknowledged Socket.IO event. */
  readonly reply?: Message;
}

const JSON_TYPE = 'application/json';

/** Columns of the binary frame, as `server/contract/frame.ts` writes them. */
const FRAME_LAYOUT = [
  ['offset 0', 'u8', `version, ${FRAME_VERSION}`],
  ['offset 1', 'u8', 'flags: 1 = whole tile, not only what changed'],
  ['offset 2', 'u16', 'bytes of the header text'],
  ['offset 4', 'u32', 'n, number of series'],
  ['offset 8', 'f64', 'server time, ms since the Unix epoch'],
  ['offset 16', 'u32', 'catalogue version: fetch the layer again when it is another'],
  ['offset 20', 'u32', 'zero'],
  ['offset 24', 'utf-8', '"layer tile", padded with zeros to a multiple of 8'],
  ['then', 'f64 × n', 'values'],
  ['then', 'u32 × n', 'series numbers, as in GET /layers/{id}'],
  ['then', 'i32 × n', 'sample time minus server time, ms'],
  ['then', 'u8 × n', 'bits 0–2 worst alert (0 none, 1 info … 5 critical), bit 3 stale'],
] as const;

const frame: Message = {
  name: 'frame',
  summary: 'latest values of a layer inside one tile since the last frame, conflated',
  contentType: 'application/octet-stream',
  payload: {
    type: 'string',
    contentEncoding: 'binary',
    description: 'little-endian columns',
    'x-layout': FRAME_LAYOUT.map(([at, type, what]) => ({ at, type, what })),
  },
};

const live = (event: string) => `${LIVE_NAMESPACE}#${event}`;

const CHANNELS: readonly Channel[] = [
  {
    id: 'samples',
    address: topics.samples('{unit}', '{source}'),
    server: 'mqtt',
    description: 'QoS 1 PUBACK means stored durably. What is not understood goes to quarantine.',
    action: 'receive',
    message: { name: 'senml-pack', summary: 'SenML JSON (RFC 8428)', payload: SCHEMAS['senml-pack']! },
  },
  {
    id: 'events',
    address: topics.events('{unit}', '{source}'),
    server: 'mqtt',
    description: 'CloudEvents 1.0, structured mode; `data` may be a GeoJSON Feature.',
    action: 'receive',
    message: {
      name: 'cloud-event',
      summary: 'CloudEvents 1.0 JSON',
      contentType: 'application/cloudevents+json',
      payload: cloudEvent(),
    },
  },
  {
    id: 'cameras',
    address: topics.camera('{unit}', '{source}', '{camera}'),
    server: 'mqtt',
    description: 'Metadata of cameras; no pictures.',
    action: 'receive',
    message: { name: 'onvif-event', summary: 'ONVIF event as JSON', payload: onvifEvent() },
  },
  {
    id: 'inbox',
    address: topics.inbox('{unit}'),
    server: 'mqtt',
    description: "Alert commands from the unit's own software; `alert` names the alert.",
    action: 'receive',
    message: {
      name: 'command',
      summary: 'as POST /alerts/{id}/commands',
      payload: {
        allOf: [{ type: 'object', required: ['alert'], properties: { alert: { type: 'string' } } }, AlertCommand],
      },
    },
  },
  {
    id: 'outbox',
    address: topics.outbox('{unit}'),
    server: 'mqtt',
    description: "The unit's alerts as they change.",
    action: 'send',
    message: { name: 'outbox-message', summary: 'one change', payload: OutboxMessage },
  },
  {
    id: 'watch',
    address: live(LIVE_EVENTS.watch),
    server: 'live',
    description: 'What a client wants to see; acknowledged with a snapshot, or with the changes after `since`.',
    action: 'receive',
    message: { name: 'watch-request', summary: 'filter, layers, last number seen', payload: WatchRequest },
    reply: { name: 'watch-reply', summary: 'snapshot or changes', payload: Type.Union([WatchReply, WatchRefusal]) },
  },
  {
    id: 'alert',
    address: live(LIVE_EVENTS.alert),
    server: 'live',
    description: '`after` is the number of the change before: a mismatch is a gap, watch again with `since`.',
    action: 'send',
    message: { name: 'alert-message', summary: 'one change', payload: AlertMessage },
  },
  {
    id: 'frame',
    address: live(LIVE_EVENTS.frame),
    server: 'live',
    description: 'Only the newest frame of a tile waits for a slow client.',
    action: 'send',
    message: frame,
  },
  {
    id: 'wall',
    address: live(LIVE_EVENTS.wall),
    server: 'live',
    description: 'For paired screens.',
    action: 'send',
    message: { name: 'wall-message', summary: 'scene, or the end of the pairing', payload: WallMessage },
  },
  {
    id: 'age',
    address: live(LIVE_EVENTS.age),
    server: 'live',
    description: 'Every two seconds and on a change of link.',
    action: 'send',
    message: { name: 'age-message', summary: 'health of sources and of the hub', payload: AgeMessage },
  },
];

/** @returns the AsyncAPI 3.0 document of everything that is not plain HTTP. */
export function asyncApi(options: AsyncApiOptions): object {
  return published({
    asyncapi: '3.0.0',
    info: {
      title: 'IOC hub, streams',
      version: options.version,
      description:
        'MQTT 3.1.1 and 5 for devices, Socket.IO for screens. A credential belongs to one source and publishes under ' +
        'its own prefix only.',
    },
    defaultContentType: JSON_TYPE,
    servers: servers(options),
    channels: Object.fromEntries(CHANNELS.map((channel) => [channel.id, channelObject(channel)])),
    operations: Object.fromEntries(CHANNELS.map((channel) => [`${channel.action}-${channel.id}`, operation(channel)])),
    components: { schemas: { event: HubEvent } },
  });
}

function servers({ publicUrl, mqtt }: AsyncApiOptions): object {
  const own = publicUrl === null ? null : new URL(publicUrl);
  return {
    mqtt: { host: `${mqtt.host}:${mqtt.port}`, protocol: mqtt.tls ? 'mqtts' : 'mqtt' },
    live: {
      host: own?.host ?? 'localhost',
      protocol: own?.protocol === 'https:' ? 'wss' : 'ws',
      pathname: '/socket.io/',
      description: 'Socket.IO 4; address of a channel: namespace#event',
    },
  };
}

function channelObject({ address, server, description, message, reply }: Channel): object {
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const messages = [message, ...(reply ? [reply] : [])].map((one) => [one.name, messageObject(one)]);
  return {
    address,
    description,
    servers: [{ $ref: `#/servers/${server}` }],
    ...(names.length === 0 ? {} : { parameters: Object.fromEntries(names.map((name) => [name, {}])) }),
    messages: Object.fromEntries(messages),
  };
}

function messageObject({ name, summary, payload, contentType = JSON_TYPE }: Message): object {
  return { name, summary, contentType, payload };
}

function operation({ id, action, message, reply }: Channel): object {
  const channel = { $ref: `#/channels/${id}` };
  const use = (name: string) => [{ $ref: `#/channels/${id}/messages/${name}` }];
  return {
    action,
    channel,
    messages: use(message.name),
    ...(reply ? { reply: { channel, messages: use(reply.name) } } : {}),
  };
}

function cloudEvent(): Record<string, unknown> {
  const text = { type: 'string', minLength: 1 };
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type'],
    properties: {
      specversion: { const: '1.0' },
      id: text,
      source: text,
      type: text,
      subject: text,
      time: { type: 'string', format: 'date-time' },
      data: {},
    },
  };
}

function onvifEvent(): Record<string, unknown> {
  const object = { type: 'object' };
  return {
    type: 'object',
    required: ['UtcTime'],
    properties: { UtcTime: { type: 'string', format: 'date-time' }, Source: object, Key: object, Data: object },
  };
}
