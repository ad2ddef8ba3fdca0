import { Agent, type RequestOptions, request } from 'node:https';
import webPush from 'web-push';
import type { PushSubscriptionRecord } from '#contract/records.ts';
import { MAX_PAYLOAD_BYTES } from '../notice.ts';
import type { Attempt, NotifyClock, Push, Receiver } from '../ports.ts';
import { judgeAnswer, plainText } from './push-answer.ts';
import { endpointProblem } from './push-endpoint.ts';
import type { VapidKeys } from './vapid.ts';

export interface WebPushOptions {
  readonly vapid: VapidKeys;
  /** See `endpointProblem`. */
  readonly allowedHosts: readonly string[];
  readonly clock: Pick<NotifyClock, 'now'>;
  /** For one attempt from the first byte to the last, ms; default 10,000. */
  readonly deadlineMs?: number;
  /** Trusts what the process trusts unless a test brings its own. */
  readonly agent?: Agent;
}

const MAX_ANSWER = 1_024;

/**
 * Phones by way of their browsers' push services (RFC 8030, 8291, 8292). `web-push` encrypts and signs; the request is
 * made here, since the library's timeout watches the socket only and a service that drips could hold it for ever.
 */
export class WebPushReceiver implements Receiver {
  readonly #options: WebPushOptions;
  readonly #agent: Agent;

  constructor(options: WebPushOptions) {
    this.#options = options;
    this.#agent = options.agent ?? new Agent({ keepAlive: true, maxSockets: 20 });
  }

  async send(subscription: PushSubscriptionRecord, push: Push): Promise<Attempt> {
    const problem = this.#problem(subscription, push);
    if (problem !== null) return refused(problem);
    let details: webPush.RequestDetails;
    try {
      details = this.#encrypt(subscription, push);
    } catch (error) {
      return refused(`the subscription's keys cannot be used: ${messageOf(error)}`);
    }
    return this.#post(details);
  }

  /** Frees idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  #problem({ endpoint }: PushSubscriptionRecord, { payload }: Push): string | null {
    const bytes = Buffer.byteLength(payload);
    // The library would send it, and the service answer 413.
    if (bytes > MAX_PAYLOAD_BYTES) return `the payload of ${bytes} bytes is longer than ${MAX_PAYLOAD_BYTES}`;
    return endpointProblem(endpoint, this.#options.allowedHosts);
  }

  #encrypt({ endpoint, p256dh, auth }: PushSubscriptionRecord, push: Push): webPush.RequestDetails {
    const { vapid, clock } = this.#options;
    const keys = { p256dh, auth };
    return webPush.generateRequestDetails({ endpoint, keys }, push.payload, {
      vapidDetails: vapid,
      TTL: Math.max(1, Math.floor((push.expiresAt - clock.now()) / 1000)),
      urgency: push.urgency,
      topic: push.topic,
      contentEncoding: 'aes128gcm',
    });
  }

  #post({ endpoint, headers, body }: webPush.RequestDetails): Promise<Attempt> {
    const { clock, deadlineMs = 10_000 } = this.#options;
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers },
      agent: this.#agent,
      signal: AbortSignal.timeout(deadlineMs),
    };
    return new Promise((resolve) => {
      let done = (error?: unknown) =>
        resolve({ result: 'retry', status: null, detail: networkReason(error, deadlineMs), retryAfterMs: null });
      const sending = request(endpoint, options, (answer) => {
        let text = '';
        // The status is the answer, its words are a help only: from here on any end is an end.
        done = () => resolve(judgeAnswer(answer.statusCode ?? 0, answer.headers['retry-after'], text, clock.now()));
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_ANSWER) answer.destroy();
        });
        answer.on('error', () => done());
        answer.on('close', () => done());
      });
      sending.on('error', (error) => done(error));
      sending.end(body);
    });
  }
}

function refused(detail: string): Attempt {
  return { result: 'refused', status: null, detail: plainText(detail), retryAfterMs: null };
}

function networkReason(error: unknown, deadlineMs: number): string {
  if ((error as Error).name === 'AbortError' || (error as Error).name === 'TimeoutError') {
    return `no answer within ${deadlineMs / 1000} s`;
  }
  return plainText(messageOf(error));
}

/** A connection tried over several addresses fails with an error that has a code and no words. */
function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || 'unknown error';
}
