/** What the phone shows; kept in the address, so that a notice opens an alert and "back" goes back. */
export type PhoneRoute =
  | { readonly page: 'list' }
  | { readonly page: 'alert'; readonly id: string }
  | { readonly page: 'account' };

/** Reads `#/alerts/<id>` or `#/account`; anything else is the list. */
export function parsePhoneRoute(hash: string): PhoneRoute {
  if (hash === '#/account') return { page: 'account' };
  const id = /^#\/alerts\/([0-9a-f-]{36})$/i.exec(hash)?.[1];
  return id === undefined ? { page: 'list' } : { page: 'alert', id };
}
