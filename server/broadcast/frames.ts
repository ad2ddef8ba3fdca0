import { encodeFrame } from '#contract/frame.ts';
import type { Latest } from './latest.ts';
import { NOWHERE, WHOLE_LAYER } from './tiles.ts';

/** Where frames go: rooms of sockets. */
export interface FrameRooms {
  /** Clients in the room now; 0 for a room nobody is in. */
  size(room: string): number;
  send(room: string, bytes: Uint8Array): void;
}

/** One layer's series inside one tile, or the whole layer. */
interface Cell {
  readonly layer: string;
  readonly tile: string;
  readonly room: string;
  readonly members: Set<number>;
  /** Filled and emptied within one tick. */
  readonly changed: number[];
  /** The whole cell, encoded; good until a member changes, so that many new clients share it. */
  whole: { readonly version: number; readonly bytes: Uint8Array } | null;
}

export const frameRoom = (layer: string, tile: string) => `frame:${layer}:${tile}`;
/** Everybody who watches anything of the layer. */
export const layerRoom = (layer: string) => `layer:${layer}`;

/** Turns changed series into one encoded frame a room. */
export class Frames {
  readonly #latest: Latest;
  readonly #version: (layer: string) => number;
  readonly #cells = new Map<string, Cell>();
  /** By series number: the cells it lies in, a tile and the whole layer for each of its layers. */
  readonly #cellsOf: Cell[][] = [];
  readonly #announced = new Map<string, number>();
  encoded = 0;

  constructor(latest: Latest, version: (layer: string) => number) {
    this.#latest = latest;
    this.#version = version;
  }

  /** Puts a series into its layers and tile, or moves it there. Its value comes with the next frame. */
  place(number: number, layers: readonly string[], tile: string): void {
    for (const cell of this.#cellsOf[number] ?? []) {
      cell.members.delete(number);
      cell.whole = null;
    }
    const cells = layers.flatMap((layer) => [this.#cell(layer, tile), this.#cell(layer, WHOLE_LAYER)]);
    for (const cell of cells) {
      cell.members.add(number);
      cell.whole = null;
    }
    this.#cellsOf[number] = cells;
    this.#latest.mark(number);
  }

  /** One frame to each room that has clients and changes. */
  tick(now: number, rooms: FrameRooms): void {
    const touched: Cell[] = [];
    for (const number of this.#latest.takeChanged()) {
      for (const cell of this.#cellsOf[number] ?? []) {
        cell.whole = null;
        if (rooms.size(cell.room) === 0 || !this.#latest.has(number)) continue;
        if (cell.changed.length === 0) touched.push(cell);
        cell.changed.push(number);
      }
    }
    for (const cell of touched) {
      rooms.send(cell.room, this.#encode(cell.layer, cell.tile, cell.changed, now, false));
      cell.changed.length = 0;
    }
  }

  /** An empty frame to everybody who watches a layer whose catalogue changed since the last call. */
  announce(layers: Iterable<string>, now: number, rooms: FrameRooms): void {
    for (const layer of layers) {
      const version = this.#version(layer);
      if (this.#announced.get(layer) === version) continue;
      this.#announced.set(layer, version);
      const room = layerRoom(layer);
      if (rooms.size(room) > 0) rooms.send(room, this.#encode(layer, WHOLE_LAYER, [], now, false));
    }
  }

  /**
   * All of a cell, for a client that has just begun to watch it. Null for a tile without series: of the cells a client
   * watches, the whole layer or the one of no place is always answered, so that it learns the catalogue's version.
   */
  whole(layer: string, tile: string, now: number): Uint8Array | null {
    const room = frameRoom(layer, tile);
    if ((tile === WHOLE_LAYER || tile === NOWHERE) && !this.#cells.has(room)) this.#cell(layer, tile);
    const cell = this.#cells.get(room);
    if (cell === undefined || (cell.members.size === 0 && tile !== WHOLE_LAYER && tile !== NOWHERE)) return null;
    const version = this.#version(layer);
    if (cell.whole?.version !== version) {
      cell.whole = { version, bytes: this.#encode(layer, tile, this.#reported(cell), now, true) };
    }
    return cell.whole.bytes;
  }

  /** What changed in a cell after a tick, for a client that had to pause; null: nothing. */
  missed(layer: string, tile: string, tick: number, now: number): Uint8Array | null {
    const cell = this.#cells.get(frameRoom(layer, tile));
    if (cell === undefined) return null;
    const numbers = this.#reported(cell).filter((number) => this.#latest.changedAfter(number, tick));
    return numbers.length === 0 ? null : this.#encode(layer, tile, numbers, now, false);
  }

  #reported(cell: Cell): number[] {
    return [...cell.members].filter((number) => this.#latest.has(number));
  }

  #encode(layer: string, tile: string, numbers: readonly number[], now: number, whole: boolean): Uint8Array {
    this.encoded++;
    const columns = this.#latest.columns(numbers, now);
    return encodeFrame({ layer, tile, whole, serverTime: now, catalogue: this.#version(layer), ...columns });
  }

  #cell(layer: string, tile: string): Cell {
    const room = frameRoom(layer, tile);
    let cell = this.#cells.get(room);
    if (cell === undefined) {
      cell = { layer, tile, room, members: new Set(), changed: [], whole: null };
      this.#cells.set(room, cell);
    }
    return cell;
  }
}
