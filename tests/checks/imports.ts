/**
 * `npm run imports`: fails on an import in the wrong direction, and when it saw too few modules to prove that there is
 * none.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Minimum of modules per layer: a check that reads nothing finds nothing. */
export const modulesMin = { schemas: 5, streams: 5, projections: 3, gateways: 3, infra: 10 } as const;
type Minima = Readonly<Record<keyof typeof modulesMin, number>>;

export interface ImportReport {
  readonly modules: number;
  /** One sentence per problem; empty when there is none. */
  readonly problems: readonly string[];
}

/** Reads every module under `root` and applies the rules of `.dependency-cruiser.cjs`. */
export async function checkImports(root: string, minima: Minima = modulesMin): Promise<ImportReport> {
  const options = await extractDepcruiseOptions(join(project, '.dependency-cruiser.cjs'));
  const folders = [...Object.keys(minima), 'tests'].filter((folder) => existsSync(join(root, folder)));
  const output =
    folders.length === 0 ? undefined : (await cruise(folders, { ...options, baseDir: root, validate: true })).output;
  const result = output as ICruiseResult | undefined;
  const sources = (result?.modules ?? [])
    .map(({ source }) => source)
    .filter((path) => folders.includes(path.split('/')[0] ?? ''));
  const seen = (layer: string): number => sources.filter((path) => path.startsWith(`${layer}/`)).length;

  const unseen = Object.entries(minima)
    .filter(([layer, least]) => seen(layer) < least)
    .map(([layer, least]) => `${layer}/: saw ${seen(layer)} modules, expected ${least} or more`);
  const violations = (result?.summary.violations ?? []).map(
    ({ rule, from, to, cycle }) =>
      `${rule.name}: ${from} → ${cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ')}`,
  );
  return { modules: sources.length, problems: [...unseen, ...violations] };
}

if (import.meta.main) {
  const { modules, problems } = await checkImports(project);
  for (const problem of problems) console.error(`error IMPORT_RULE: ${problem}`);
  console.log(`${modules} modules, ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}
