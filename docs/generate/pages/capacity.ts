import { chartAutoscaling } from '../../../helm/autoscaling.ts';
import { checkCosts, costLine } from '../../../infra/capacity/check.ts';
import { assumed, loads } from '../../../infra/capacity/loads.ts';
import { logClients } from '../../../infra/capacity/measured.ts';
import { type CapacityWish, planCapacity } from '../../../infra/capacity/plan.ts';
import { simulateScaling, verdictOf } from '../../../infra/capacity/simulate.ts';

const RATES = [10, 100, 1_000, 10_000, 100_000, 1_000_000];
const PARTITIONS = 16;
/** Points of a drawn line. */
const POINTS = 24;

const defaults: Omit<CapacityWish, 'turnsPerSecond'> = {
  ...{ client: 'platformatic', utilisation: 0.6, replicationFactor: 3, coresPerBroker: 8 },
  ...{ retentionDays: 7, modelSeconds: 2, prices: null },
};
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function plans(): readonly string[] {
  return RATES.map((turnsPerSecond) => {
    const plan = planCapacity({ ...defaults, turnsPerSecond });
    const processes = plan.roles.map((role) => whole(role.processes)).join(' / ');
    return row(
      ...[whole(turnsPerSecond), whole(plan.cells), whole(plan.partitions), processes, whole(plan.brokers)],
      ...[whole(plan.perSecond.records), whole(plan.perSecond.diskBytes / 1e6), whole(plan.cells * plan.cores)],
    );
  });
}

function checks(): readonly string[] {
  return logClients.flatMap((client) =>
    checkCosts(client).map(({ turnsPerSecond, measuredMs, predictedMs, error }) =>
      row(client, whole(turnsPerSecond), whole(measuredMs), whole(predictedMs), `${(error * 100).toFixed(1)} %`),
    ),
  );
}

function scaling(): { readonly rows: readonly string[]; readonly picture: readonly string[] } {
  const { settings, pollingSeconds } = chartAutoscaling(PARTITIONS);
  const behind = (settings.averageValues[0] ?? 0) * PARTITIONS;
  const run = (load: (typeof loads)[keyof typeof loads], averageValues = settings.averageValues) =>
    simulateScaling({ ...assumed, load, pollingSeconds, settings: { ...settings, averageValues } });
  const rows = Object.entries(loads).map(([name, load]) => {
    const [both, lag] = [run(load), run(load, settings.averageValues.slice(0, 1))].map((points) =>
      verdictOf(points, behind),
    );
    return row(
      name,
      whole(both?.replicasMost ?? 0),
      whole(both?.behindSeconds ?? 0),
      whole(both?.turns ?? 0),
      whole(lag?.turns ?? 0),
    );
  });
  const points = run(loads['a day in two hours']);
  const picked = points.filter((_, at) => at % Math.floor(points.length / POINTS) === 0);
  return {
    rows,
    picture: [
      '```mermaid',
      'xychart-beta',
      '  title "A day in two hours: cores that the load needs, and processes that run"',
      `  x-axis "minutes" 0 --> ${assumed.seconds / 60}`,
      `  y-axis "processes" 0 --> ${PARTITIONS}`,
      `  line [${picked.map(({ load }) => (load / assumed.recordsPerProcess).toFixed(2)).join(', ')}]`,
      `  line [${picked.map(({ replicas }) => replicas).join(', ')}]`,
      '```',
    ],
  };
}

/** Returns the page on capacity: plans by rate, the check of the measured costs, and the autoscaling of the chart. */
export function capacityPage(): string {
  const { rows, picture } = scaling();
  const lines = logClients.map((client) => {
    const { idleMs, turnMs } = costLine(client);
    return `- ${client}: ${whole(idleMs)} ms a second without turns, and ${turnMs.toFixed(1)} ms a turn`;
  });
  return `# Capacity

<!-- Generated from infra/capacity and the chart by \`npm run docs:pages\`. Do not edit. -->

\`khipu capacity --turns-per-second N\` works out what a rate of governed turns needs, from the [measured costs](benchmarks.md#a-turn)
of a turn; \`--json\` prints the plan for a script, and \`--help\` lists its options: the client, the share of a core that
a process may use, replicas, cores of a broker, retention, prices.

## Plans by rate

With the defaults of the command: ${defaults.client}, processes at ${defaults.utilisation * 100} % of a core, ${defaults.replicationFactor} replicas, brokers of ${defaults.coresPerBroker} cores.

| Turns/s | Platforms | Partitions | Processes of each: gateway / core / model worker / projections | Brokers of each | Records/s of each | MB/s to disks, of each | Cores in all |
|---|---|---|---|---|---|---|---|
${plans().join('\n')}

A partition of a topology is read by one process, and a topic has at most 256 partitions: beyond, tenants are divided among several
platforms, each with a cluster of its own. One million turns a second is such a plan on paper. It was not run: the highest rate that
was sustained on two cores is [80 turns/s](benchmarks.md#a-turn).

What a plan assumes and no measurement here shows: brokers with followers (costs were measured with one broker; a follower is counted
at 35 % of its leader), and costs that stay the same beyond 20 turns/s on two cores. They fall, since batches grow: at 80 turns/s two
cores were enough where the plan has three. Servers of models are not in the plan.

## Costs against measurements

The processor time of all processes a second is a line: a part that is there without turns, and one for each turn. It is drawn through
the least and the highest rate that were measured; the rate between them checks it.

${lines.join('\n')}

| Client | Turns/s | Measured, ms a second | Line, ms a second | Error |
|---|---|---|---|---|
${checks().join('\n')}

## Autoscaling

The chart scales a role by two metrics, the one that wants more processes counts: its lag in records, and the processor time that its
pods use. A simulation runs the algorithm of the HorizontalPodAutoscaler with the settings of the chart against loads of two hours:
${PARTITIONS} partitions, ${assumed.recordsPerProcess} records/s a process, ${assumed.startSeconds} s until a new process reads, ${assumed.pauseSeconds} s without reading after each change.

| Load | Most processes | Seconds behind | Turns from more to fewer or back | The same by lag alone |
|---|---|---|---|---|
${rows.join('\n')}

By lag alone, processes are taken away as soon as they have caught up, and come back when they are missed: the last column shows it.
Only short bursts make the two metrics scale more often, since processor time rises before a lag does.

${picture.join('\n')}
`;
}
