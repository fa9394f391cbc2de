import { type Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../kit/errors.ts';
import { type DeadLetter, letterName } from '../../runner/dead-letters/letter.ts';
import type { DeadLetterFilter } from '../../runner/dead-letters/select.ts';
import type { Verb } from '../../runner/dead-letters/settle.ts';
import { wholeNumber as count, moment } from '../parse.ts';

interface Selection extends DeadLetterFilter {
  readonly since?: number;
  readonly until?: number;
  readonly json?: boolean;
}

const position = (text: string): { topic: string; partition: number; offset: number } => {
  const match = /^(.+)\.dlq\/(\d+)\/(\d+)$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('expected <topic>.dlq/<partition>/<offset>, as `khipu dlq list` prints it');
  return { topic: match[1] ?? '', partition: Number(match[2]), offset: Number(match[3]) };
};

const summary = (letter: DeadLetter) => ({
  name: letterName(letter),
  code: letter.code,
  message: letter.message,
  processor: letter.processor,
  key: letter.key,
  from: letter.from,
  attempt: letter.attempt,
  at: new Date(letter.atMs).toISOString(),
  parked: letter.sequence,
  note: letter.note === null ? null : { ...letter.note, atMs: undefined, at: new Date(letter.note.atMs).toISOString() },
});

const line = (letter: DeadLetter): string =>
  [
    letterName(letter),
    letter.code,
    letter.processor,
    `key ${letter.key ?? '-'}`,
    ...(letter.sequence === null ? [] : [`parked ${letter.sequence}`]),
    ...(letter.note === null || letter.note.outcome === 'failed'
      ? []
      : [`${letter.note.outcome} by ${letter.note.by}`]),
    letter.message,
  ].join('  ');

const select = (command: Command): Command =>
  command
    .option('--topic <topic>', 'only letters of this topic, such as sessions.commands')
    .option('--code <code>', 'only letters with this code, such as BYTES_NOT_AVRO')
    .option('--key <key>', 'only letters of this key')
    .option('--processor <name>', 'only letters that this reader wrote, such as policy')
    .option('--since <time>', 'only letters written at this time or later: ISO 8601, or an age (2h)', moment)
    .option('--until <time>', 'only letters written before this time: ISO 8601, or an age (2h)', moment)
    .option('--limit <count>', 'maximum number of letters, the oldest of each partition first', count)
    .option('--json', 'print JSON');

const filterOf = ({ since, until, ...selection }: Selection): DeadLetterFilter => ({
  ...selection,
  sinceMs: since,
  untilMs: until,
});

/** Registers `khipu dlq`: shows records that could not be processed, redrives them after a fix, or drops them. */
export function register(program: Command): void {
  const dlq = program.command('dlq').description('manage dead letters: records that could not be decoded or decided');

  select(dlq.command('list'))
    .description('list dead letters, oldest first')
    .option('--all', 'include redriven and dropped letters')
    .action(async (selection: Selection) => {
      const { listDeadLetters } = await import('../../runner/dead-letters/select.ts');
      const { withLog } = await import('../roles/with-log.ts');
      const letters = await withLog((log) => listDeadLetters(log, filterOf(selection)));
      if (selection.json === true) return console.log(JSON.stringify(letters.map(summary), null, 2));
      if (letters.length === 0) return console.log('no dead letters');
      for (const letter of letters) console.log(line(letter));
    });

  dlq
    .command('show')
    .description('show one dead letter in full: error, origin, headers, value, outcome')
    .argument('<name>', '<topic>.dlq/<partition>/<offset>', position)
    .option('--json', 'accepted for consistency; the output is always JSON')
    .action(async (wanted: ReturnType<typeof position>) => {
      const { listDeadLetters } = await import('../../runner/dead-letters/select.ts');
      const { withLog } = await import('../roles/with-log.ts');
      const letters = await withLog((log) => listDeadLetters(log, { topic: wanted.topic, all: true }));
      const letter = letters.find(
        ({ partition, offset }) => partition === wanted.partition && offset === wanted.offset,
      );
      if (letter === undefined) throw Object.assign(new Error('no such dead letter'), { code: 'DEAD_LETTER_UNKNOWN' });
      const { stack, headers, value } = letter;
      const whole = { ...summary(letter), stack, headers, value_base64: value?.toString('base64') ?? null };
      console.log(JSON.stringify(whole, null, 2));
    });

  registerVerb(
    dlq,
    'redrive',
    'append the selected letters to their topics again, once each, in the order in which they failed',
  );
  registerVerb(dlq, 'drop', 'settle the selected letters without sending them again');
}

const words = {
  redrive: { would: 'would redrive', did: 'redrove', json: 'redriven', code: 'REDRIVE_FAILED' },
  drop: { would: 'would drop', did: 'dropped', json: 'dropped', code: 'DROP_FAILED' },
} as const;

function registerVerb(dlq: Command, verb: Verb, description: string): void {
  select(dlq.command(verb))
    .description(description)
    .option('--dry-run', 'print the selected letters and change nothing')
    .option('--wait <seconds>', 'how long to wait for the readers of parked keys', count, 30)
    .action(async (selection: Selection & { dryRun?: boolean; wait: number }) => {
      const { settle, toSettle } = await import('../../runner/dead-letters/settle.ts');
      const { withLog } = await import('../roles/with-log.ts');
      const { userInfo, hostname } = await import('node:os');
      const { would, did, json, code } = words[verb];
      const { dryRun, wait, ...rest } = selection;
      const filter = filterOf(rest);
      const names = (letters: readonly DeadLetter[]): string =>
        letters.map((each) => `\n  ${letterName(each)}`).join('');
      if (dryRun === true) {
        const letters = await withLog((log) => toSettle(log, verb, filter));
        if (selection.json === true) return console.log(JSON.stringify({ [`would_${verb}`]: letters.map(letterName) }));
        return console.log(`${would} ${letters.length} dead letters${names(letters)}`);
      }
      const by = `${userInfo().username}@${hostname()}`;
      const { done, parked } = await withLog((log) => settle({ log, verb, filter, by, waitMs: wait * 1_000 })).catch(
        (cause: unknown) => {
          const detail = messageOf(cause);
          throw Object.assign(new Error(`${detail}; run the command again: a settled letter is not settled twice`), {
            code,
          });
        },
      );
      if (selection.json === true)
        return console.log(
          JSON.stringify({ [json]: done.map(letterName), still_parked: parked.map(summary) }, null, 2),
        );
      console.log(`${did} ${done.length} dead letters${names(done)}`);
      if (parked.length > 0) console.log(`${parked.length} are still parked:\n${parked.map(line).join('\n')}`);
    });
}
