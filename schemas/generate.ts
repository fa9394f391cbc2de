/** Writes every file derived from `avro/`, the catalogue and the contexts; with `--check` fails when one is outdated. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditModuleOf } from './generate/audit.ts';
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
// The documents import the catalogue, which needs the generated types: so this is a second step.
const { documents } = await import('./generate/documents.ts');
const { registries } = await import('./generate/registries.ts');
const { auditedTopics } = await import('./topics.ts');
const audited = new Set(auditedTopics.flatMap((topic) => Object.keys(topic.records)));
stale.push(
  ...settle(documents(records, named).set('schemas/generated/audit.ts', auditModuleOf(records, named, audited))),
  ...settle(registries(project)),
);

if (check && stale.length > 0) {
  console.error(`error STALE_GENERATED: run \`npm run generate\` and commit:\n  ${stale.join('\n  ')}`);
  process.exit(1);
}
console.log(check ? 'generated files are up to date' : `${stale.length} of the generated files changed`);
