import { type Command, InvalidArgumentError } from 'commander';
import type { DeadLetter } from '../../kafka/dead-letters.ts';
import { messageOf } from '../../kafka/errors.ts';

interface Selection {
  readonly topic?: string;
  readonly code?: string;
  readonly key?: string;
  readonly json?: boolean;
}

const place = (text: string): { topic: string; partition: number; offset: number } => {
  const match = /^(.+)\.dlq\/(\d+)\/(\d+)$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError('expected <topic>.dlq/<partition>/<offset>, as `khipu dlq list` prints it');
  return { topic: match[1] ?? '', partition: Number(match[2]), offset: Number(match[3]) };
};

const nameOf = (letter: DeadLetter): string => `${letter.topic}/${letter.partition}/${letter.offset}`;

const summary = (letter: DeadLetter) => ({
  name: nameOf(letter),
  code: letter.code,
  message: letter.message,
  processor: letter.processor,
  key: letter.key,
  from: letter.from,
  attempt: letter.attempt,
  at: new Date(letter.atMs).toISOString(),
});

const select = (command: Command): Command =>
  command
    .option('--topic <topic>', 'only letters of this topic, such as sessions.commands')
    .option('--code <code>', 'only letters with this code, such as BYTES_NOT_AVRO')
    .option('--key <key>', 'only letters of this key')
    .option('--json', 'print JSON');

/** `khipu dlq`: look at what could not be processed, and send it again once the cause is mended. */
export function register(program: Command): void {
  const dlq = program.command('dlq').description('dead letters: records that could not be decoded or decided');

  select(dlq.command('list'))
    .description('list dead letters, oldest first')
    .action(async (selection: Selection) => {
      const { listDeadLetters } = await import('../../kafka/dead-letters.ts');
      const { withLog } = await import('../roles/with-log.ts');
      const letters = await withLog((log) => listDeadLetters(log, selection));
      if (selection.json === true) return console.log(JSON.stringify(letters.map(summary), null, 2));
      if (letters.length === 0) return console.log('no dead letters');
      for (const letter of letters)
        console.log(
          `${nameOf(letter)}  ${letter.code}  ${letter.processor}  key ${letter.key ?? '-'}  ${letter.message}`,
        );
    });

  dlq
    .command('show')
    .description('show one dead letter whole: why, from where, headers, value')
    .argument('<name>', '<topic>.dlq/<partition>/<offset>', place)
    .action(async (wanted: ReturnType<typeof place>) => {
      const { listDeadLetters } = await import('../../kafka/dead-letters.ts');
      const { withLog } = await import('../roles/with-log.ts');
      const letters = await withLog((log) => listDeadLetters(log, { topic: wanted.topic }));
      const letter = letters.find(
        ({ partition, offset }) => partition === wanted.partition && offset === wanted.offset,
      );
      if (letter === undefined) throw Object.assign(new Error('no such dead letter'), { code: 'DEAD_LETTER_UNKNOWN' });
      const { stack, headers, value } = letter;
      console.log(
        JSON.stringify(
          { ...summary(letter), stack, headers, value_base64: value?.toString('base64') ?? null },
          null,
          2,
        ),
      );
    });

  select(dlq.command('redrive'))
    .description('append the selected letters to their topics again, in the order in which they died; the letters stay')
    .option('--dry-run', 'say what would be done')
    .action(async (selection: Selection & { dryRun?: boolean }) => {
      const { listDeadLetters, redriven } = await import('../../kafka/dead-letters.ts');
      const { withLog } = await import('../roles/with-log.ts');
      const names = await withLog(async (log) => {
        const letters = (await listDeadLetters(log, selection)).filter(({ from }) => from.topic !== '');
        if (selection.dryRun === true || letters.length === 0) return letters.map(nameOf);
        const appender = await log.appender({ lingerMs: 0 });
        try {
          await appender.append(letters.map(redriven));
        } catch (error) {
          throw Object.assign(new Error(`nothing was redriven: ${messageOf(error)}`), { code: 'REDRIVE_FAILED' });
        } finally {
          await appender.close();
        }
        return letters.map(nameOf);
      });
      const verb = selection.dryRun === true ? 'would redrive' : 'redrove';
      if (selection.json === true) console.log(JSON.stringify({ [verb.replace(' ', '_')]: names }));
      else console.log(`${verb} ${names.length} dead letters${names.map((name) => `\n  ${name}`).join('')}`);
    });
}
