import { allTopics } from '../../../schemas/topics.ts';
import { readLag } from '../log/read-lag.ts';
import { topicActivity } from '../log/topic-activity.ts';
import { ageText, type TopicRow, topicRows } from '../log/topic-rows.ts';
import { withLog } from '../roles/with-log.ts';
import { cell } from '../show/fields.ts';
import { print } from '../show/print.ts';
import { table } from '../show/style.ts';

/** The options of `khipu topics`. */
export interface ListOptions {
  /** How long to watch for new records, in seconds. */
  readonly watch: number;
  readonly json?: true;
}

const rowOf = ({ topic, kind, partitions, offsets, records_per_second: rate, ...rest }: TopicRow): string[] => [
  ...[topic, kind, String(partitions), String(offsets), String(rate)],
  ...[ageText(rest.age_seconds), cell(rest.lag), cell(rest.slowest)],
];

const head = ['topic', 'kind', 'partitions', 'offsets', 'records/s', 'last', 'lag', 'slowest reader'];

/** Prints every topic of the catalogue with its rate, the age of its last record, and its largest lag. */
export async function listTopics({ watch, json }: ListOptions): Promise<void> {
  const names = allTopics.map(({ name }) => name);
  const rows = await withLog(async (log, config) => {
    const activity = await topicActivity(log, names, watch * 1_000);
    return topicRows(activity, await readLag(log, config), Date.now());
  });
  print(json, rows, () => [table([head, ...rows.map(rowOf)], '')]);
}
