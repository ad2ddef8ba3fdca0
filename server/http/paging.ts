import { Type } from 'typebox';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;

/** What every list takes. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_LIMIT, description: `items a page; ${DEFAULT_LIMIT} unless told` }),
  ),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: '`nextCursor` of the page before' })),
};

/** @returns the bounds to pass on. */
export function pageOf(query: { readonly limit?: number; readonly cursor?: string }): {
  readonly limit: number;
  readonly cursor: string | undefined;
} {
  return { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor };
}
