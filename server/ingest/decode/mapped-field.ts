import type { Route } from './decoder.ts';
import { atPointer } from './json-text.ts';

/** The part of a field's definition that does not look into the payload. @returns undefined for a pointer. */
export function constantField(definition: string | undefined, route: Route): string | undefined {
  if (definition === undefined) return undefined;
  if (definition.startsWith('=')) return definition.slice(1);
  if (definition.startsWith('topic:')) return route.levels[Number(definition.slice(6))];
  return undefined;
}

/** A field of a mapping: `=text`, `topic:N` or a JSON Pointer into the payload. */
export function readField(definition: string | undefined, document: unknown, route: Route): unknown {
  if (definition === undefined) return undefined;
  if (definition.startsWith('/') || definition === '') return atPointer(document, definition);
  return constantField(definition, route);
}

/** Text, or a number as text: many feeds number their stations. @returns undefined for anything else. */
export function asName(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}
