import type { MqttClient } from 'mqtt';
import type { Done, Receiver } from '../admit.ts';
import { AckBatch } from './ack-batch.ts';

interface OutgoingPacket {
  readonly cmd: string;
}

/** What of MQTT.js is not public and is relied on here; the contract test holds it to the pinned version. */
interface ClientInside {
  _sendPacket(packet: OutgoingPacket, done?: () => void, ...rest: unknown[]): void;
}

/**
 * MQTT.js takes one message at a time and acknowledges it when `handleMessage` calls back, so waiting there for a
 * commit would halt the connection. Instead every message is called back at once, its PUBACK is caught on the way out,
 * and the PUBACKs of a commit leave together once it is durable, in the order of the messages.
 */
export class HeldAcknowledgements implements Receiver {
  readonly #client: MqttClient;
  readonly #acks = new AckBatch();
  readonly #onFailure: (error: Error) => void;
  /** Counts connections: an identifier of an earlier one means another message now. */
  #connection = 0;

  /** `onFailure`: a message could not be stored; end the connection, and the broker sends it again. */
  constructor(client: MqttClient, onFailure: (error: Error) => void) {
    this.#client = client;
    this.#onFailure = onFailure;
    const inside = client as unknown as ClientInside;
    const send = inside._sendPacket.bind(client);
    inside._sendPacket = (packet, done, ...rest) => {
      if (packet.cmd === 'puback') done?.();
      else send(packet, done, ...rest);
    };
    client.on('close', () => {
      this.#connection++;
      this.#acks.take();
    });
  }

  /** The ticket under which to await the durability of a QoS 1 message that came just now. */
  ticket(packetId: number): number {
    return this.#connection * 65_536 + packetId;
  }

  settled(error: Error | null, _done: Done, ticket: number): void {
    if (Math.floor(ticket / 65_536) !== this.#connection) return;
    if (error !== null) this.#onFailure(error);
    else this.#acks.add(ticket % 65_536);
  }

  /** Sends what is durable; call after each run of acknowledgements. */
  flush(): void {
    if (this.#acks.empty) return;
    const bytes = this.#acks.take();
    if (this.#client.connected) this.#client.stream.write(bytes);
  }
}
