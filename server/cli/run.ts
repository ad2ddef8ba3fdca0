import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hub, startHub } from '../app.ts';
import { INITIAL_PASSWORD_FILE } from '../assembly/identity.ts';
import { loadSettings, redactSettings, type Settings } from '../config/settings.ts';
import { startEmbeddedDatabase } from '../embedded/database.ts';
import { createLogger, type Logger } from '../observe/logger.ts';
import { type Command, EXIT, type Program } from './program.ts';

const ENDPOINTS_FILE = 'endpoints.json';
/** A stop that hangs must not keep a service manager waiting for ever. */
const STOP_WITHIN_MS = 15_000;

/** `ioc-hub serve`: runs the hub until a signal; with `HUB_DEMO=1` the evaluation hub. */
export const serve: Command = async (_args, program) => {
  const settings = loadSettings(program.env, program.cwd);
  const log = createLogger(settings.logLevel);
  log.debug(redactSettings(settings), 'settings');
  if (settings.redisUrl !== null) {
    log.warn({}, 'REDIS_URL is set, but this version runs one hub at a time and does not use it');
  }
  const stop = stopSignal();
  const { version }: { version: string } = JSON.parse(await readFile(join(program.root, 'package.json'), 'utf8'));
  const pages = join(program.root, 'dist/pages');
  const hub = await startHub(settings, {
    pagesDir: existsSync(pages) ? pages : null,
    recordingsDir: join(program.root, 'server/embedded/demo/data'),
    version,
    startDatabase: startEmbeddedDatabase,
    now: Date.now,
    log,
    onFatal: (error) => {
      log.fatal({ err: error }, 'the hub cannot go on safely; start it again');
      process.exit(EXIT.failed);
    },
  });
  await announce(hub, settings, program, log);
  const signal = await stop;
  log.info({ signal }, 'stopping');
  const late = setTimeout(() => {
    log.error({ withinMs: STOP_WITHIN_MS }, 'did not stop in time; the journal is durable, so nothing is lost');
    process.exit(EXIT.failed);
  }, STOP_WITHIN_MS);
  await rm(join(settings.dataDir, ENDPOINTS_FILE), { force: true });
  await hub.close();
  clearTimeout(late);
  log.info({}, 'stopped');
  return EXIT.ok;
};

/** Resolves at the first signal; a second one ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(EXIT.failed));
        resolve(signal);
      });
    }
  });
}

async function announce(hub: Hub, settings: Settings, program: Program, log: Logger): Promise<void> {
  const address = settings.http.publicUrl ?? hub.http;
  log.info({ http: hub.http, mqtt: redactUser(hub.mqtt) }, 'ready');
  const lines = [
    '',
    `  Màn hình lớn / wall     ${address}/wall/main`,
    `  Bàn trực / desk         ${address}/desk`,
    `  Điện thoại / phone      ${address}/m/`,
    `  MQTT                    ${redactUser(hub.mqtt)}`,
    '',
    ...accountLines(hub, settings),
  ];
  for (const line of lines) program.out(line);
  // Written last and by renaming: whoever finds it finds a hub that answers.
  const file = join(settings.dataDir, ENDPOINTS_FILE);
  await writeFile(`${file}.new`, JSON.stringify({ http: hub.http, mqtt: redactUser(hub.mqtt), pid: process.pid }));
  await rename(`${file}.new`, file);
}

function accountLines(hub: Hub, settings: Settings): string[] {
  if (hub.accounts.length === 0) {
    return [`  Tài khoản như lần chạy trước / accounts as before: see ${settings.dataDir}`, ''];
  }
  const rows = hub.accounts.map(({ username, password, role }) => {
    const shown = password ?? '(HUB_ADMIN_PASSWORD)';
    return `    ${username.padEnd(14)}${shown.padEnd(24)}${role}`;
  });
  return [
    '  Tài khoản, chỉ in một lần / accounts, printed once:',
    ...rows,
    `  (${join(settings.dataDir, INITIAL_PASSWORD_FILE)})`,
    '',
  ];
}

function redactUser(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}
