import { createECDH } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The hub's own key at push services (RFC 8292). Subscriptions are bound to it: another key means subscribing anew. */
export interface VapidKeys {
  /** `mailto:` or `https:`, where a push service reaches the operator. */
  readonly subject: string;
  /** base64url of the uncompressed P-256 point: what `GET /push-key` gives out. */
  readonly publicKey: string;
  readonly privateKey: string;
}

const FILE = 'vapid.json';

/**
 * Reads the key pair of a data directory, or makes one there with mode 0600.
 * @throws when the subject is none, or a file is there that cannot be used: making a new key in its place would
 * silence every phone without a word
 */
export async function loadVapidKeys(dir: string, subject: string): Promise<VapidKeys> {
  assertSubject(subject);
  const path = join(dir, FILE);
  const stored = await readKeys(path);
  if (stored !== null) return { subject, ...stored };
  const keys = generate();
  await mkdir(dir, { recursive: true });
  // Under another name until it is whole: half a key would have to be removed by hand.
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(keys, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  return { subject, ...keys };
}

type KeyPair = Pick<VapidKeys, 'publicKey' | 'privateKey'>;

async function readKeys(path: string): Promise<KeyPair | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const keys = parsed(text);
  if (keys === null)
    throw new Error(
      `${path} does not hold a VAPID key pair; restore it from a backup, or remove it and subscribe every phone anew`,
    );
  return keys;
}

function parsed(text: string): KeyPair | null {
  try {
    const { publicKey, privateKey } = JSON.parse(text) as Partial<KeyPair>;
    if (typeof publicKey !== 'string' || typeof privateKey !== 'string') return null;
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
    return curve.getPublicKey('base64url') === publicKey ? { publicKey, privateKey } : null;
  } catch {
    return null;
  }
}

function generate(): KeyPair {
  const curve = createECDH('prime256v1');
  const publicKey = curve.generateKeys('base64url');
  // Leading zeros are part of the 32 bytes, though the number could be written without them.
  const privateKey = Buffer.concat([Buffer.alloc(32), curve.getPrivateKey()])
    .subarray(-32)
    .toString('base64url');
  return { publicKey, privateKey };
}

/** Apple refuses every push whose subject is not an address it could write to (RFC 8292 §2.1). */
function assertSubject(subject: string): void {
  const url = URL.canParse(subject) ? new URL(subject) : null;
  const mail = url?.protocol === 'mailto:' && /^[^\s@]+@[^\s@]+$/.test(url.pathname);
  const web = url?.protocol === 'https:' && !/(?:^|\.)localhost$/.test(url.hostname);
  if (!mail && !web)
    throw new Error(`"${subject}" is not a mailto: address or an https: URL for push services to write to`);
}
