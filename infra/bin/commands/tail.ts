import { type Command, InvalidArgumentError } from 'commander';
import { timeOf } from '../moment.ts';
import { wholeNumber } from '../parse.ts';

/** Where a reading begins: at an end of the topic, or at a time, ms since 1970. */
type Begin = 'beginning' | 'end' | number;

interface TailCommand {
  readonly key?: string;
  readonly tenant?: string;
  readonly type?: string;
  readonly from: Begin;
  readonly limit?: number;
  readonly follow: boolean;
  readonly json?: true;
}

/** Parses the beginning of a reading. */
export function beginOf(text: string, nowMs = Date.now()): Begin {
  if (text === 'beginning' || text === 'end') return text;
  const ms = timeOf(text, nowMs);
  if (ms === null) throw new InvalidArgumentError('expected beginning, end, an ISO 8601 time, or an age such as 10m');
  return ms;
}

async function run(topic: string, { from, limit, follow, json, ...filter }: TailCommand): Promise<void> {
  const { expectTopic } = await import('../tail/known-topic.ts');
  expectTopic(topic);
  const { withRecords } = await import('../roles/with-log.ts');
  const { tailTopic } = await import('../tail/tail-topic.ts');
  const { recordText } = await import('../tail/print-record.ts');
  const { styleOf } = await import('../show/style.ts');
  const style = styleOf(process.stdout);
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const options = { topic, from, ...filter, follow, limit, signal: stopped.signal };
  await withRecords((kafka) =>
    tailTopic(kafka, options, (record) =>
      process.stdout.write(`${json === true ? JSON.stringify(record) : recordText(record, style)}\n`),
    ),
  );
}

/** Registers `khipu tail`, which ends with SIGINT, at the limit, or at the end of the topic with `--no-follow`. */
export function register(program: Command): void {
  program
    .command('tail')
    .description('print the records of a topic, decoded, as they arrive')
    .argument('<topic>', 'such as conversation.events; a dead-letter topic ends with .dlq')
    .option('--key <key>', 'only records with this key, such as a session id')
    .option('--tenant <id>', 'only records of this tenant')
    .option('--type <name>', 'only records of this type, such as TurnCompleted')
    .option('--from <begin>', 'beginning, end, an ISO 8601 time, or an age (10m)', (text) => beginOf(text), 'end')
    .option('--limit <count>', 'end after this many records', wholeNumber)
    .option('--no-follow', 'end at the end that the topic has now')
    .option('--json', 'print one JSON document per line')
    .action(run);
}
