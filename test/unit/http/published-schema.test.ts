import { expect, test } from 'vitest';
import { Position } from '#contract/series.ts';
import { published } from '../../../server/http/published-schema.ts';
import { publishedSchema, SCHEMAS } from '../../../server/http/schema-catalogue.ts';

test('a tuple is written as JSON Schema 2020-12 has it', () => {
  expect(published({ a: [Position] })).toEqual({
    a: [
      {
        type: 'array',
        minItems: 2,
        prefixItems: [
          { type: 'number', minimum: -180, maximum: 180 },
          { type: 'number', minimum: -90, maximum: 90 },
        ],
        items: false,
      },
    ],
  });
});

test('a property that happens to be called items stays', () => {
  const schema = { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } } } };
  expect(published(schema)).toEqual(schema);
});

test('every schema has a document, and no inherited name has', () => {
  for (const name of Object.keys(SCHEMAS)) {
    expect(publishedSchema(name)).toMatchObject({ $id: `/api/v1/schemas/${name}` });
    expect(JSON.stringify(publishedSchema(name))).not.toContain('additionalItems');
  }
  for (const name of ['nothing', 'toString', '__proto__']) expect(publishedSchema(name)).toBeNull();
});
