import type { Socket } from 'node:net';

/**
 * Ends a connection whose packet announces more than `maxBytes` (or a length that MQTT 3.1.1 §2.2.3 does not allow)
 * before those bytes are collected: the broker's parser only sees whole packets, so its own limit would come too late.
 * Follows the packet boundaries in what the broker reads; costs a few steps a packet.
 */
export function limitPackets(socket: Socket, maxBytes: number, onExceeded: (length: number) => void): void {
  const read = socket.read.bind(socket);
  const scan = packetScanner(maxBytes);
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (chunk === null) return null;
    const excess = scan(chunk);
    if (excess === null) return chunk;
    onExceeded(excess);
    socket.destroy();
    return null;
  };
}

/** @returns a function that takes chunks in order and gives the first length beyond the limit, or null. */
export function packetScanner(maxBytes: number): (chunk: Uint8Array) => number | null {
  let body = 0;
  let inLength = false;
  let length = 0;
  let factor = 1;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (body > 0) {
        const step = Math.min(body, chunk.length - at);
        body -= step;
        at += step;
      } else if (!inLength) {
        at++;
        inLength = true;
        length = 0;
        factor = 1;
      } else {
        const byte = chunk[at++]!;
        length += (byte & 0x7f) * factor;
        factor *= 128;
        const more = (byte & 0x80) !== 0;
        if (length > maxBytes || (more && factor > 128 ** 3)) return length;
        inLength = more;
        if (!more) body = length;
      }
    }
    return null;
  };
}
