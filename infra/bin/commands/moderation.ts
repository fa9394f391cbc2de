import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { ModerationPlace } from '../../../schemas/contexts/moderation/vocabulary.ts';
import type { Finding } from '../../../schemas/generated/records.ts';
import { jsonOption, print } from '../show/print.ts';

interface Options {
  readonly constitution?: string;
  readonly place?: ModerationPlace;
  readonly json?: true;
}

/** What one place finds in a text. */
interface Checked {
  readonly place: ModerationPlace;
  readonly findings: readonly Finding[];
}

const lineOf = ({ outcome, category, rule, score }: Finding): string =>
  `  ${outcome.padEnd(8)} ${category}  by ${rule}, score ${score}`;

/** Returns the lines for a person. */
const linesOf = (checked: readonly Checked[]): readonly string[] =>
  checked.flatMap(({ place, findings }) => [
    `${place}: ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}`,
    ...findings.map(lineOf),
  ]);

async function check(given: string, { constitution, place, json }: Options): Promise<void> {
  const { checkText } = await import('../moderation/check.ts');
  const { moderationPlaces } = await import('../../../schemas/contexts/moderation/vocabulary.ts');
  const text = existsSync(given) ? readFileSync(given, 'utf8') : given;
  const places = place === undefined ? moderationPlaces : [place];
  const { version, results } = checkText(text, places, constitution);
  print(json, { constitution: version, results }, () => [`constitution ${version}`, ...linesOf(results)]);
  if (results.some(({ findings }) => findings.some(({ outcome }) => outcome === 'forbid'))) process.exitCode = 1;
}

/** Registers `khipu moderation check`, which needs no platform: detectors are pure. */
export function register(program: Command): void {
  program
    .command('moderation')
    .description('what the rules of a constitution find in texts')
    .command('check')
    .description(
      'check a text, or the text of a file, by the rules of inputs, tool outputs and answers; exit code 1 when one forbids it',
    )
    .argument('<text>', 'the text, or the path of a file with it')
    .option('--constitution <file>', 'unsigned constitution, JSON; default: the one that a platform starts with')
    .option('--place <place>', 'input, tool or output; default: all of them')
    .option(...jsonOption)
    .action(check);
}
