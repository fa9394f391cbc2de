/**
 * `npm run helm:generate` writes the parts of the chart that follow from the declarations: the roles, the users of a Strimzi
 * cluster, the rules of Prometheus, the schema of the values. With `--check`, writes nothing and fails when a file is stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { rulesDocument } from '../infra/telemetry/monitoring/rule-files.ts';
import { rolesFile, strimziUsers } from './roles.ts';
import { values } from './values.ts';

export const chart = join(import.meta.dirname, 'khipu');

const yaml = (content: unknown): string =>
  `# Generated from the declarations by \`npm run helm:generate\`; do not edit.\n${stringify(content, { aliasDuplicateObjects: false, lineWidth: 0 })}`;

/** One ACL a line: thousands of lines less. */
const aclPerLine = (users: Readonly<Record<string, readonly object[]>>): string =>
  `{\n${Object.entries(users)
    .map(([user, acls]) => `"${user}": [\n${acls.map((acl) => JSON.stringify(acl)).join(',\n')}\n]`)
    .join(',\n')}\n}\n`;

const schemaOptions = { target: 'draft-7', io: 'input', reused: 'ref' } as const;

/** Returns the generated files by their path in the chart. */
export const chartFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['files/roles.yaml', yaml(rolesFile())],
    ['files/rules/khipu.yaml', yaml(rulesDocument)],
    ['files/strimzi-users.json', aclPerLine(strimziUsers())],
    ['values.schema.json', `${JSON.stringify(z.toJSONSchema(values, schemaOptions), null, 2)}\n`],
  ]);

const current = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Returns the files whose content differs from what is generated. */
export const staleFiles = (): readonly string[] =>
  [...chartFiles()].filter(([path, text]) => current(join(chart, path)) !== text).map(([path]) => path);

if (import.meta.main) {
  const stale = staleFiles();
  if (!process.argv.includes('--check')) {
    const files = chartFiles();
    for (const path of stale) {
      mkdirSync(dirname(join(chart, path)), { recursive: true });
      writeFileSync(join(chart, path), files.get(path) ?? '');
    }
  } else if (stale.length > 0) {
    console.error(`error STALE_CHART: run \`npm run helm:generate\` and commit:\n  ${stale.join('\n  ')}`);
    process.exitCode = 1;
  }
}
