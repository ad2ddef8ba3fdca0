import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { HubHttp } from '../../../../wall-client/connection/http.ts';
import { MOST_PENDING, PendingCommands } from '../../../../wall-client/views/mobile/pending-commands.ts';
import type { PendingCommand, PhoneMemory, RememberedList } from '../../../../wall-client/views/mobile/phone-memory.ts';

/** A phone's memory that outlives the page but not the test. IndexedDB itself is held by test/browser/mobile.test.ts. */
class TestMemory implements PhoneMemory {
  commands = new Map<string, PendingCommand>();
  list = async (): Promise<RememberedList | null> => null;
  keepList = async () => {};
  pending = async () => [...this.commands.values()].sort((a, b) => a.at - b.at);
  putPending = async (command: PendingCommand) => void this.commands.set(command.id, command);
  dropPending = async (id: string) => void this.commands.delete(id);
  forget = async () => this.commands.clear();
}

interface Received {
  readonly path: string;
  readonly key: string;
  readonly body: { readonly type: string };
}

describe('commands on their way to the hub', () => {
  let server: Server;
  let received: Received[];
  /** Status the hub answers with; 0: it hangs up without an answer. */
  let answer: (request: Received) => number;
  let memory: TestMemory;
  let done: string[];

  beforeEach(async () => {
    received = [];
    answer = () => 200;
    memory = new TestMemory();
    done = [];
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const one = { path: request.url ?? '', key: String(request.headers['idempotency-key']), body: JSON.parse(text) };
      received.push(one);
      const status = answer(one);
      if (status === 0) request.socket.destroy();
      else response.writeHead(status).end(JSON.stringify({ id: one.path.split('/')[4], detail: 'vì thế' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  let made = 0;
  /** As after opening the page, with what the memory holds. */
  async function openPage(username = 'binh'): Promise<PendingCommands> {
    const commands = new PendingCommands({
      memory,
      http: new HubHttp({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
      now: () => ++made,
      newKey: () => `key-${++made}`,
      reason: (error) => error.key,
      onDone: (alert: Alert) => done.push(alert.id),
    });
    await commands.open(username);
    return commands;
  }

  test('with a connection a command is done at once and nothing is left', async () => {
    const commands = await openPage();
    expect(await commands.submit('a1', { type: 'acknowledge' })).toMatchObject({ kind: 'done', alert: { id: 'a1' } });
    expect(received).toMatchObject([{ path: '/api/v1/alerts/a1/commands', body: { type: 'acknowledge' } }]);
    expect([commands.all, memory.commands.size]).toEqual([[], 0]);
  });

  test('without one it is kept, and sent by the next page with the same key', async () => {
    answer = () => 0;
    const commands = await openPage();
    expect(await commands.submit('a1', { type: 'acknowledge' })).toEqual({ kind: 'kept' });
    expect(commands.of('a1')).toHaveLength(1);
    answer = () => 200;
    await openPage();
    expect(new Set(received.map(({ key }) => key)).size).toBe(1);
    expect(done).toEqual(['a1']);
    expect(memory.commands.size).toBe(0);
  });

  test('the order of the taps holds: "done" never overtakes "acknowledged"', async () => {
    answer = () => 0;
    const commands = await openPage();
    await commands.submit('a1', { type: 'acknowledge' });
    await commands.submit('a1', { type: 'report-status', status: 'done' });
    received = [];
    answer = () => 200;
    await Promise.all([commands.flush(), commands.flush()]);
    expect(received.map(({ body }) => body.type)).toEqual(['acknowledge', 'report-status']);
  });

  test.each([
    [0, 'kept', 'no answer'],
    [429, 'kept', 'too many at once'],
    [503, 'kept', 'the hub is busy'],
    [401, 'kept', 'the session ended: a login mends it'],
    [403, 'refused', 'not allowed'],
    [409, 'refused', 'not possible any more'],
    [404, 'refused', 'no such alert'],
    [500, 'refused', 'the hub failed over it: kept it would block all behind it'],
  ])('an answer of %i: %s', async (status, kind) => {
    answer = () => status;
    const commands = await openPage();
    expect((await commands.submit('a1', { type: 'acknowledge' })).kind).toBe(kind);
    // A refusal was told to the person who tapped; it need not wait on the phone too.
    expect(commands.all).toHaveLength(kind === 'kept' ? 1 : 0);
  });

  test('a refusal of something kept stays to be read, and does not hold up what follows', async () => {
    answer = () => 0;
    const commands = await openPage();
    await commands.submit('a1', { type: 'acknowledge' });
    await commands.submit('a2', { type: 'acknowledge' });
    answer = ({ path }) => (path.includes('a1') ? 409 : 200);
    await commands.flush();
    expect(commands.all).toMatchObject([{ alert: 'a1', refused: 'conflict' }]);
    expect(done).toEqual(['a2']);
    const [refused] = (await openPage()).all;
    expect(refused).toMatchObject({ alert: 'a1', refused: 'conflict' });
    await commands.dismiss(refused!.id);
    expect(memory.commands.size).toBe(0);
  });

  test('at the bound the next one is not kept, and says so', async () => {
    answer = () => 0;
    const commands = await openPage();
    for (let at = 0; at < MOST_PENDING; at++) await commands.submit(`a${at}`, { type: 'acknowledge' });
    expect(await commands.submit('one-more', { type: 'acknowledge' })).toEqual({ kind: 'full' });
    expect(memory.commands.size).toBe(MOST_PENDING);
  });

  test('what another person left is neither sent nor kept', async () => {
    answer = () => 0;
    await (await openPage('binh')).submit('a1', { type: 'acknowledge' });
    received = [];
    answer = () => 200;
    const commands = await openPage('cuong');
    expect([received, commands.all, memory.commands.size]).toEqual([[], [], 0]);
  });

  test('storage that refuses costs the keeping, not the sending', async () => {
    memory.putPending = async () => Promise.reject(new Error('private window'));
    expect((await (await openPage()).submit('a1', { type: 'acknowledge' })).kind).toBe('done');
  });
});
