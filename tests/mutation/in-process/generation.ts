import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { declare, type Suite } from './suite.ts';

const vitestUrl = new URL('./vitest.ts', import.meta.url).href;

let generation = 0;

/**
 * From here on `vitest` is ours, and every module of the sandbox belongs to a generation: the next one loads them all
 * anew, packages excepted, as a new process would, at a tenth of its cost.
 */
export function redirectImports(sandbox: string): void {
  const root = pathToFileURL(`${sandbox}/`).href;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'vitest') return { url: vitestUrl, shortCircuit: true };
      const resolved = next(specifier, context);
      if (!resolved.url.startsWith(root) || resolved.url.includes('/node_modules/')) return resolved;
      return { ...resolved, url: `${resolved.url.split('?')[0]}?generation=${generation}` };
    },
  });
}

/** Loads the test files in a new generation of modules. */
export async function loadTests(files: readonly string[]): Promise<readonly Suite[]> {
  generation += 1;
  const suites: Suite[] = [];
  for (const file of files) suites.push(await declare(file, () => import(pathToFileURL(file).href)));
  return suites;
}
