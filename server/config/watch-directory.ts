import { type FSWatcher, watch } from 'node:fs';

/** Editors write a file in several steps; what follows within this span, in ms, is one change. */
const SETTLE_MS = 300;

/**
 * Calls `onChange` once after the files below `directory` changed and settled. Where the system cannot watch (some
 * network drives), `onError` is told and changes are taken at the next start.
 */
export function watchDirectory(
  directory: string,
  onChange: () => void,
  onError: (error: Error) => void,
): { close(): void } {
  let timer: NodeJS.Timeout | null = null;
  let watcher: FSWatcher | null = null;
  try {
    watcher = watch(directory, { recursive: true }, () => {
      if (timer) clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
    });
    watcher.on('error', onError);
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
  }
  return {
    close() {
      if (timer) clearTimeout(timer);
      watcher?.close();
    },
  };
}
