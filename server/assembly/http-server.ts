import { readFile } from 'node:fs/promises';
import { CommandExecutor } from '../commands/executor.ts';
import { isSecure } from '../config/settings.ts';
import { buildHttp } from '../http/build.ts';
import type { HttpOptions } from '../http/deps.ts';
import { MetricsPage } from '../observe/metrics.ts';
import type { Broker } from './broker.ts';
import { commandLog } from './command-log.ts';
import type { Core } from './core.ts';
import type { Exits } from './exits.ts';
import { alertPorts, archivePorts, intakePort, screenPorts } from './http-ports.ts';
import type { Input } from './input.ts';
import { registerMetrics } from './metrics.ts';
import type { Restored } from './restoration.ts';
import { rulesPort } from './rules.ts';

export interface HttpParts {
  readonly core: Core;
  readonly judged: Restored;
  readonly exits: Exits;
  readonly input: Input;
  readonly broker: Broker;
}

/** Opens HTTP and the sockets on it. @returns the address it listens on */
export async function openHttp({ core, judged, exits, input, broker }: HttpParts): Promise<string> {
  const { settings, inForce, auth, store, journal, registry, phones, closing, log, now } = core;
  const { judgement, book, engine } = judged;
  const { broadcast, flow, notifier, readiness, health } = exits;
  const metrics = new MetricsPage();
  const measured = { journal, store, engine, book, flow, broadcast, notifier, readiness };
  registerMetrics(metrics, { ...input, ...measured, broker: broker.embedded });
  const people = {
    unitExists: (unit: string) => auth.units.has(unit),
    unitOfUser: (username: string) => auth.users.active(username)?.unit,
  };
  const api = await buildHttp({
    options: await httpOptions(core, input, broker),
    auth,
    executor: new CommandExecutor({ log: commandLog(input.admission, judgement), alerts: book, people, now }),
    ...alertPorts(book, store),
    ...archivePorts(store, registry),
    ...screenPorts(broadcast, health, readiness),
    intake: intakePort(input, (id) => auth.sources.source(id)),
    walls: { get: (id) => inForce.config.walls.get(id) },
    rules: rulesPort(settings.rulesDir, () => inForce.rules),
    metrics,
    push: phones,
    log,
    now,
  });
  closing.add('http', () => api.close());
  exits.attach(api.server);
  return await api.listen({ host: settings.http.host, port: settings.http.port });
}

async function httpOptions(core: Core, { intake }: Input, broker: Broker): Promise<HttpOptions> {
  const { settings, pagesDir, basemapDir, version } = core;
  const { http, tls } = settings;
  const devices = new URL(broker.url);
  return {
    pagesDir,
    basemapDir,
    publicUrl: http.publicUrl,
    secure: isSecure(settings),
    tls: tls ? { cert: await readFile(tls.certificateFile), key: await readFile(tls.keyFile) } : null,
    trustedProxies: http.trustedProxies,
    maxPayloadBytes: intake.maxPayload,
    mqtt: { host: devices.hostname, port: Number(devices.port) || 1883, tls: settings.mqtt.tlsPort !== null },
    version,
  };
}
