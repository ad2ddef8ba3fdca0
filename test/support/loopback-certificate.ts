import { createHash, generateKeyPairSync, sign, webcrypto } from 'node:crypto';

/** PEM texts for a server on the loopback addresses. */
export interface LoopbackCertificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * A certificate for 127.0.0.1, ::1 and localhost that signs itself, valid for a day around now. Written out as DER
 * (X.690, RFC 5280), since Node reads certificates but makes none and not every machine has openssl.
 */
export function makeLoopbackCertificate(): LoopbackCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subjectKey = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8(`push service of a test ${webcrypto.randomUUID()}`))));
  const body = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(createHash('sha256').update(subjectKey).digest().subarray(0, 16)),
    ECDSA_SHA256,
    name,
    sequence(utcTime(Date.now() - DAY), utcTime(Date.now() + DAY)),
    name,
    subjectKey,
    tagged(3, sequence(basicConstraints, subjectAlternativeNames)),
  );
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, ECDSA_SHA256, element(0x03, Buffer.of(0), signature));
  return {
    certificate: pem('CERTIFICATE', der),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const DAY = 86_400_000;

function element(tag: number, ...content: Uint8Array[]): Buffer {
  const value = Buffer.concat(content);
  if (value.length < 0x80) return Buffer.concat([Buffer.of(tag, value.length), value]);
  const length =
    value.length < 0x100 ? Buffer.of(0x81, value.length) : Buffer.of(0x82, value.length >> 8, value.length & 0xff);
  return Buffer.concat([Buffer.of(tag), length, value]);
}

function sequence(...items: Uint8Array[]): Buffer {
  return element(0x30, ...items);
}

function set(...items: Uint8Array[]): Buffer {
  return element(0x31, ...items);
}

function tagged(number: number, content: Uint8Array): Buffer {
  return element(0xa0 + number, content);
}

/** A leading zero keeps the number positive. */
function integer(bytes: Uint8Array): Buffer {
  return element(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.of(0) : Buffer.alloc(0), bytes);
}

function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

function utcTime(time: number): Buffer {
  const digits = new Date(time).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return element(0x06, Buffer.from(bytes));
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const TRUE = element(0x01, Buffer.of(0xff));
const extension = (id: string, content: Buffer) => sequence(oid(id), element(0x04, content));
/** It is its own authority, so that a process may trust it through `NODE_EXTRA_CA_CERTS`. */
const basicConstraints = extension('2.5.29.19', sequence(TRUE));
const subjectAlternativeNames = extension(
  '2.5.29.17',
  sequence(
    element(0x82, Buffer.from('localhost')),
    element(0x87, Buffer.of(127, 0, 0, 1)),
    element(0x87, Buffer.concat([Buffer.alloc(15), Buffer.of(1)])),
  ),
);

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
