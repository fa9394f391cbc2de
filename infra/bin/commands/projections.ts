import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import type { ViewStatus } from '../../projections/list.ts';
import type { TableComparison } from '../../projections/rebuild/compare.ts';
import type { RebuildReport } from '../../projections/rebuild/rebuild.ts';
import { jsonOption as json, print } from '../show/print.ts';

interface Output {
  readonly json?: boolean;
}

/** Registers `khipu projections list|migrate|rebuild|compare`, which exits with 1 when a comparison finds a difference. */
export function register(program: Command): void {
  const projections = program.command('projections').description('list, migrate, rebuild and compare read models');

  projections
    .command('list')
    .description('list each view with version, generation, lag and rows')
    .option(...json)
    .action(async ({ json }: Output) => {
      const { list } = await import('../roles/projections.ts');
      const views = await list(loadConfig());
      print(json, views, () => views.map(statusLine));
    });

  projections
    .command('migrate')
    .description('create or migrate the tables of every view; the projection role does the same at start')
    .option(...json)
    .action(async ({ json }: Output) => {
      const { migrate } = await import('../roles/projections.ts');
      const migrationsRun = await migrate(loadConfig());
      print(json, { migrations_run: migrationsRun }, () => [`${migrationsRun} migrations ran`]);
    });

  projections
    .command('rebuild')
    .description('rebuild a view from the log beside the live one, then swap; readers are not interrupted')
    .argument('<view>', 'a view, or all for every view in Postgres')
    .option('--compare', 'swap only when the result equals the live tables, row for row')
    .option(...json)
    .action(async (view: string, { compare, json }: Output & { compare?: boolean }) => {
      const { dropCache } = await import('../roles/projections.ts');
      const keys = await dropCache(loadConfig(), view);
      if (keys !== undefined)
        return print(json, { view, keys_dropped: keys }, () => [
          `${view}: ${keys} keys dropped; they are rebuilt from the log`,
        ]);
      await rebuildAll(view, compare === true ? 'swap-if-equal' : 'swap', json);
    });

  projections
    .command('compare')
    .description('rebuild a view from the log and compare; changes nothing')
    .argument('<view>', 'a view, or all for every view in Postgres')
    .option(...json)
    .action((view: string, { json }: Output) => rebuildAll(view, 'compare', json));
}

async function rebuildAll(
  view: string,
  goal: 'swap' | 'swap-if-equal' | 'compare',
  json: boolean | undefined,
): Promise<void> {
  const { rebuild } = await import('../roles/projections.ts');
  const { allProjections } = await import('../../../projections/all.ts');
  const names = view === 'all' ? allProjections.map(({ name }) => name) : [view];
  const reports: RebuildReport[] = [];
  for (const name of names) reports.push(await rebuild(loadConfig(), name, goal));
  print(json, reports, () => reports.flatMap(reportLines));
  const differ = reports.some(({ comparison }) => comparison?.some(({ differences }) => differences > 0) ?? false);
  if (differ) process.exitCode = 1;
}

const statusLine = ({ view, store, version, generation, rebuildNeeded, lag, rows }: ViewStatus): string =>
  [
    view.padEnd(13),
    store.padEnd(9),
    `version ${version}`,
    `generation ${generation ?? '-'}`.padEnd(13),
    `lag ${lag}`.padEnd(8),
    `rows ${rows ?? '-'}`,
    rebuildNeeded ? 'REBUILD NEEDED' : '',
  ]
    .join('  ')
    .trimEnd();

const reportLines = (report: RebuildReport): string[] => [
  `${report.view}: generation ${report.from} → ${report.to} ${report.swapped ? 'is live' : 'was not made live'}; ` +
    `${report.records} records in ${report.seconds.toFixed(1)} s` +
    (report.carriedOver > 0 ? `, ${report.carriedOver} rows carried over` : '') +
    (report.refused > 0 ? `, ${report.refused} records refused` : ''),
  ...(report.comparison ?? []).flatMap(comparisonLines),
];

const comparisonLines = (table: TableComparison): string[] => [
  `  ${table.table}: ${table.rowsBefore} rows before, ${table.rowsAfter} after, ${table.differences} differ; ` +
    `digest ${table.digestBefore} ${table.digestBefore === table.digestAfter ? '=' : '≠'} ${table.digestAfter}`,
  ...table.examples.map(
    ({ key, before, after }) =>
      `    ${JSON.stringify(key)}\n      before ${JSON.stringify(before)}\n      after  ${JSON.stringify(after)}`,
  ),
];
