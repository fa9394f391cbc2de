import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { declare, type Suite } from './suite.ts';

const vitestUrl = new URL('./vitest.ts', import.meta.url).href;

let generation = 0;

/**
 * Redirects `vitest` to this folder's replacement and assigns every module of the sandbox to a generation: the next
 * generation reloads all of them except packages, as a new process would, at a tenth of the cost.
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
