/** The part of Trusted Types (W3C) that is used here; browsers without it have no such restriction either. */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL: (address: string) => string }): unknown;
}

/**
 * Lets the page start workers from the hub's own files where the hub demands Trusted Types: the map's library hands over
 * a plain address. Text that would become markup or code stays forbidden, for no rule is given for it.
 */
export function trustOwnScripts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createScriptURL(address) {
      if (new URL(address, location.href).origin === location.origin) return address;
      throw new TypeError(`a script of another origin: ${address}`);
    },
  });
}
