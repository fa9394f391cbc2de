import type { Command } from 'commander';
import type { Unread } from '../log/unread.ts';
import { rowsText } from '../show/fields.ts';
import { jsonOption, print } from '../show/print.ts';

interface LagOptions {
  readonly all?: true;
  readonly json?: true;
}

/** Returns the rows to show: partitions with a lag, and one row for each reader without any. */
export function shownRows(unread: readonly Unread[], all: boolean): readonly Readonly<Record<string, unknown>>[] {
  const byReader = [...Map.groupBy(unread, ({ kind, reader }) => `${kind} ${reader}`).values()];
  return byReader.flatMap((found) => {
    const behind = all ? found : found.filter(({ lag }) => lag > 0);
    const [first] = found;
    if (behind.length > 0)
      return behind.map(({ kind, reader, topic, partition, offset, end, lag }) => ({
        ...{ kind, reader, topic, partition, position: offset, end, lag },
      }));
    return first === undefined ? [] : [{ kind: first.kind, reader: first.reader, lag: 0 }];
  });
}

async function lag({ all, json }: LagOptions): Promise<void> {
  const { readLag } = await import('../log/read-lag.ts');
  const { withLog } = await import('../roles/with-log.ts');
  const unread = await withLog(readLag);
  const columns = ['kind', 'reader', 'topic', 'partition', 'position', 'end', 'lag'];
  print(json, unread, () => [rowsText(shownRows(unread, all === true), columns)]);
}

/** Registers `khipu lag`. */
export function register(program: Command): void {
  program
    .command('lag')
    .description('show the records that each processor and view has not read yet, by partition')
    .option('--all', 'also list partitions without a lag')
    .option(...jsonOption)
    .action(lag);
}
