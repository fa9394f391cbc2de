import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, contexts } from '../contexts.ts';
import { camelCase } from '../naming.ts';
import { governedTopics } from '../topics.ts';

const HEADER = '// Generated from schemas/contexts.ts and the folders by `npm run generate`. Do not edit.\n';

/** One entry of a list: what a module exports, and the name of the entry. */
interface Entry {
  readonly name: string;
  readonly module: string;
  readonly exported: string;
}

const importsOf = (entries: readonly Entry[]): string =>
  entries
    .map(({ module, exported }) => `import { ${exported} } from '${module}';`)
    .sort()
    .join('\n');

const fileOf = (entries: readonly Entry[], doc: string, name: string, body: readonly string[]): string =>
  `${HEADER}\n${importsOf(entries)}\n\n/** ${doc} */\nexport const ${name} = ${body.join('\n')} as const;\n`;

const isThere = (project: string, ...path: readonly string[]): boolean => existsSync(join(project, ...path));

/**
 * Returns the lists that follow from the contexts and their folders, by path: the descriptors of governed commands, the
 * views, and the routes of the http gateway. A context is listed by having its row and its files.
 */
export function registries(project: string): ReadonlyMap<string, string> {
  const names = Object.keys(contexts);
  const governed = [...new Set(governedTopics.map(({ context }): string => context))].map(
    (name): Entry => ({
      ...{ name, module: `../contexts/${name}.ts`, exported: `${camelCase(name)}Commands` },
    }),
  );
  const views = Object.values<Context>(contexts)
    .flatMap((each) => each.views)
    .map((name): Entry => ({ name, module: `../${name}/projection.ts`, exported: camelCase(name) }));
  const served = names
    .filter((name) => isThere(project, 'gateways', 'http', name, 'routes.ts'))
    .map((name): Entry => ({ name, module: `../${name}/routes.ts`, exported: `${camelCase(name)}Routes` }));
  const listed = (entries: readonly Entry[]) => entries.map(({ exported }) => `  ${exported},`);
  return new Map([
    [
      'schemas/generated/governed.ts',
      fileOf(governed, 'Descriptors of the governed commands of every context.', 'describedCommands', [
        '{',
        ...governed.map(({ exported }) => `  ...${exported},`),
        '}',
      ]),
    ],
    ['projections/generated/views.ts', fileOf(views, 'Every read model.', 'views', ['[', ...listed(views), ']'])],
    [
      'gateways/http/generated/contexts.ts',
      fileOf(served, 'The routes of each context, by its name.', 'contexts', [
        '{',
        ...served.map(({ name, exported }) => `  '${name}': ${exported},`),
        '}',
      ]),
    ],
  ]);
}
