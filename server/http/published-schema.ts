/**
 * Tuples as JSON Schema 2020-12 writes them (`prefixItems`), which OpenAPI 3.1 and AsyncAPI 3.0 use; TypeBox validates
 * with, and writes, the older array form of `items`.
 * @returns a copy; other parts are as they were
 */
export function published<T>(document: T): T {
  return rewrite(document) as T;
}

function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if ('type' in value && value.type === 'array' && 'items' in value && Array.isArray(value.items)) {
    const rest = entries.filter(([key]) => key !== 'items' && key !== 'additionalItems');
    return { ...Object.fromEntries(rest), prefixItems: value.items.map(rewrite), items: false };
  }
  return Object.fromEntries(entries.map(([key, part]) => [key, rewrite(part)]));
}
