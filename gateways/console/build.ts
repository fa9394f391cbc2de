/**
 * `npm run console:build`: builds the console once for each state of its sources. `--out <folder>` builds into that folder.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { appFolder, buildsFolder, builtFolder } from './built.ts';

/** Adds a Brotli and a gzip version of each file, so that the gateway compresses nothing itself. */
function compress(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(html|js|css|svg|json|webmanifest)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** Builds the console into a folder, which appears whole or not at all. */
async function buildInto(folder: string): Promise<void> {
  const { build } = await import('vite');
  const draft = `${folder}.${process.pid}`;
  try {
    await build({
      configFile: join(appFolder, 'vite.config.ts'),
      root: appFolder,
      logLevel: 'warn',
      build: { outDir: draft, emptyOutDir: true },
    });
    compress(draft);
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Removes the builds of earlier sources. */
function removeOthers(kept: string): void {
  const folder = buildsFolder();
  for (const name of readdirSync(folder)) {
    const other = join(folder, name);
    if (other !== kept) rmSync(other, { recursive: true, force: true });
  }
}

const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const folder = out === undefined ? builtFolder() : resolve(out);
if (out === undefined && existsSync(join(folder, 'index.html'))) console.log(`the console is built: ${folder}`);
else {
  const began = performance.now();
  mkdirSync(join(folder, '..'), { recursive: true });
  await buildInto(folder);
  if (out === undefined) removeOthers(folder);
  console.log(`built the console in ${((performance.now() - began) / 1_000).toFixed(1)} s: ${folder}`);
}
