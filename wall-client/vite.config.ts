import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const within = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One shell a page; its script has the same name. */
const PAGES = ['login', 'wall', 'desk', 'mobile'] as const;
const SERVICE_WORKER = 'service-worker';

function inputs(): Record<string, string> {
  const input: Record<string, string> = {};
  for (const page of PAGES) {
    if (existsSync(within(`entry/${page}.ts`))) input[page] = within(`${page}.html`);
  }
  const worker = within(`entry/${SERVICE_WORKER}.ts`);
  if (existsSync(worker)) input[SERVICE_WORKER] = worker;
  return input;
}

export default defineConfig({
  root,
  base: '/',
  publicDir: existsSync(within('public')) ? within('public') : false,
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: {
    outDir: within('../dist/pages'),
    emptyOutDir: true,
    target: ['chrome120', 'firefox121', 'safari17.2'],
    // The policy forbids data: for fonts and scripts, so nothing is folded into another file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1300,
    rolldownOptions: {
      input: inputs(),
      output: {
        // A worker's address is its identity: the browser looks for the new version at the old name.
        entryFileNames: ({ name }) => (name === SERVICE_WORKER ? `m/${SERVICE_WORKER}.js` : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        codeSplitting: {
          groups: [
            { name: 'maplibre', test: /node_modules\/(?:maplibre-gl|@maplibre|@mapbox)\// },
            {
              name: 'deck',
              test: /node_modules\/(?:@deck\.gl|@luma\.gl|@loaders\.gl|@math\.gl|@probe\.gl|mjolnir\.js)\//,
            },
            { name: 'lit', test: /node_modules\/(?:lit|lit-html|lit-element|@lit)\// },
          ],
        },
      },
    },
  },
});
