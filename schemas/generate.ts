/** Writes everything that is derived from `avro/` and the catalogue; with `--check` fails when what stands is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { namedTypes, readAvroFiles } from './generate/avro-files.ts';
import { schemaModuleOf, typescriptOf } from './generate/typescript.ts';

const here = dirname(fileURLToPath(import.meta.url));
const project = dirname(here);
const records = readAvroFiles(join(here, 'avro'));
const named = namedTypes(records);

const catalogue = readFileSync(join(here, 'topics.ts'), 'utf8');
const messages = new Set(records.map(({ name }) => name).filter((name) => new RegExp(`\\b${name}: '`).test(catalogue)));

const outputs = new Map<string, string>([
  ['schemas/generated/records.ts', typescriptOf(records, named, messages)],
  ['schemas/generated/schemas.ts', schemaModuleOf(records, named, messages)],
]);

const current = (path: string): string | undefined => {
  try {
    return readFileSync(join(project, path), 'utf8');
  } catch {
    return undefined;
  }
};
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
};

const check = process.argv.includes('--check');
const settle = (files: ReadonlyMap<string, string>): string[] => {
  const stale = [...files].filter(([path, text]) => current(path) !== text);
  if (!check) for (const [path, text] of stale) write(path, text);
  return stale.map(([path]) => path);
};

const stale = settle(outputs);
// The documents read the catalogue as code, which itself needs the generated types: hence the second step.
const { documents } = await import('./generate/documents.ts');
stale.push(...settle(documents(records, named)));

if (check && stale.length > 0) {
  console.error(`error STALE_GENERATED: run \`npm run generate\` and commit:\n  ${stale.join('\n  ')}`);
  process.exit(1);
}
console.log(check ? 'generated files are up to date' : `${stale.length} of the generated files changed`);
