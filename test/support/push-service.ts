import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PushPayload, PushSubscriptionBody } from '#contract/push.ts';
import { type LoopbackCertificate, makeLoopbackCertificate } from './loopback-certificate.ts';
import { SubscriptionKeys, type VapidClaims, verifyVapid } from './push-decryption.ts';

/**
 * What the service says to a push: a status, with headers and words if need be; `hang` never answers, `drip` sends a
 * byte now and then without an end, `reset` cuts the connection.
 */
export type ScriptedAnswer =
  | number
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hang'
  | 'drip'
  | 'reset';

/** A push as the browser behind the subscription would have got it. */
export interface ReceivedPush {
  readonly endpoint: string;
  /** Arrival, ms since the Unix epoch. */
  readonly at: number;
  /** Seconds. */
  readonly ttl: number;
  readonly urgency: string | undefined;
  readonly topic: string | undefined;
  readonly vapid: VapidClaims;
  readonly text: string;
  readonly payload: PushPayload;
  /** What the service answered. */
  readonly status: number | 'hang' | 'drip' | 'reset';
}

interface Subscription {
  readonly keys: SubscriptionKeys;
  readonly applicationServerKey: string;
  readonly script: ScriptedAnswer[];
}

const MAX_BODY = 4_096;

/**
 * A push service on loopback HTTPS that believes nothing: it checks the VAPID signature, decrypts with the
 * subscription's own keys and keeps to the size limit, as the real ones do, and answers as the test wrote.
 */
export class PushService {
  /** `https://127.0.0.1:<port>`. */
  readonly origin: string;
  /** PEM; a process trusts it by way of {@link writeCertificate}, code by way of {@link agent}. */
  readonly certificate: string;
  readonly received: ReceivedPush[] = [];
  /** What was wrong with requests that were turned down on their merits. */
  readonly problems: string[] = [];
  readonly #server: Server;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #agents: Agent[] = [];
  #script: ScriptedAnswer[] = [];
  #waiting: (() => void)[] = [];

  private constructor(server: Server, { certificate }: LoopbackCertificate) {
    this.#server = server;
    this.certificate = certificate;
    this.origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<PushService> {
    const pair = makeLoopbackCertificate();
    const server = createServer({ key: pair.key, cert: pair.certificate });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const service = new PushService(server, pair);
    server.on('request', (request, response) => void service.#take(request, response));
    return service;
  }

  /** @returns the file to name in a child process's `NODE_EXTRA_CA_CERTS`. */
  async writeCertificate(directory: string): Promise<string> {
    const path = join(directory, 'push-service.pem');
    await writeFile(path, this.certificate);
    return path;
  }

  /** For code in the same process; destroyed with the service. */
  agent(): Agent {
    const agent = new Agent({ ca: this.certificate, keepAlive: true });
    this.#agents.push(agent);
    return agent;
  }

  /** What a browser would hand the page after `pushManager.subscribe`. */
  subscribe(applicationServerKey: string): PushSubscriptionBody {
    const path = `/push/${randomBytes(16).toString('base64url')}`;
    const keys = new SubscriptionKeys();
    this.#subscriptions.set(path, { keys, applicationServerKey, script: [] });
    return { endpoint: this.origin + path, expirationTime: null, keys: keys.toJSON() };
  }

  /** From now on unknown, as after the person cleared the browser: 404. */
  unsubscribe(endpoint: string): void {
    this.#subscriptions.delete(new URL(endpoint).pathname);
  }

  /** Answers for the next pushes, one each; of one endpoint, or of whichever comes. After them: 201. */
  script(answers: readonly ScriptedAnswer[], endpoint?: string): void {
    if (endpoint === undefined) this.#script = [...answers];
    else this.#subscriptions.get(new URL(endpoint).pathname)?.script.splice(0, Infinity, ...answers);
  }

  /** Resolves with the pushes so far once there are `count` that meet the condition. */
  async waitFor(
    count: number,
    meets: (push: ReceivedPush) => boolean = () => true,
    withinMs = 10_000,
  ): Promise<ReceivedPush[]> {
    const end = Date.now() + withinMs;
    for (;;) {
      const found = this.received.filter(meets);
      if (found.length >= count) return found;
      if (Date.now() >= end) {
        throw new Error(`${found.length} of ${count} pushes came within ${withinMs} ms; ${this.problems.join('; ')}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, end - Date.now());
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async close(): Promise<void> {
    for (const agent of this.#agents) agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const turnDown = (status: number, reason: string) => {
      this.problems.push(reason);
      response.writeHead(status).end(reason);
    };
    const path = request.url ?? '';
    const subscription = this.#subscriptions.get(path);
    if (request.method !== 'POST' || subscription === undefined) return turnDown(404, `no subscription at ${path}`);
    const body = Buffer.concat(chunks);
    if (body.length > MAX_BODY) return turnDown(413, `${body.length} bytes are too many`);
    const { headers } = request;
    if (!/^\d+$/.test(String(headers.ttl))) return turnDown(400, `TTL "${headers.ttl}" is not a number of seconds`);
    if (headers['content-encoding'] !== 'aes128gcm') return turnDown(415, 'the content is not aes128gcm');
    if (!/^[\w-]{0,32}$/.test(String(headers.topic ?? '')))
      return turnDown(400, `topic "${headers.topic}" is not allowed`);
    try {
      const vapid = verifyVapid(headers.authorization, this.origin, subscription.applicationServerKey);
      const text = subscription.keys.decrypt(body);
      this.#answer(response, subscription, {
        endpoint: this.origin + path,
        at: Date.now(),
        ttl: Number(headers.ttl),
        urgency: headers.urgency as string | undefined,
        topic: headers.topic as string | undefined,
        vapid,
        text,
        payload: JSON.parse(text) as PushPayload,
      });
    } catch (error) {
      turnDown(403, (error as Error).message);
    }
  }

  #answer(response: ServerResponse, { script }: Subscription, push: Omit<ReceivedPush, 'status'>): void {
    const answer = script.shift() ?? this.#script.shift() ?? 201;
    const status = typeof answer === 'object' ? answer.status : answer;
    this.received.push({ ...push, status });
    for (const wake of this.#waiting.splice(0)) wake();
    if (typeof answer === 'number') response.writeHead(answer).end();
    else if (typeof answer === 'object') response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
    else if (answer === 'reset') response.destroy();
    else if (answer === 'drip') drip(response);
  }
}

/** Keeps the socket alive, so that only a deadline over the whole answer ends it. */
function drip(response: ServerResponse): void {
  response.writeHead(201, { 'content-type': 'text/plain' });
  const timer = setInterval(() => response.write('.'), 20);
  response.on('close', () => clearInterval(timer));
}
