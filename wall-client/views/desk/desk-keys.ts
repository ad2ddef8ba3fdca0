/** The part of a keyboard event that decides; a `KeyboardEvent` is one. */
export interface KeyPress {
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * Actions and their keys, always with Alt: Telex and VNI compose Vietnamese from bare letters and digits. Letters that
 * browsers take with Alt (D address, E and F menus) are left out. `code` names the place of the key, so a keyboard in
 * a Vietnamese or a French layout, or macOS with its Alt characters, works the same.
 */
export const DESK_KEYS = {
  acknowledge: 'KeyN',
  comment: 'KeyG',
  'report-status': 'KeyL',
  assign: 'KeyP',
  verify: 'KeyX',
  shelve: 'KeyM',
  resolve: 'KeyK',
  next: 'ArrowDown',
  previous: 'ArrowUp',
} as const;
export type DeskAction = keyof typeof DESK_KEYS;

/** The action of a key press; null: none, or an input method is composing (keyCode 229, UI Events §5.6.2). */
export function actionOf(press: KeyPress): DeskAction | null {
  if (press.isComposing || press.keyCode === 229) return null;
  if (!press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) return null;
  for (const action of Object.keys(DESK_KEYS) as DeskAction[]) if (DESK_KEYS[action] === press.code) return action;
  return null;
}

/** What a button shows: `Alt+N`. */
export function keyLabel(action: DeskAction): string {
  return `Alt+${DESK_KEYS[action].replace('Key', '').replace('ArrowDown', '↓').replace('ArrowUp', '↑')}`;
}

/** `aria-keyshortcuts` value (WAI-ARIA 1.2 §6.6.11). */
export function ariaKey(action: DeskAction): string {
  return `Alt+${DESK_KEYS[action].replace('Key', '')}`;
}
