import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Page } from '#contract/primitives.ts';
import { HttpError, type HubHttp } from '../../connection/http.ts';
import { inLanguage } from '../../i18n/language.ts';

/**
 * Something asked of the hub, for one element: loading, there, or failed with a reason. The last request wins; an
 * element that left the page no longer waits. A failed refresh keeps the value known before, beside the reason.
 */
export class Resource<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #abort: AbortController | null = null;
  value: T | null = null;
  failure: string | null = null;
  loading = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#abort?.abort();
  }

  /** Forgets the value: it belonged to something else. */
  clear(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#set(null, null, false);
  }

  async load(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#set(this.value, null, true);
    try {
      const value = await ask(abort.signal);
      if (!abort.signal.aborted) this.#set(value, null, false);
    } catch (error) {
      if (!abort.signal.aborted) this.#set(this.value, reasonOf(error), false);
    }
  }

  #set(value: T | null, failure: string | null, loading: boolean): void {
    this.value = value;
    this.failure = failure;
    this.loading = loading;
    this.#host.requestUpdate();
  }
}

/** Why a call failed, for a person: the kind in the page's language, then what the hub said of this very case. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof HttpError)) return String(error);
  const text = inLanguage(error.text);
  const points = error.errors.map(({ at, reason }) => (at === '' ? reason : `${at}: ${reason}`));
  // Without an answer there is no word of the hub: the detail is the browser's, and of no use to a reader.
  const said = points.length > 0 ? points.join('; ') : error.status === 0 ? null : error.detail;
  return said === null ? text : `${text} (${said})`;
}

/** The items of a list that is short by nature and comes in one page. */
export async function listOf<T>(http: HubHttp, path: string, signal: AbortSignal): Promise<readonly T[]> {
  return (await http.get<Page<T>>(path, {}, { signal })).items;
}
