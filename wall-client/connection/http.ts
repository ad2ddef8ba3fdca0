import type { Bilingual } from '#contract/primitives.ts';

/** Why a call did not succeed, as far as a person must know. Stable: the views' translations may use it as a key. */
export type HttpProblemKey =
  | 'offline'
  | 'timeout'
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'too-many'
  | 'unavailable'
  | 'unexpected';

/** What to tell a person, in both languages. */
export const HTTP_PROBLEM_TEXT: Readonly<Record<HttpProblemKey, Bilingual>> = {
  offline: { vi: 'Không kết nối được với trung tâm.', en: 'The hub cannot be reached.' },
  timeout: { vi: 'Trung tâm không trả lời kịp thời.', en: 'The hub did not answer in time.' },
  unauthorised: {
    vi: 'Phiên làm việc đã hết hạn. Đề nghị đăng nhập lại.',
    en: 'The session has ended. Please log in.',
  },
  forbidden: { vi: 'Tài khoản không có quyền thực hiện việc này.', en: 'This account is not allowed to do this.' },
  'not-found': { vi: 'Không tìm thấy nội dung yêu cầu.', en: 'What was asked for does not exist.' },
  conflict: {
    vi: 'Không thực hiện được do trạng thái đã thay đổi. Đề nghị kiểm tra lại.',
    en: 'Not possible: the state has changed meanwhile. Please look again.',
  },
  invalid: { vi: 'Nội dung nhập chưa hợp lệ.', en: 'What was entered is not valid.' },
  'too-many': {
    vi: 'Thao tác quá nhiều lần. Đề nghị chờ một lát.',
    en: 'Too many attempts. Please wait a moment.',
  },
  unavailable: { vi: 'Trung tâm tạm thời chưa xử lý được.', en: 'The hub cannot do this at the moment.' },
  unexpected: { vi: 'Đã xảy ra lỗi ngoài dự kiến.', en: 'Something unexpected went wrong.' },
};

/** A call that did not succeed. `problem` is the hub's RFC 9457 answer, where it gave one. */
export class HttpError extends Error {
  readonly key: HttpProblemKey;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** RFC 9457 `type`; empty when the hub gave none. */
  readonly type: string;
  readonly detail: string | null;
  /** Where in the request, and why (RFC 9457 extension of this hub). */
  readonly errors: readonly { readonly at: string; readonly reason: string }[];

  constructor(key: HttpProblemKey, status: number, problem: ProblemBody) {
    super(problem.detail ?? problem.title ?? key);
    this.name = 'HttpError';
    this.key = key;
    this.status = status;
    this.type = problem.type ?? '';
    this.detail = problem.detail ?? null;
    this.errors = problem.errors ?? [];
  }

  /** What to tell a person, in both languages. */
  get text(): Bilingual {
    return HTTP_PROBLEM_TEXT[this.key];
  }
}

interface ProblemBody {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly at: string; readonly reason: string }[];
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  /** Ends the call when the caller no longer wants it; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the call is given up; 10,000 unless told. */
  readonly timeout?: number;
  /** Makes a repeated write harmless: sent as `Idempotency-Key`. */
  readonly idempotencyKey?: string;
}

export interface HubHttpOptions {
  readonly origin: string;
  /** `fetch`, or what stands for it in a test. */
  readonly fetch?: typeof fetch;
}

/** The hub's REST interface. Paths are relative to `/api/v1`; cookies go along; all failures are {@link HttpError}. */
export class HubHttp {
  readonly #base: string;
  readonly #fetch: typeof fetch;
  readonly #unauthorised = new Set<() => void>();

  constructor(options: HubHttpOptions) {
    this.#base = `${options.origin}/api/v1`;
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** @throws HttpError */
  get<T>(path: string, query: Query = {}, options: CallOptions = {}): Promise<T> {
    return this.#call<T>('GET', path + queryString(query), undefined, options);
  }

  /** @throws HttpError */
  post<T>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return this.#call<T>('POST', path, body, options);
  }

  /** @throws HttpError */
  delete<T = void>(path: string, options: CallOptions = {}): Promise<T> {
    return this.#call<T>('DELETE', path, undefined, options);
  }

  /** Called whenever the hub answers 401 to anything but a login. @returns stops listening. */
  onUnauthorised(listener: () => void): () => void {
    this.#unauthorised.add(listener);
    return () => this.#unauthorised.delete(listener);
  }

  async #call<T>(method: string, path: string, body: unknown, options: CallOptions): Promise<T> {
    const { status, text } = await this.#send(method, path, body, options);
    const ok = status >= 200 && status < 300;
    const answer = parseJson(text);
    if (ok && answer !== NO_JSON) return answer as T;
    const problem = ok ? { detail: 'the answer is not JSON' } : asProblem(answer);
    const key = keyOf(status);
    // A wrong password is an answer to the login form, not the end of a session.
    if (key === 'unauthorised' && path !== '/sessions') for (const listener of this.#unauthorised) listener();
    throw new HttpError(key, status, problem);
  }

  async #send(method: string, path: string, body: unknown, options: CallOptions): Promise<Answer> {
    const timeout = AbortSignal.timeout(options.timeout ?? 10_000);
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
    const init: RequestInit = {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    try {
      const response = await this.#fetch(this.#base + path, init);
      // Read here: an answer can also break off, or take too long, in its middle.
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      throw new HttpError(timeout.aborted ? 'timeout' : 'offline', 0, { detail: String(error) });
    }
  }
}

function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const NO_JSON = Symbol('no JSON');

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return NO_JSON;
  }
}

function asProblem(body: unknown): ProblemBody {
  return typeof body === 'object' && body !== null ? (body as ProblemBody) : {};
}

const KEY_BY_STATUS: Readonly<Record<number, HttpProblemKey>> = {
  400: 'invalid',
  401: 'unauthorised',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  412: 'conflict',
  413: 'invalid',
  422: 'invalid',
  429: 'too-many',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timeout',
};

function keyOf(status: number): HttpProblemKey {
  return KEY_BY_STATUS[status] ?? 'unexpected';
}
