const PUBACK = 0x40;

/** PUBACK packets of one connection, as bytes: four a message, in the order of the messages (MQTT 3.1.1 §4.6). */
export class AckBatch {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  get empty(): boolean {
    return this.#length === 0;
  }

  add(packetId: number): void {
    if (this.#length === this.#bytes.length) {
      const wider = Buffer.allocUnsafe(this.#bytes.length * 2);
      this.#bytes.copy(wider);
      this.#bytes = wider;
    }
    const at = this.#length;
    this.#bytes[at] = PUBACK;
    this.#bytes[at + 1] = 2;
    this.#bytes[at + 2] = packetId >> 8;
    this.#bytes[at + 3] = packetId & 0xff;
    this.#length = at + 4;
  }

  /** A copy, since the socket may keep it for a while; empties the batch. */
  take(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }
}
