import type { Command } from 'commander';
import { allTopics } from '../../../schemas/topics.ts';

/** `khipu topics`: the catalogue beside what stands in the log. */
export function register(program: Command): void {
  program
    .command('topics')
    .description('list the topics of the catalogue with how many offsets each holds')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { withLog } = await import('../roles/with-log.ts');
      const marks = await withLog((log) => log.watermarks(allTopics.map(({ name }) => name)));
      const rows = allTopics.map((topic) => ({
        topic: topic.name,
        kind: topic.kind,
        partitions: topic.partitions,
        offsets: marks.filter((mark) => mark.topic === topic.name).reduce((sum, { low, high }) => sum + high - low, 0),
        records: Object.keys(topic.records),
      }));
      if (options.json === true) return console.log(JSON.stringify(rows, null, 2));
      for (const { topic, partitions, offsets, records } of rows)
        console.log(
          `${topic.padEnd(22)} ${String(partitions).padStart(2)} partitions ${String(offsets).padStart(9)} offsets  ${records.join(', ')}`,
        );
    });
}
