import { HttpError, HubHttp } from '../../connection/http.ts';

/** What became of an attempt to log in. `seconds`: how long the hub wants to be left alone. */
export type LoginOutcome =
  | { readonly kind: 'entered' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly seconds: number }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'failed'; readonly error: HttpError };

/** Waiting time when the hub says none. */
const DEFAULT_WAIT = 30;

/** Logs in; the session is in a cookie afterwards. Never throws. */
export async function logIn(
  origin: string,
  username: string,
  password: string,
  fetcher: typeof fetch = globalThis.fetch.bind(globalThis),
): Promise<LoginOutcome> {
  let retryAfter: string | null = null;
  // The one call where the answer's Retry-After matters to a person: it is read on the way.
  const http = new HubHttp({
    origin,
    fetch: async (input, init) => {
      const response = await fetcher(input, init);
      retryAfter = response.headers.get('retry-after');
      return response;
    },
  });
  try {
    await http.post('/sessions', { username, password });
    return { kind: 'entered' };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return outcomeOf(error, retryAfter);
  }
}

function outcomeOf(error: HttpError, retryAfter: string | null): LoginOutcome {
  switch (error.key) {
    case 'unauthorised':
      return { kind: 'wrong' };
    case 'too-many': {
      const seconds = Number(retryAfter ?? Number.NaN);
      return { kind: 'throttled', seconds: Number.isFinite(seconds) ? Math.ceil(seconds) : DEFAULT_WAIT };
    }
    case 'offline':
    case 'timeout':
      return { kind: 'unreachable' };
    default:
      return { kind: 'failed', error };
  }
}
