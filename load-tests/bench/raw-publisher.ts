import { connect, type Socket } from 'node:net';

/**
 * An MQTT 3.1.1 publisher that costs next to nothing, so that on two cores the hub is what is measured: packets are
 * built as bytes, and an acknowledgement is four bytes that are only counted.
 */
export interface PublisherOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** Messages on their way without acknowledgement. */
  readonly window: number;
}

/** The next message as made by {@link publishBody}; `later` when none is due yet, null when there is no more. */
export type NextMessage = () => Buffer | 'later' | null;

const CONNACK = 0x20;
const PUBACK = 0x40;
const MAX_PACKET_ID = 65_535;
/** Seconds: it sends no pings, and with little to send some connections stay silent for long. */
const KEEP_ALIVE = 1000;

export class RawPublisher {
  readonly #socket: Socket;
  readonly #options: PublisherOptions;
  #buffered: Buffer = Buffer.alloc(0);
  #sent = 0;
  #acknowledged = 0;
  #packetId = 0;
  #next: NextMessage | null = null;
  #done: (() => void) | null = null;

  private constructor(socket: Socket, options: PublisherOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  static async connect(options: PublisherOptions): Promise<RawPublisher> {
    const socket = connect({ host: options.host, port: options.port, noDelay: true });
    const publisher = new RawPublisher(socket, options);
    socket.write(connectPacket(options));
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the broker closed the connection')));
      socket.once('data', (data) => {
        if (data[0] === CONNACK && data[3] === 0) resolve();
        else reject(new Error(`the broker refused the connection with code ${data[3]}`));
      });
    });
    socket.on('data', (data) => publisher.#receive(data));
    return publisher;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Publishes what `next` gives until it gives null; resolves when all of it was acknowledged. */
  async run(next: NextMessage): Promise<void> {
    this.#next = next;
    const finished = new Promise<void>((resolve, reject) => {
      this.#done = resolve;
      this.#socket.once('close', () =>
        reject(new Error(`connection lost with ${this.#sent - this.#acknowledged} unacknowledged`)),
      );
    });
    this.#fill();
    await finished;
  }

  /** Asks for the next message again after a `later`. */
  poke(): void {
    this.#fill();
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #fill(): void {
    const packets: Buffer[] = [];
    while (this.#next && this.#sent - this.#acknowledged < this.#options.window) {
      const body = this.#next();
      if (body === null) {
        this.#next = null;
        break;
      }
      if (body === 'later') break;
      this.#packetId = this.#packetId === MAX_PACKET_ID ? 1 : this.#packetId + 1;
      packets.push(withPacketId(body, this.#packetId));
      this.#sent++;
    }
    if (packets.length > 0) this.#socket.write(Buffer.concat(packets));
    if (!this.#next && this.#sent === this.#acknowledged) this.#done?.();
  }

  #receive(data: Buffer): void {
    const bytes = this.#buffered.length > 0 ? Buffer.concat([this.#buffered, data]) : data;
    let at = 0;
    while (bytes.length - at >= 4) {
      if (bytes[at] !== PUBACK) throw new Error(`packet type ${bytes[at]} was not expected`);
      this.#acknowledged++;
      at += 4;
    }
    this.#buffered = bytes.subarray(at);
    this.#fill();
  }
}

function connectPacket({ clientId, username, password }: PublisherOptions): Buffer {
  const flags = 0x02 | (username ? 0x80 : 0) | (password ? 0x40 : 0);
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, flags, KEEP_ALIVE >> 8, KEEP_ALIVE & 0xff]),
    text(clientId),
    ...(username ? [text(username)] : []),
    ...(password ? [text(password)] : []),
  ]);
  return Buffer.concat([Buffer.from([0x10]), remainingLength(body.length), body]);
}

/** A QoS 1 PUBLISH whose packet identifier is still open. The topic's length stands in front for the identifier's place. */
export function publishBody(topic: string, payload: string): Buffer {
  const head = text(topic);
  const data = Buffer.from(payload);
  const length = remainingLength(head.length + 2 + data.length);
  return Buffer.concat([Buffer.from([0x32]), length, head, Buffer.alloc(2), data]);
}

function withPacketId(packet: Buffer, id: number): Buffer {
  let at = 1;
  while ((packet[at]! & 0x80) !== 0) at++;
  const topicAt = at + 1;
  packet.writeUInt16BE(id, topicAt + 2 + packet.readUInt16BE(topicAt));
  return packet;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** MQTT 3.1.1 §2.2.3. */
function remainingLength(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return Buffer.from(bytes);
}
