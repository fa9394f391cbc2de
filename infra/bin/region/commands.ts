import { type Config, loadConfig } from '../../config.ts';
import { readLayout } from '../../kafka/layout.ts';
import { RegionError, readRegion } from '../../kafka/region.ts';
import { fenceAll, withTransactor } from '../../kafka/with-transactor.ts';
import { closeRegion, promoteRegion, REGION_ID, type RegionReport, verifyRegion } from '../../regions/promote.ts';
import { transactionalIdOf } from '../../runner/names.ts';
import { print } from '../show/print.ts';
import { withRegion } from './dependencies.ts';
import { reportLines } from './lines.ts';
import { patient } from './patient.ts';

interface Printed {
  readonly json?: true;
}

export interface CheckOptions extends Printed {
  readonly lag: number;
}

export interface PromoteCommand extends CheckOptions {
  readonly fenced?: true;
}

const note = (line: string): void => console.error(line);

function regionOf({ region }: Config): string {
  if (region === null)
    throw new RegionError('REGION_UNSET', 'KHIPU_REGION is not set: name the region whose log KAFKA_BROKERS is');
  return region;
}

/** Prints to which region the log of this environment belongs. */
export async function statusCommand({ json }: Printed): Promise<void> {
  const config = loadConfig();
  const region = await withRegion(config, note, ({ log }) => readRegion(log));
  const { active = null, term = 0, promoting = null, cuts = [] } = region ?? {};
  const status = { this: config.region, active, term, promoting, cuts };
  print(json, status, () => [
    `this region     ${config.region ?? 'none (KHIPU_REGION is not set)'}`,
    `log belongs to  ${active ?? 'no region'}, term ${term}${promoting === null ? '' : `; ${promoting} takes it over`}`,
    `cut off         ${cuts.length} partitions`,
    ...cuts.map(({ topic, partition, from, to }) => `  ${topic}/${partition}: offsets ${from} to ${to - 1}`),
  ]);
}

/** Prints what a promotion would drop and run again. Exits with 1 when the mirror is torn. */
export async function verifyCommand({ lag, json }: CheckOptions): Promise<void> {
  const report = await withRegion(loadConfig(), note, (dependencies) =>
    verifyRegion(dependencies, { lagMsMax: lag * 1_000 }),
  );
  show(json, report);
  if (report.dropped.length > 0) process.exitCode = 1;
}

/** Gives the log of this environment to the region of this environment. */
export async function promoteCommand({ lag, fenced, json }: PromoteCommand): Promise<void> {
  const config = loadConfig();
  const to = regionOf(config);
  const report = await withRegion(config, note, (dependencies) =>
    patient(() => promoteRegion(dependencies, { to, fenced: fenced === true, lagMsMax: lag * 1_000 })),
  );
  show(json, report);
}

/** Takes the log of this environment from its region, and ends all of its tasks. */
export async function fenceCommand({ json }: Printed): Promise<void> {
  const { active, term, fenced } = await withRegion(loadConfig(), note, async ({ log, readers }) => {
    const layout = await readLayout(log);
    const closed = await withTransactor(log, REGION_ID, (transactor) => closeRegion(log, transactor));
    const ids = readers(layout ?? { topologies: 'chained' }).flatMap(({ name }) =>
      Array.from({ length: layout?.partitions ?? 0 }, (_, partition) => transactionalIdOf(name, partition)),
    );
    // Announced first: a task that is fenced reads the new epoch before it begins again.
    await fenceAll(log, ids);
    return { ...closed, fenced: ids.length };
  });
  print(json, { active, term, fenced }, () => [
    `The log belongs to no region, in term ${term}; ${fenced} tasks are fenced.`,
  ]);
}

const show = (json: true | undefined, report: RegionReport): void => print(json, report, () => reportLines(report));
