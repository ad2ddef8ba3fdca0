import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from 'node:crypto';

/** The secrets a browser keeps of one subscription. */
export class SubscriptionKeys {
  readonly #curve: ECDH = createECDH('prime256v1');
  readonly #auth = randomBytes(16);

  constructor() {
    this.#curve.generateKeys();
  }

  /** As `PushSubscription.toJSON()` gives them. */
  toJSON(): { p256dh: string; auth: string } {
    return { p256dh: this.#curve.getPublicKey('base64url'), auth: this.#auth.toString('base64url') };
  }

  /** RFC 8291 over RFC 8188, one record. @throws when a byte is not as it was encrypted */
  decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const recordSize = body.readUInt32BE(16);
    const senderKey = body.subarray(21, 21 + body.readUInt8(20));
    const record = body.subarray(21 + senderKey.length);
    if (record.length > recordSize) throw new Error(`a record of ${record.length} bytes is longer than ${recordSize}`);
    const secret = this.#curve.computeSecret(senderKey);
    const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), this.#curve.getPublicKey(), senderKey]);
    const keying = Buffer.from(hkdfSync('sha256', secret, this.#auth, keyInfo, 32));
    const key = Buffer.from(hkdfSync('sha256', keying, salt, 'Content-Encoding: aes128gcm\0', 16));
    const nonce = Buffer.from(hkdfSync('sha256', keying, salt, 'Content-Encoding: nonce\0', 12));
    const cipher = createDecipheriv('aes-128-gcm', key, nonce);
    cipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    const end = padded.lastIndexOf(2);
    if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('the padding is wrong');
    return padded.subarray(0, end).toString('utf8');
  }
}

export interface VapidClaims {
  readonly aud: string;
  readonly exp: number;
  readonly sub: string;
}

/**
 * RFC 8292: the token is signed with the key beside it, that key is the one the subscription was made for, and the
 * token is meant for this service and neither stale nor longer than a day.
 * @throws with what is wrong
 */
export function verifyVapid(header: string | undefined, origin: string, applicationServerKey: string): VapidClaims {
  const match = /^vapid t=([^.\s]+)\.([^.\s]+)\.([^,\s]+), ?k=(\S+)$/.exec(header ?? '');
  if (!match) throw new Error('there is no VAPID authorization');
  const [, head = '', payload = '', signature = '', key = ''] = match;
  if (key !== applicationServerKey) throw new Error('the key is not the one the subscription was made for');
  if (parse<{ alg: string }>(head).alg !== 'ES256') throw new Error('the algorithm is not ES256');
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const signed = Buffer.from(`${head}.${payload}`);
  const verifier = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', signed, verifier, Buffer.from(signature, 'base64url')))
    throw new Error('the signature is wrong');
  const claims = parse<VapidClaims>(payload);
  const left = claims.exp - Date.now() / 1000;
  if (claims.aud !== origin) throw new Error(`the token is meant for ${claims.aud}`);
  if (!(left > 0 && left <= 86_400)) throw new Error(`the token ends in ${left} s`);
  if (!/^(?:mailto:|https:)/.test(claims.sub)) throw new Error(`the subject ${claims.sub} cannot be written to`);
  return claims;
}

function parse<T>(base64url: string): T {
  return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8')) as T;
}
