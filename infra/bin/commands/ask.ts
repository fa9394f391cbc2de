import type { Command } from 'commander';
import { PERSONA_DEFAULT } from '../../../schemas/contexts/personas/built-in.ts';
import type { Question } from '../ask/stream-answer.ts';
import { failure } from '../failure.ts';
import { wholeNumber } from '../parse.ts';

interface AskOptions {
  readonly persona?: string;
  readonly model?: string;
  readonly session?: string;
  readonly maxTokens?: number;
  readonly recall?: readonly string[];
  readonly recallCount?: number;
  readonly recallAsOf?: string;
  readonly json?: true;
}

/** Returns the prompt: the arguments as one text, or standard input for `-`. */
async function promptOf(words: readonly string[]): Promise<string> {
  if (words.length !== 1 || words[0] !== '-') return words.join(' ');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8').trim();
}

/** Adds a space to the ones that were named before. */
const oneMore = (space: string, before: readonly string[] = []): readonly string[] => [...before, space];

/** Returns what the turn recalls; nothing without --recall. Throws USAGE for a bound of a recall without one. */
function recallIn({ recall, recallCount: k, recallAsOf: as_of }: AskOptions): Question['recall'] {
  if (recall !== undefined)
    return { spaces: [...recall], ...(k !== undefined && { k }), ...(as_of !== undefined && { as_of }) };
  if (k !== undefined || as_of !== undefined) throw failure('USAGE', 'expected --recall <space> as well');
  return undefined;
}

async function run(words: readonly string[], options: AskOptions): Promise<void> {
  const { json, session, persona, model, maxTokens } = options;
  if (session !== undefined && (persona !== undefined || model !== undefined))
    throw failure('USAGE', 'a session keeps its persona and its model: leave out --persona and --model with --session');
  const { answerOf, startTurn } = await import('../ask/stream-answer.ts');
  const { styleOf } = await import('../show/style.ts');
  const prompt = await promptOf(words);
  if (prompt === '') throw failure('USAGE', 'the prompt is empty: khipu ask "What is a khipu?"');
  const recall = recallIn(options);
  const turn = await startTurn({ prompt, persona: persona ?? PERSONA_DEFAULT, model, session, maxTokens, recall });
  const write = (text: string): void => void (json === true || process.stdout.write(text));
  const { text, model_id, tokens } = await answerOf(turn, write, () => write('\n[the answer begins again]\n'));
  const { session_id, turn_id, decision } = turn;
  if (json === true)
    return console.log(JSON.stringify({ session_id, turn_id, text, model_id, tokens, decision }, null, 2));
  write('\n');
  const { dim } = styleOf(process.stderr);
  const used = tokens === null ? '' : `, ${tokens.prompt} + ${tokens.completion} tokens`;
  process.stderr.write(
    `${dim(`${model_id ?? 'model unknown'}${used}. How it came about: khipu sessions trace ${session_id}`)}\n`,
  );
}

/** Registers `khipu ask`, which streams the answer to standard output, and the rest to standard error. */
export function register(program: Command): void {
  program
    .command('ask')
    .description('ask a question in a new session, or in an existing one, and print the answer as it is written')
    .argument('<prompt...>', 'text of the question; - reads it from standard input')
    .option('--persona <name>', `persona that answers (default: ${PERSONA_DEFAULT})`)
    .option('--model <name>', 'model that answers (default: that of the tenant)')
    .option('--session <id>', 'session to continue')
    .option('--max-tokens <count>', 'maximum length of the answer, in tokens', wholeNumber)
    .option(
      '--recall <space>',
      'space of memories that the model is shown; may be repeated; session: that of the session',
      oneMore,
    )
    .option('--recall-count <k>', 'most memories (default: 4)', wholeNumber)
    .option('--recall-as-of <time>', 'only what was remembered by this time, RFC 3339')
    .option('--json', 'print one JSON document at the end')
    .action(run);
}
