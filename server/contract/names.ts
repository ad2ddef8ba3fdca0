/** Words fixed by the public contract. This file imports nothing, so browsers and load tests may take it alone. */

/** Severities after ITU-T X.733, worst first. */
export const SEVERITIES = ['critical', 'major', 'minor', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONDITIONS = ['pending', 'firing', 'recovering', 'resolved'] as const;
export type Condition = (typeof CONDITIONS)[number];

export const QUALITIES = ['live', 'late', 'missing', 'error'] as const;
export type Quality = (typeof QUALITIES)[number];

export const AUTHENTICITIES = ['unverified', 'checking', 'confirmed', 'refuted', 'unverifiable'] as const;
export type Authenticity = (typeof AUTHENTICITIES)[number];

export const HANDLINGS = ['new', 'acknowledged', 'assigned', 'in-progress', 'done', 'closed'] as const;
export type Handling = (typeof HANDLINGS)[number];

export const PUBLICATIONS = ['internal', 'approved', 'published', 'cancelled'] as const;
export type Publication = (typeof PUBLICATIONS)[number];

/** `administrator` runs the system, `shift-leader` and `operator` the wall; the rest act for, or read about, a unit. */
export const ROLES = ['administrator', 'shift-leader', 'operator', 'focal-point', 'head', 'leader', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const COMMANDS = [
  'acknowledge',
  'verify',
  'assign',
  'report-status',
  'comment',
  'shelve',
  'unshelve',
  'resolve',
  'reopen',
  'publish',
] as const;
export type CommandType = (typeof COMMANDS)[number];

export const DECODERS = ['senml', 'json', 'number', 'onvif', 'cloudevents', 'geojson'] as const;
export type DecoderName = (typeof DECODERS)[number];

/** Lower-case slug: units, sources, rules, walls, layers. */
export const SLUG_PATTERN = '^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$';

/** MQTT topics a source may use, and those the hub writes. */
export const topics = {
  prefix: (unit: string, source: string) => `ioc/v1/${unit}/${source}/`,
  samples: (unit: string, source: string) => `ioc/v1/${unit}/${source}/samples`,
  events: (unit: string, source: string) => `ioc/v1/${unit}/${source}/events`,
  camera: (unit: string, source: string, camera: string) => `ioc/v1/${unit}/${source}/cameras/${camera}`,
  outbox: (unit: string) => `ioc/v1/${unit}/outbox/alerts`,
  inbox: (unit: string) => `ioc/v1/${unit}/inbox/commands`,
} as const;

/** Socket.IO namespace and events. */
export const LIVE_NAMESPACE = '/live';
export const LIVE_EVENTS = { watch: 'watch', alert: 'alert', frame: 'frame', wall: 'wall', age: 'age' } as const;

/** Public name of the session cookie; over HTTPS it carries the `__Host-` prefix (RFC 6265bis §4.1.3.2). */
export const SESSION_COOKIE = 'ioc_session';
