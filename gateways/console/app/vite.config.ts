import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sizeBudget } from './build/size-budget.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Gzipped bytes of all files of the console. */
export const CONSOLE_BYTES_MAX = 150_000;

export default defineConfig({
  root: here,
  base: '/console/',
  publicDir: join(here, 'public'),
  plugins: [sizeBudget(CONSOLE_BYTES_MAX)],
  // The same files in a test and in a release, whatever NODE_ENV says.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    outDir: join(here, '../../../dist/console'),
    emptyOutDir: true,
    // Nothing inline: the content security policy allows files of the gateway only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Contracts are declarations: of their modules, a page takes what it uses.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /\/schemas\//, sideEffects: false }] } },
    // The budget counts gzipped bytes itself.
    reportCompressedSize: false,
    target: 'es2023',
  },
});
