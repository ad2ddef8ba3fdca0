import { createServer, type Server } from 'node:http';
import type { Settings } from '../config/settings.ts';
import { acquireDirectoryLock, DirectoryHeld, type DirectoryLock } from '../journal/directory-lock.ts';
import type { Logger } from '../observe/logger.ts';

const LOOK_AGAIN_MS = 1000;

/**
 * Takes the data directory. When another hub holds it, a hub that was asked to stand by waits for it to go, and tells
 * whoever asks that it is alive but not ready, so that a proxy sends nobody here.
 * @throws DirectoryHeld when it was not asked to stand by
 */
export async function takeDirectory(
  settings: Settings,
  onLost: (error: Error) => void,
  log: Logger,
): Promise<DirectoryLock> {
  let answering: Server | null = null;
  for (;;) {
    try {
      const lock = await acquireDirectoryLock(settings.dataDir, { onLost });
      if (answering) await closed(answering);
      return lock;
    } catch (error) {
      if (!(error instanceof DirectoryHeld) || !settings.standby) throw error;
      if (!answering) log.info({ holder: error.holder }, 'standing by: another hub holds the data directory');
      answering ??= await answerAsStandby(settings);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

async function answerAsStandby({ http: { host, port } }: Settings): Promise<Server> {
  const notReady = JSON.stringify({
    ready: false,
    reasons: [{ part: 'standby', reason: 'another hub holds the data directory; this one takes over when it ends' }],
  });
  const server = createServer((request, response) => {
    const alive = request.url === '/healthz';
    response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(alive ? '{"alive":true}' : notReady);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
