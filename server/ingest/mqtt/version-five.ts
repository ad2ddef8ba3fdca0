import type { Socket } from 'node:net';
import type { Client, ConnectPacket } from 'aedes';

/** What of the broker's client is not public and is relied on here; a test with a real MQTT 5 client holds it. */
interface ClientInside {
  readonly _parser: {
    settings: object;
    on(
      event: 'packet',
      listener: (packet: { cmd: string; messageId?: number; unsubscriptions?: string[] }) => void,
    ): void;
  };
}

export interface VersionFiveLimits {
  readonly receiveMaximum: number;
  readonly maxPacket: number;
}

const CONNACK = 2;
const PUBLISH = 3;
const SUBACK = 9;
const UNSUBACK = 11;

/** MQTT 3.1.1 §3.2.2.3 to MQTT 5 §3.2.2.2. */
const CONNECT_REASONS = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];
const NOT_AUTHORIZED = 0x87;

/**
 * Lets a client of MQTT 5 talk to the embedded broker, which knows up to 3.1.1: what it reads is parsed as version 5,
 * whose extra properties the hub has no use for, and what it writes gets the fields that version 5 adds. Call when its
 * CONNECT was parsed and before the broker judges it.
 */
export function speakVersionFive(client: Client, connect: ConnectPacket, limits: VersionFiveLimits): void {
  const { _parser: parser } = client as unknown as ClientInside;
  // The parser takes the version from the very packet that is changed for the broker.
  parser.settings = { ...connect };
  connect.protocolVersion = 4;
  const unsubscriptions = new Map<number, number>();
  parser.on('packet', ({ cmd, messageId, unsubscriptions: filters }) => {
    if (cmd === 'unsubscribe' && messageId !== undefined) unsubscriptions.set(messageId, filters?.length ?? 0);
  });
  const assigned = connect.clientId === '';
  const translate = (packet: Buffer, start: number): Buffer => {
    switch (packet[0]! >> 4) {
      case CONNACK:
        return connack(packet, start, connect, limits, assigned ? client.id : null);
      case PUBLISH:
        return publish(packet, start);
      case SUBACK:
        return suback(packet, start);
      case UNSUBACK: {
        const id = packet.readUInt16BE(start);
        const count = unsubscriptions.get(id) ?? 1;
        unsubscriptions.delete(id);
        return frame(packet[0]!, packet.subarray(start, start + 2), Buffer.alloc(1 + count));
      }
      default:
        // The acknowledgements of publications and PINGRESP are the same in both.
        return packet;
    }
  };
  translateWrites(client.conn as Socket, translate);
}

/** The broker writes a packet in pieces; each whole one is handed to `translate` with the start of its body. */
function translateWrites(socket: Socket, translate: (packet: Buffer, start: number) => Buffer): void {
  const write = socket.write.bind(socket) as (bytes: Buffer) => boolean;
  let collected: Buffer = Buffer.alloc(0);
  const collect = (chunk: string | Uint8Array, encoding?: unknown): boolean => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding as BufferEncoding) : Buffer.from(chunk);
    collected = collected.length === 0 ? bytes : Buffer.concat([collected, bytes]);
    let flowing = !socket.writableNeedDrain;
    for (;;) {
      const body = bodyOf(collected);
      if (body === null || collected.length < body.end) return flowing;
      flowing = write(translate(collected.subarray(0, body.end), body.start));
      collected = collected.subarray(body.end);
    }
  };
  socket.write = collect as Socket['write'];
}

function bodyOf(bytes: Buffer): { start: number; end: number } | null {
  let length = 0;
  for (let i = 1; i < bytes.length && i <= 4; i++) {
    length += (bytes[i]! & 0x7f) * 128 ** (i - 1);
    if ((bytes[i]! & 0x80) === 0) return { start: i + 1, end: i + 1 + length };
  }
  return null;
}

function frame(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const header = [type];
  let length = body.length;
  do {
    header.push((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
    length >>= 7;
  } while (length > 0);
  return Buffer.concat([Buffer.from(header), body]);
}

function connack(packet: Buffer, start: number, connect: ConnectPacket, limits: VersionFiveLimits, id: string | null) {
  const reason = CONNECT_REASONS[packet[start + 1]!] ?? 0x80;
  const properties: number[] = [];
  if (reason === 0) {
    const u16 = (value: number) => [value >> 8, value & 0xff];
    const { maxPacket, receiveMaximum } = limits;
    // Sessions end with their connection: Session Expiry Interval 0.
    properties.push(0x11, 0, 0, 0, 0);
    properties.push(0x21, ...u16(receiveMaximum));
    properties.push(0x27, ...u16(maxPacket >>> 16), ...u16(maxPacket & 0xffff));
    properties.push(0x13, ...u16(connect.keepalive ?? 0));
    // No wildcard, identified or shared subscriptions: the one topic to read is known.
    properties.push(0x28, 0, 0x29, 0, 0x2a, 0);
    if (id !== null) properties.push(0x12, ...u16(Buffer.byteLength(id)), ...Buffer.from(id));
  }
  // All of it stays below 128 bytes, so one byte tells the length.
  return frame(packet[0]!, packet.subarray(start, start + 1), Buffer.from([reason, properties.length, ...properties]));
}

function publish(packet: Buffer, start: number): Buffer {
  const qos = (packet[0]! >> 1) & 3;
  const payload = start + 2 + packet.readUInt16BE(start) + (qos > 0 ? 2 : 0);
  return frame(packet[0]!, packet.subarray(start, payload), Buffer.alloc(1), packet.subarray(payload));
}

function suback(packet: Buffer, start: number): Buffer {
  const codes = Buffer.from(packet.subarray(start + 2)).map((code) => (code === 0x80 ? NOT_AUTHORIZED : code));
  return frame(packet[0]!, packet.subarray(start, start + 2), Buffer.alloc(1), codes);
}
