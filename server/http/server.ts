import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { HttpOptions } from './deps.ts';
import { PROBLEM_TYPE, problem } from './problem.ts';

/** Slow senders are cut off; a socket that upgraded is no longer subject to these. Milliseconds. */
const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 72_000 };

/** The server that HTTP and sockets share, with TLS where a certificate is given. */
export function createHttpServer(handler: RequestListener, { tls }: Pick<HttpOptions, 'tls'>): Server {
  return tls
    ? createSecureServer({ ...TIMEOUTS, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, handler)
    : createServer(TIMEOUTS, handler);
}

/** Answers what is not HTTP, or not in time, before there is a request to answer. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const body = JSON.stringify(problem(slow ? 'too-slow' : 'malformed', slow ? 'the request did not end' : 'not HTTP'));
  const status = slow ? '408 Request Timeout' : '400 Bad Request';
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}
