import { table } from '../show/style.ts';
import { aside, type TextOptions } from './decisions.ts';
import type { JudgedPrompt } from './report.ts';

const rowsOf = (prompt: string, { events }: JudgedPrompt): readonly (readonly string[])[] =>
  events.map(({ event, topic, partition, offset }, at) => [
    at === 0 ? prompt : '',
    ...[event, topic, String(partition), String(offset)],
  ]);

/** Returns the chain of records of both prompts, with their positions in the log. */
export function recordsText(allowed: JudgedPrompt, refused: JudgedPrompt, options: TextOptions): string {
  const head = ['prompt', 'record', 'topic', 'partition', 'offset'];
  return [
    options.style.title('2  The records in the log'),
    '',
    table([head, ...rowsOf('allowed', allowed), ...rowsOf('denied', refused)]),
    '',
    aside(
      `One command caused each chain: ${allowed.command_id} and ${refused.command_id}. For the denied prompt, no model ran and nothing was charged.`,
      options,
    ),
  ].join('\n');
}
