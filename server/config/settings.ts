import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** What the environment says, checked. Everything else of the hub's behaviour is in `HUB_CONFIG_DIR`. */
export interface Settings {
  readonly mode: 'demo' | 'serve';
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    readonly trustedProxies: readonly string[];
  };
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
  readonly mqtt: {
    readonly url: string | null;
    readonly host: string;
    readonly port: number;
    readonly tlsPort: number | null;
  };
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly dataDir: string;
  readonly configDir: string;
  readonly rulesDir: string;
  /** Wait for the data directory when another hub holds it, instead of refusing. */
  readonly standby: boolean;
  readonly adminPassword: string | null;
  readonly pushAllowedHosts: readonly string[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Push services of the browsers in use: Chrome and Edge, Firefox, Safari. */
const KNOWN_PUSH_HOSTS = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  'web.push.apple.com',
  '*.push.apple.com',
];

export const MIN_PASSWORD_LENGTH = 12;

/** A setting that cannot be used: which, why, and how to mend it. */
export interface SettingProblem {
  readonly variable: string;
  readonly reason: string;
}

export class InvalidSettings extends Error {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(({ variable, reason }) => `${variable}: ${reason}`).join('\n'));
    this.name = 'InvalidSettings';
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment once, all of it, so that one start names every mistake.
 * @throws InvalidSettings
 */
export function loadSettings(env: Environment, cwd: string): Settings {
  const problems: SettingProblem[] = [];
  const read = new Reader(env, problems);
  const certificateFile = read.text('HUB_TLS_CERT');
  const keyFile = read.text('HUB_TLS_KEY');
  if ((certificateFile === null) !== (keyFile === null)) {
    problems.push({ variable: 'HUB_TLS_CERT', reason: 'needs HUB_TLS_KEY beside it, and the other way round' });
  }
  const settings: Settings = {
    mode: read.oneOf('HUB_DEMO', ['0', '1'], '0') === '1' ? 'demo' : 'serve',
    http: {
      host: read.text('HUB_HTTP_HOST') ?? '127.0.0.1',
      port: read.port('HUB_HTTP_PORT', 8080),
      publicUrl: read.url('HUB_PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, '') ?? null,
      trustedProxies: read.addresses('HUB_TRUSTED_PROXIES'),
    },
    tls: certificateFile && keyFile ? { certificateFile, keyFile } : null,
    mqtt: {
      url: read.url('MQTT_URL', ['mqtt:', 'mqtts:', 'tcp:', 'ssl:']),
      host: read.text('HUB_MQTT_HOST') ?? '127.0.0.1',
      port: read.port('HUB_MQTT_PORT', 1883),
      tlsPort: read.text('HUB_MQTT_TLS_PORT') === null ? null : read.port('HUB_MQTT_TLS_PORT', 8883),
    },
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:']),
    dataDir: resolve(cwd, read.text('HUB_DATA_DIR') ?? 'data'),
    configDir: resolve(cwd, read.text('HUB_CONFIG_DIR') ?? 'config'),
    rulesDir: resolve(cwd, read.text('HUB_RULES_DIR') ?? 'alert-rules'),
    standby: read.oneOf('HUB_STANDBY', ['0', '1'], '0') === '1',
    adminPassword: read.text('HUB_ADMIN_PASSWORD'),
    pushAllowedHosts: read.list('HUB_PUSH_ALLOWED_HOSTS') ?? KNOWN_PUSH_HOSTS,
    logLevel: read.oneOf('HUB_LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  problems.push(...weaknesses(settings));
  if (problems.length > 0) throw new InvalidSettings(problems);
  return settings;
}

/** What would work but must not be exposed. The demo binds to loopback by default and is held to the same. */
function weaknesses(settings: Settings): SettingProblem[] {
  const found: SettingProblem[] = [];
  const { adminPassword, http, tls, mqtt } = settings;
  if (adminPassword !== null && adminPassword.length < MIN_PASSWORD_LENGTH) {
    found.push({
      variable: 'HUB_ADMIN_PASSWORD',
      reason: `has ${adminPassword.length} characters; give at least ${MIN_PASSWORD_LENGTH}, or unset it and one is made`,
    });
  }
  if (!isLoopback(http.host) && tls === null && http.trustedProxies.length === 0) {
    found.push({
      variable: 'HUB_HTTP_HOST',
      reason: `${http.host} can be reached from other machines without encryption; set HUB_TLS_CERT and HUB_TLS_KEY, or name the proxy that ends TLS in HUB_TRUSTED_PROXIES`,
    });
  }
  if (mqtt.url === null && !isLoopback(mqtt.host) && (mqtt.tlsPort === null || tls === null)) {
    found.push({
      variable: 'HUB_MQTT_HOST',
      reason: `${mqtt.host} can be reached from other machines without encryption; set HUB_MQTT_TLS_PORT with HUB_TLS_CERT and HUB_TLS_KEY, or use an external broker (MQTT_URL)`,
    });
  }
  if (mqtt.tlsPort !== null && tls === null) {
    found.push({ variable: 'HUB_MQTT_TLS_PORT', reason: 'needs HUB_TLS_CERT and HUB_TLS_KEY' });
  }
  return found;
}

/** People reach the hub over HTTPS, here or at a proxy. */
export function isSecure({ tls, http }: Settings): boolean {
  return tls !== null || (http.publicUrl?.startsWith('https:') ?? false);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

class Reader {
  readonly #env: Environment;
  readonly #problems: SettingProblem[];

  constructor(env: Environment, problems: SettingProblem[]) {
    this.#env = env;
    this.#problems = problems;
  }

  text(variable: string): string | null {
    const value = this.#env[variable]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  port(variable: string, fallback: number): number {
    const value = this.text(variable);
    if (value === null) return fallback;
    const port = Number(value);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    this.#problems.push({ variable, reason: `"${value}" is not a port; give a whole number from 0 to 65535` });
    return fallback;
  }

  url(variable: string, protocols: readonly string[]): string | null {
    const value = this.text(variable);
    if (value === null) return null;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    // The value may hold a password, so it is not repeated.
    this.#problems.push({ variable, reason: `is not an address starting with ${protocols.join(' or ')}//` });
    return null;
  }

  list(variable: string): string[] | null {
    const value = this.text(variable);
    return value === null
      ? null
      : value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '');
  }

  addresses(variable: string): string[] {
    const all = this.list(variable) ?? [];
    for (const address of all) {
      if (isIP(address.split('/')[0] ?? '') === 0) {
        this.#problems.push({
          variable,
          reason: `"${address}" is not an IP address or network such as 10.0.0.2 or 10.0.0.0/24`,
        });
      }
    }
    return all;
  }

  oneOf<const T extends readonly string[]>(variable: string, allowed: T, fallback: T[number]): T[number] {
    const value = this.text(variable);
    if (value === null) return fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    this.#problems.push({ variable, reason: `"${value}" is not one of ${allowed.join(', ')}` });
    return fallback;
  }
}

/** The settings as they may be logged: secrets in addresses replaced. */
export function redactSettings(settings: Settings): Record<string, unknown> {
  return {
    ...settings,
    adminPassword: settings.adminPassword === null ? null : '***',
    databaseUrl: redactUrl(settings.databaseUrl),
    redisUrl: redactUrl(settings.redisUrl),
    mqtt: { ...settings.mqtt, url: redactUrl(settings.mqtt.url) },
  };
}

function redactUrl(value: string | null): string | null {
  if (value === null) return null;
  const url = new URL(value);
  if (url.password !== '') url.password = '***';
  return url.href;
}
