import { loadConfig } from '../../config.ts';
import { type GrowthReport, growPartitions, planGrowth } from '../../growth/grow.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { type Retry, retried } from '../../kit/retry.ts';
import { withLocalParts } from '../roles/with-local-parts.ts';
import { withGrowth } from './dependencies.ts';

/** The options of `khipu topics grow`. */
export interface GrowOptions {
  readonly to: number;
  readonly plan?: true;
  readonly json?: true;
}

/** A growth continues where it was. An election of leaders, or a coordinator that loads its groups, takes seconds. */
const RETRY = {
  ...{ attemptsMax: 5, pauseMs: 3_000 },
  passes: (error: unknown) => ['LOG_UNAVAILABLE', 'TRANSACTION_FAILED'].includes(codeOf(error)),
} satisfies Retry;

/** Grows the platform, or shows what that would do. Progress goes to standard error. */
export async function growCommand({ to, plan, json }: GrowOptions): Promise<void> {
  const work = plan === true ? planGrowth : growPartitions;
  const note = (line: string): void => console.error(line);
  const onFailed = (error: unknown): void =>
    note(`the log failed (${messageOf(error)}); continues in ${RETRY.pauseMs / 1_000} s`);
  const report = await withLocalParts(process.env, (env) =>
    // KHIPU_PARTITIONS may name either number here: the log says how many there are, `--to` how many there will be.
    withGrowth(loadConfig(env), note, (dependencies) => retried(() => work(to, dependencies), { ...RETRY, onFailed })),
  );
  console.log(json === true ? JSON.stringify(report, null, 2) : linesOf(report, plan === true).join('\n'));
}

function linesOf({ from, to, topics, groups }: GrowthReport, plan: boolean): readonly string[] {
  const filled = topics.filter(({ offsets }) => offsets > 0);
  const offsets = filled.reduce((sum, topic) => sum + topic.offsets, 0);
  return [
    ...filled.map(({ topic, offsets: count }) => `${topic.padEnd(28)} ${String(count).padStart(10)} offsets`),
    `${topics.length} topics ${plan ? 'would go' : 'went'} from ${from} to ${to} partitions; ${filled.length} of them hold ${offsets} offsets.`,
    `${groups.length} consumer groups ${plan ? 'would be' : 'were'} set to the ends.`,
    ...(plan ? ['Nothing was changed.'] : [`Set KHIPU_PARTITIONS=${to} where it is set, then start the platform.`]),
  ];
}
