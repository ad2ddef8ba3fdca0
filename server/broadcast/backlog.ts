import type { Socket } from 'socket.io';

interface EnginePacket {
  readonly data?: string | ArrayBufferView;
}

/** Members that engine.io and ws have but do not declare; the integration test holds them to the pinned versions. */
interface EngineSocket {
  readonly writeBuffer: readonly EnginePacket[];
  readonly transport: { readonly socket?: { readonly bufferedAmount?: number; terminate?(): void } };
}

/**
 * Bytes that wait for a client inside this process: packets that engine.io has not handed on, and what ws has handed
 * to a socket that does not take it. Frames shared by many clients count for each of them.
 */
export function backlogOf(socket: Socket): number {
  const engine = socket.conn as unknown as EngineSocket;
  let bytes = engine.transport.socket?.bufferedAmount ?? 0;
  for (const { data } of engine.writeBuffer) {
    if (data !== undefined) bytes += typeof data === 'string' ? data.length : data.byteLength;
  }
  return bytes;
}

/** Ends a connection at once. A close frame would wait behind the very backlog, for half a minute. */
export function cutConnection(socket: Socket): void {
  const { transport } = socket.conn as unknown as EngineSocket;
  if (transport.socket?.terminate) transport.socket.terminate();
  else socket.conn.close(true);
}
