import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  /** A path relative to the repository for our own files, otherwise the package's name. */
  readonly to: string;
  readonly own: boolean;
}

const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git', 'test-results', 'results']);

export function sourceFiles(folder: string, endings: readonly string[] = ['.ts']): SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) walk(path);
      } else if (endings.some((ending) => entry.name.endsWith(ending))) {
        found.push({ path: relative(ROOT, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') });
      }
    }
  };
  walk(join(ROOT, folder));
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

/** Static and dynamic imports and re-exports. The formatter keeps them in forms that these two patterns meet. */
const STATEMENT = /^(?:import|export)\s[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm;
const CALL = /\bimport\(\s*'([^']+)'\s*\)|new URL\(\s*'(\.[^']+\.(?:ts|js))'/g;

export function importsOf(file: SourceFile): Import[] {
  const specifiers = [...file.text.matchAll(STATEMENT), ...file.text.matchAll(CALL)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return specifiers.map((specifier) => {
    if (specifier.startsWith('#contract/')) {
      return { from: file.path, to: specifier.replace('#contract/', 'server/contract/'), own: true };
    }
    if (specifier.startsWith('.')) {
      const to = relative(ROOT, join(ROOT, dirname(file.path), specifier.replace(/\?.*$/, '')));
      return { from: file.path, to: to.replaceAll('\\', '/'), own: true };
    }
    const [scope = '', name] = specifier.split('/');
    return { from: file.path, to: scope.startsWith('@') ? `${scope}/${name}` : scope, own: false };
  });
}
