import type { Credential } from '#contract/source.ts';

/** What an HTTP call answered, not judged yet. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A client of the public HTTP interface: a session's cookie or a bearer token, nothing else. */
export class Api {
  readonly base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(base: string, headers: Readonly<Record<string, string>> = {}) {
    this.base = base;
    this.#headers = headers;
  }

  static async login(base: string, username: string, password: string): Promise<Api> {
    const answer = await new Api(base).call<unknown>('POST', '/sessions', { username, password });
    if (answer.status !== 201) throw new Error(`login of ${username}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    return new Api(base, { cookie });
  }

  get cookie(): string {
    return this.#headers.cookie ?? '';
  }

  bearer(token: string): Api {
    return new Api(this.base, { authorization: `Bearer ${token}` });
  }

  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.base}${path.startsWith('//') ? path.slice(1) : `/api/v1${path}`}`, {
      method,
      headers: {
        ...this.#headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
  }

  /** @throws when the answer is not a success. */
  async get<T>(path: string): Promise<T> {
    return await this.#succeed<T>('GET', path);
  }

  async post<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return await this.#succeed<T>('POST', path, body, headers);
  }

  /** Connects a source of a unit that exists. */
  async connectSource(id: string, unit: string, decoder = 'senml'): Promise<Credential> {
    await this.post('/sources', { id, unit, name: id, decoder });
    return await this.post<Credential>(`/sources/${id}/credentials`, {});
  }

  async #succeed<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const answer = await this.call<T>(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
