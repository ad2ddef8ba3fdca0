import { describe, expect, test } from 'vitest';
import { actionOf, ariaKey, DESK_KEYS, type KeyPress, keyLabel } from '../../../../wall-client/views/desk/desk-keys.ts';

const press = (more: Partial<KeyPress>): KeyPress => ({
  code: 'KeyN',
  altKey: true,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 78,
  ...more,
});

describe('a key press', () => {
  test.each<[string, Partial<KeyPress>, string | null]>([
    ['Alt and the letter', {}, 'acknowledge'],
    ['the letter alone belongs to Telex', { altKey: false }, null],
    ['an input method composes', { isComposing: true }, null],
    ['an input method composes, in browsers that only say so by 229', { keyCode: 229 }, null],
    ['AltGr is Ctrl and Alt on Windows: it types a character', { ctrlKey: true }, null],
    ['with Shift it is another key', { shiftKey: true }, null],
    ['with Meta it is the system’s', { metaKey: true }, null],
    ['a key nobody gave a meaning', { code: 'KeyQ' }, null],
    ['an arrow walks through the queue', { code: 'ArrowDown' }, 'next'],
  ])('%s', (_, more, action) => {
    expect(actionOf(press(more))).toBe(action);
  });

  test('no two actions share a key, and none takes one of the browsers’', () => {
    const codes = Object.values(DESK_KEYS);
    expect(new Set(codes).size).toBe(codes.length);
    for (const taken of ['KeyD', 'KeyE', 'KeyF', 'ArrowLeft', 'ArrowRight', 'Home']) expect(codes).not.toContain(taken);
  });

  test('what the button shows is what must be pressed', () => {
    expect(keyLabel('acknowledge')).toBe('Alt+N');
    expect(ariaKey('next')).toBe('Alt+ArrowDown');
  });
});
