import { X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readFile, statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { loadHubConfig } from '../config/hub-config.ts';
import { loadSettings, type Settings } from '../config/settings.ts';
import { lintRules } from '../evaluate/rules-report.ts';
import { inspectServer } from '../store/inspect.ts';
import { type Command, EXIT } from './program.ts';

interface Finding {
  readonly state: 'ok' | 'warning' | 'fault';
  readonly text: string;
}

const ok = (text: string): Finding => ({ state: 'ok', text });
const warning = (text: string): Finding => ({ state: 'warning', text });
const fault = (text: string): Finding => ({ state: 'fault', text });

const MARKS = { ok: ' ok ', warning: 'WARN', fault: 'FAIL' } as const;
const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;
const CONNECT_TIMEOUT_MS = 3000;

/** `ioc-hub doctor`: looks at everything a start depends on and says what to mend. Changes nothing. */
export const doctor: Command = async (_args, program) => {
  const findings: Finding[] = [checkNode(process.versions.node)];
  const settings = attempt(() => loadSettings(program.env, program.cwd));
  if (settings instanceof Error) {
    findings.push(...settings.message.split('\n').map((line) => fault(line)));
  } else {
    const running = await runningHub(settings.dataDir);
    findings.push(
      ...(await checkConfig(settings)),
      ...(await checkRules(settings)),
      ...(await checkDataDirectory(settings.dataDir)),
      ...(await checkCertificate(settings)),
      ...(await checkNeighbours(settings)),
      ...(running ? await checkRunning(running) : await checkPorts(settings)),
    );
  }
  for (const { state, text } of findings) program.out(`[${MARKS[state]}] ${text}`);
  const faults = findings.filter(({ state }) => state === 'fault').length;
  program.out(faults === 0 ? 'Nothing stands in the way of a start.' : `${faults} to mend.`);
  return faults === 0 ? EXIT.ok : EXIT.failed;
};

function attempt<T>(action: () => T): T | Error {
  try {
    return action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    return fault(`Node ${version}: 20.19 or newer is needed, 24 recommended`);
  return major < 22 ? warning(`Node ${version} gets no more security fixes; 24 is recommended`) : ok(`Node ${version}`);
}

async function checkConfig({ configDir }: Settings): Promise<Finding[]> {
  try {
    const { units, sources, walls } = await loadHubConfig(configDir);
    return [ok(`configuration: ${units.length} units, ${sources.length} sources, ${walls.size} walls in ${configDir}`)];
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
      .split('\n')
      .map((line) => fault(`configuration: ${line}`));
  }
}

async function checkRules({ rulesDir }: Settings): Promise<Finding[]> {
  const { rules, findings } = await lintRules(rulesDir);
  if (findings.length === 0) return [ok(`${rules} rules in ${rulesDir}`)];
  return findings.map(({ file, line, column, reason }) => fault(`rules: ${file}:${line}:${column} ${reason}`));
}

async function checkDataDirectory(directory: string): Promise<Finding[]> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK);
    const { bavail, bsize } = await statfs(directory);
    const free = (bavail * bsize) / GIB;
    const text = `${free.toFixed(1)} GiB free in ${directory}`;
    return [free < 1 ? fault(`${text}: the journal needs room`) : free < 10 ? warning(text) : ok(text)];
  } catch (error) {
    return [fault(`data directory ${directory}: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

async function checkCertificate({ tls }: Settings): Promise<Finding[]> {
  if (!tls) return [];
  try {
    const certificate = new X509Certificate(await readFile(tls.certificateFile));
    await access(tls.keyFile, constants.R_OK);
    const days = Math.floor((Date.parse(certificate.validTo) - Date.now()) / DAY_MS);
    if (days < 0) return [fault(`TLS certificate ended on ${certificate.validTo}`)];
    return [days < 30 ? warning(`TLS certificate ends in ${days} days`) : ok(`TLS certificate valid for ${days} days`)];
  } catch (error) {
    return [fault(`TLS: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

async function checkNeighbours({ databaseUrl, mqtt, redisUrl }: Settings): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (databaseUrl) {
    const { problems, version } = await inspectServer(databaseUrl);
    findings.push(
      ...(problems.length === 0
        ? [ok(`database: ${version}`)]
        : problems.map((reason) => fault(`database: ${reason}`))),
    );
  } else {
    findings.push(warning('DATABASE_URL is unset: embedded evaluation storage, not for production'));
  }
  if (mqtt.url) findings.push(await reach('broker', mqtt.url, mqtt.url.startsWith('mqtts') ? 8883 : 1883));
  else findings.push(warning('MQTT_URL is unset: embedded broker'));
  if (redisUrl) findings.push(await reach('Redis', redisUrl, 6379));
  return findings;
}

async function reach(what: string, address: string, defaultPort: number): Promise<Finding> {
  const { hostname, port } = new URL(address);
  const where = `${hostname}:${port || defaultPort}`;
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || defaultPort), timeout: CONNECT_TIMEOUT_MS });
    const end = (finding: Finding) => {
      socket.destroy();
      resolve(finding);
    };
    socket.once('connect', () => end(ok(`${what} answers at ${where}`)));
    socket.once('timeout', () => end(fault(`${what} at ${where} does not answer within ${CONNECT_TIMEOUT_MS} ms`)));
    socket.once('error', (error) => end(fault(`${what} at ${where}: ${error.message}`)));
  });
}

async function runningHub(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, 'endpoints.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { http }: { http: string } = JSON.parse(text);
  return await fetch(`${http}/healthz`).then(
    () => http,
    () => null,
  );
}

async function checkRunning(address: string): Promise<Finding[]> {
  const response = await fetch(`${address}/readyz`);
  const body = (await response.json()) as { reasons?: { part: string; reason: string }[] };
  const reasons = body.reasons ?? [];
  if (response.ok && reasons.length === 0) return [ok(`a hub runs at ${address} and is ready`)];
  return reasons.map(({ part, reason }) => (response.ok ? warning : fault)(`running hub: ${part}: ${reason}`));
}

async function checkPorts({ http, mqtt }: Settings): Promise<Finding[]> {
  const wanted = [{ host: http.host, port: http.port, variable: 'HUB_HTTP_PORT' }];
  if (!mqtt.url) wanted.push({ host: mqtt.host, port: mqtt.port, variable: 'HUB_MQTT_PORT' });
  return await Promise.all(
    wanted.map(async ({ host, port, variable }) => {
      const error = await listenOnce(host, port);
      return error ? fault(`${variable} ${port}: ${error.message}`) : ok(`port ${port} is free`);
    }),
  );
}

async function listenOnce(host: string, port: number): Promise<Error | null> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });
}
