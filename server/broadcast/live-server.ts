import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';

export interface LiveServerOptions {
  /** Connections in all, and from one address; the screens of one building may share an address. */
  readonly mostConnections: number;
  readonly mostPerAddress: number;
  /** The client's address, behind trusted proxies as everywhere else in the hub. */
  readonly addressOf: (request: IncomingMessage) => string;
}

/**
 * A Socket.IO server on the hub's HTTP server, with every limit set. Connection state recovery stays off: it would let
 * a revoked client back in without asking, fails for long connections, and alerts have numbers of their own.
 */
export function createLiveServer(http: HttpServer, options: LiveServerOptions): Server {
  const limits = new ConnectionLimits(options.mostConnections, options.mostPerAddress);
  const io = new Server(http, {
    serveClient: false,
    transports: ['websocket', 'polling'],
    // Compression costs memory per connection and lets one client's bytes weigh on all.
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 16 * 1024,
    pingInterval: 10_000,
    pingTimeout: 8000,
    connectTimeout: 5000,
    upgradeTimeout: 5000,
    allowEIO3: false,
    destroyUpgrade: false,
    allowRequest: (request, answer) => {
      const free = limits.admits(options.addressOf(request));
      answer(free ? null : 'too many connections', free);
    },
  });
  io.engine.on('connection', (engine: EngineConnection) => {
    const leave = limits.enter(options.addressOf(engine.request));
    engine.once('close', leave);
    // Without a listener an error of one connection would end the process.
    engine.on('error', () => {});
  });
  // Everything is in `/live`; the default namespace would be a way to hold connections without saying who one is.
  io.use((_socket, next) => next(new Error('connect to /live')));
  return io;
}

interface EngineConnection {
  readonly request: IncomingMessage;
  on(event: 'error', listener: () => void): void;
  once(event: 'close', listener: () => void): void;
}

/** Counts connections, in all and by address. */
export class ConnectionLimits {
  readonly #most: number;
  readonly #mostPerAddress: number;
  readonly #byAddress = new Map<string, number>();
  #all = 0;

  constructor(most: number, mostPerAddress: number) {
    this.#most = most;
    this.#mostPerAddress = mostPerAddress;
  }

  admits(address: string): boolean {
    return this.#all < this.#most && (this.#byAddress.get(address) ?? 0) < this.#mostPerAddress;
  }

  /** @returns gives the place back; call it once. */
  enter(address: string): () => void {
    this.#all++;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    return () => {
      this.#all--;
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    };
  }
}
