import type { Principal } from '#contract/people.ts';
import { HttpError, type HubHttp } from '../connection/http.ts';
import { Observable } from './observable.ts';

/** `unknown`: not asked yet. `none`: nobody is logged in. */
export type SessionState = 'unknown' | 'none' | 'present';

/** What `GET /sessions/current` answers. */
export type Session = Principal & {
  /** The person's name; null for a screen or a token. */
  readonly displayName: string | null;
};

/** Who is at this page. Roles decide what is offered; what is allowed, the hub decides. */
export class SessionStore extends Observable {
  readonly #http: HubHttp;
  #state: SessionState = 'unknown';
  #session: Session | null = null;

  constructor(http: HubHttp) {
    super();
    this.#http = http;
    http.onUnauthorised(() => this.#set('none', null));
  }

  get state(): SessionState {
    return this.#state;
  }

  get principal(): Principal | null {
    return this.#session;
  }

  /** The person's name; null when nobody is logged in, or no person. */
  get displayName(): string | null {
    return this.#session?.displayName ?? null;
  }

  /** Asks the hub who this is (`GET /sessions/current`). @throws HttpError when the hub cannot be asked. */
  async load(): Promise<void> {
    try {
      this.#set('present', await this.#http.get<Session>('/sessions/current'));
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 401) throw error;
      this.#set('none', null);
    }
  }

  /** @throws HttpError with key `unauthorised` for a wrong name or password. */
  async logIn(username: string, password: string): Promise<void> {
    this.#set('present', await this.#http.post<Session>('/sessions', { username, password }));
  }

  /** @throws HttpError */
  async logOut(): Promise<void> {
    await this.#http.delete('/sessions/current');
    this.#set('none', null);
  }

  #set(state: SessionState, session: Session | null): void {
    if (this.#state === state && this.#session === session) return;
    this.#state = state;
    this.#session = session;
    this.changed();
  }
}
