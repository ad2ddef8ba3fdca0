import { io } from 'socket.io-client';
import { LIVE_NAMESPACE } from '#contract/names.ts';
import type { SessionEnvironment, SessionSocket } from './live-session.ts';

/** One connection. It never reconnects by itself: the session decides when, and says so on the screen. */
export function openSocket(origin: string): SessionSocket {
  return io(origin + LIVE_NAMESPACE, {
    forceNew: true,
    reconnection: false,
    transports: ['websocket', 'polling'],
    // Behind a proxy that does not pass WebSocket, polling is tried in the same attempt.
    tryAllTransports: true,
    timeout: 10_000,
  }) as SessionSocket;
}

/** The session's surroundings in a browser, in a worker as in a page. */
export function browserEnvironment(post: SessionEnvironment['post']): SessionEnvironment {
  return {
    connect: openSocket,
    post,
    now: Date.now,
    random: Math.random,
    after(milliseconds, call) {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
