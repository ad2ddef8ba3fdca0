import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS, LIVE_EVENTS } from '#contract/names.ts';
import { type Rig, startRig } from './http-rig.ts';

let rig: Rig;
type Json = Record<string, unknown>;
let openapi: { openapi: string; paths: Record<string, Record<string, Json>>; components: Json };
let asyncapi: { asyncapi: string; channels: Record<string, Json>; operations: Record<string, Json> };

beforeAll(async () => {
  rig = await startRig({ publicUrl: 'https://ioc.example' });
  openapi = (await rig.api.inject('/api/v1/openapi.json')).json();
  asyncapi = (await rig.api.inject('/api/v1/asyncapi.json')).json();
});
afterAll(() => rig.close());

/** Routes as the router itself lists them: `path (METHODS)` as a tree. */
function routes(): string[] {
  const found: string[] = [];
  const parents: string[] = [];
  for (const line of rig.api.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│ ]*)[├└]── (\S*)(?: \((.*)\))?$/.exec(line);
    if (!match) continue;
    const depth = match[1]!.length / 4;
    const path = (depth === 0 ? '' : parents[depth - 1]!) + match[2]!;
    parents[depth] = path;
    for (const method of (match[3] ?? '').split(', ').filter((name) => name !== '' && name !== 'HEAD')) {
      found.push(`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    }
  }
  return found;
}

function* nodes(value: unknown): Iterable<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const part of Object.values(value)) yield* nodes(part);
}

function resolve(document: unknown, ref: string): unknown {
  let at = document;
  for (const token of ref.slice(2).split('/')) at = (at as Json | undefined)?.[token];
  return at;
}

describe('OpenAPI', () => {
  test('is 3.1 and names every route of the interface, and no other', () => {
    expect(openapi.openapi).toBe('3.1.0');
    const described = Object.entries(openapi.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const interfaceRoutes = routes().filter((route) => !/ (?:\*|\/basemap)/.test(route));
    expect(described.sort()).toEqual(interfaceRoutes.sort());
    expect(described.length).toBeGreaterThan(40);
  });

  test('describes every operation: summary, tags, answers, each path parameter, and who may', () => {
    for (const [path, item] of Object.entries(openapi.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const where = `${method} ${path}`;
        expect(operation.summary, where).toEqual(expect.any(String));
        expect(operation.tags, where).toHaveLength(1);
        const responses = operation.responses as Record<string, { description: string }>;
        expect(Object.keys(responses).length, where).toBeGreaterThan(0);
        for (const { description } of Object.values(responses)) expect(description, where).not.toBe('Default Response');
        const named = ((operation.parameters ?? []) as { name: string; in: string }[])
          .filter((parameter) => parameter.in === 'path')
          .map((parameter) => parameter.name);
        expect(named.sort(), where).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
        const security = operation.security as unknown[];
        expect(security, where).toBeDefined();
        expect(security.length === 0 || operation['x-policy'] !== undefined, where).toBe(true);
      }
    }
  });

  test('has the bodies: the commands by type, and SenML', () => {
    const body = (path: string) =>
      resolve(openapi.paths[path], '#/post/requestBody/content') as Record<string, { schema: Json }>;
    const commands = body('/api/v1/alerts/{id}/commands')['application/json']!.schema.anyOf as Json[];
    const types = commands.map((schema) => ((schema.properties as Json).type as Json).const);
    expect(types).toEqual([...COMMANDS]);
    expect(Object.keys(body('/api/v1/samples'))).toEqual(['application/json', 'application/senml+json']);
  });

  test('holds no schema in an older dialect, and every $ref leads somewhere', () => {
    for (const node of [...nodes(openapi), ...nodes(asyncapi)]) {
      expect(node).not.toHaveProperty('additionalItems');
      if (node.type === 'array') expect(Array.isArray(node.items)).toBe(false);
    }
    for (const document of [openapi, asyncapi]) {
      for (const node of nodes(document)) {
        if (typeof node.$ref === 'string') expect(resolve(document, node.$ref), node.$ref).toBeDefined();
      }
    }
  });

  test('names no path or secret of this machine', () => {
    expect(JSON.stringify([openapi, asyncapi])).not.toMatch(/nonexistent|argon2|passwordHash/);
  });
});

describe('AsyncAPI', () => {
  test('is 3.0 with every socket event and MQTT topic', () => {
    expect(asyncapi.asyncapi).toBe('3.0.0');
    const addresses = Object.values(asyncapi.channels).map(({ address }) => address);
    for (const event of Object.values(LIVE_EVENTS)) expect(addresses).toContain(`/live#${event}`);
    for (const topic of ['samples', 'events', 'cameras/{camera}']) {
      expect(addresses).toContain(`ioc/v1/{unit}/{source}/${topic}`);
    }
    expect(addresses).toContain('ioc/v1/{unit}/outbox/alerts');
    expect(addresses).toContain('ioc/v1/{unit}/inbox/commands');
  });

  test('has an operation a channel, and each parameter named in its address', () => {
    expect(Object.keys(asyncapi.operations)).toHaveLength(Object.keys(asyncapi.channels).length);
    for (const { address, parameters } of Object.values(asyncapi.channels)) {
      const names = [...String(address).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys((parameters ?? {}) as Json)).toEqual(names);
    }
  });

  test('tells the layout of a frame', () => {
    const layout = [...nodes(asyncapi)].find((node) => 'x-layout' in node)?.['x-layout'] as Json[];
    expect(layout).toHaveLength(12);
    expect(layout[0]).toMatchObject({ at: 'offset 0', type: 'u8' });
  });
});

describe('JSON Schemas', () => {
  test('are listed and each can be had', async () => {
    const { items } = (await rig.api.inject('/api/v1/schemas/')).json();
    expect(items).toEqual(expect.arrayContaining(['alert', 'alert-command', 'senml-pack', 'rule-file']));
    for (const name of items) {
      const response = await rig.api.inject(`/api/v1/schemas/${name}`);
      expect(response.headers['content-type']).toContain('application/schema+json');
      expect(response.json()).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    }
    expect((await rig.api.inject('/api/v1/schemas/nothing')).statusCode).toBe(404);
  });
});
