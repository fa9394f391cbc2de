import type { CapacityPlan } from '../../capacity/plan.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const short = (value: number): string => (value >= 100 ? whole(value) : value.toFixed(1));

/** Returns a plan as lines for people. */
export function linesOf(plan: CapacityPlan): readonly string[] {
  const { cells, partitions, roles, brokers, perSecond, callsAtOnce, diskGb, cores, costMonth, notes } = plan;
  const row = (name: string, value: string): string => `  ${name.padEnd(22)} ${value}`;
  return [
    cells === 1
      ? `one platform of ${whole(plan.turnsPerSecondOfCell)} turns/s`
      : `${whole(cells)} platforms of ${whole(plan.turnsPerSecondOfCell)} turns/s each; for each:`,
    row('partitions of a topic', whole(partitions)),
    ...roles.map(({ role, processes, cores: used }) =>
      row(role, `${whole(processes)} processes, ${short(used)} cores used`),
    ),
    row('brokers', whole(brokers)),
    row('records/s', whole(perSecond.records)),
    row('transactions/s', whole(perSecond.transactions)),
    row('requests/s to brokers', whole(perSecond.brokerRequests)),
    row('written to disks', `${short(perSecond.diskBytes / 1e6)} MB/s, ${whole(diskGb)} GB kept`),
    row('calls of models', `${whole(callsAtOnce)} at once`),
    row('cores', whole(cores)),
    ...(costMonth === null ? [] : [row('a month, all platforms', whole(costMonth))]),
    ...notes.map((note) => `  - ${note}`),
  ];
}
