import { describe, expect, test } from 'vitest';
import { IdempotencyMemory } from '../../../server/http/idempotency.ts';

const answer = { status: 201, type: 'application/json', body: '{"id":1}' };

function setUp(limits: { maxKeys?: number; maxBytes?: number } = {}) {
  const clock = { now: 0 };
  return { clock, memory: new IdempotencyMemory({ now: () => clock.now, ...limits }) };
}

describe('a key', () => {
  test('gives the first answer again, for a day', () => {
    const { clock, memory } = setUp();
    expect(memory.begin('k', 'body')).toBeNull();
    memory.finish('k', answer);
    clock.now = 86_399_999;
    expect(memory.begin('k', 'body')).toEqual(answer);
    clock.now = 86_400_000;
    expect(memory.begin('k', 'body')).toBeNull();
  });

  test('stands for one body', () => {
    const { memory } = setUp();
    memory.begin('k', 'body');
    memory.finish('k', answer);
    expect(() => memory.begin('k', 'other')).toThrow(expect.objectContaining({ problem: 'idempotency-mismatch' }));
  });

  test('says that the first request still runs', () => {
    const { memory } = setUp();
    memory.begin('k', 'body');
    expect(() => memory.begin('k', 'body')).toThrow(expect.objectContaining({ problem: 'idempotency-running' }));
  });

  test('is free again after a failure', () => {
    const { memory } = setUp();
    memory.begin('k', 'body');
    memory.abandon('k');
    expect(memory.begin('k', 'other')).toBeNull();
  });
});

describe('the memory', () => {
  test('forgets the oldest beyond its number', () => {
    const { memory } = setUp({ maxKeys: 100 });
    for (let i = 0; i < 1000; i++) {
      memory.begin(`k${i}`, 'body');
      memory.finish(`k${i}`, answer);
    }
    expect(memory.size).toBe(100);
    expect(memory.begin('k999', 'body')).toEqual(answer);
    expect(memory.begin('k0', 'body')).toBeNull();
  });

  test('forgets the oldest beyond its bytes', () => {
    const { memory } = setUp({ maxBytes: 1000 });
    for (let i = 0; i < 50; i++) {
      memory.begin(`k${i}`, 'body');
      memory.finish(`k${i}`, { ...answer, body: 'x'.repeat(100) });
    }
    expect(memory.size).toBe(10);
  });
});
