/** What this phone can do, as its browser says. */
export interface PushAbility {
  /** HTTPS, or loopback: elsewhere service workers do not exist. */
  readonly secure: boolean;
  readonly serviceWorker: boolean;
  readonly pushManager: boolean;
  readonly notification: boolean;
  readonly permission: NotificationPermission;
  /** iOS or iPadOS: push exists only for pages put on the home screen (16.4 and newer). */
  readonly apple: boolean;
  /** Opened from the home screen. */
  readonly installed: boolean;
}

/**
 * `off`: may be asked for. `denied`: only the person can undo it in the browser's settings. `install`: iOS page not on
 * the home screen. `insecure`: no HTTPS. `unsupported`: this browser has no push. `on`: this phone rings.
 */
export type PushState = 'off' | 'on' | 'denied' | 'install' | 'insecure' | 'unsupported';

/** The state to show, the reason nearest to a remedy first. */
export function pushState(ability: PushAbility, subscribed: boolean): PushState {
  if (!ability.secure) return 'insecure';
  if (ability.apple && !ability.installed) return 'install';
  if (!ability.serviceWorker || !ability.pushManager || !ability.notification) return 'unsupported';
  if (ability.permission === 'denied') return 'denied';
  return subscribed && ability.permission === 'granted' ? 'on' : 'off';
}

/** The VAPID public key as `applicationServerKey` takes it: the bytes behind base64url. */
export function decodeKey(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether an existing subscription was made for this key; another key's pushes would be refused (RFC 8292 §4.2). */
export function sameKey(existing: ArrayBuffer | null | undefined, key: Uint8Array): boolean {
  if (!existing || existing.byteLength !== key.length) return false;
  const bytes = new Uint8Array(existing);
  return key.every((byte, at) => bytes[at] === byte);
}
