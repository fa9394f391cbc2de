import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { projectRoot } from '../files.ts';

interface CommandModule {
  readonly register: (program: Command) => void;
}

const scripts: readonly (readonly [string, string])[] = [
  ['npm start', 'fetches and starts everything, runs one real turn, shows the board: `khipu up`'],
  ['npm stop', 'stops it in order: `khipu down`'],
  ['npm run reset', 'drops its data: `khipu reset`'],
  ['npm run demo', 'the tour: a turn, what the log recorded, a refusal: `khipu demo`'],
  ['npm test', 'every check and every test, on real parts started for it'],
  ['npm run test:all -- --only typecheck,lint', 'some of its steps; `--help` lists them'],
  ['npm run test:unit', 'unit tests alone, no parts'],
  ['npm run imports', 'imports run one way'],
  ['npm run purity', 'no clock or randomness in processors'],
  ['npm run hygiene', 'nothing unfinished or secret'],
  ['npm run secrets', 'no credentials in any file, by the rules of secretlint'],
  ['npm run generate', 'everything derived from `schemas/avro` and the topic catalogue'],
  ['npm run compatibility', 'contracts fit what was released'],
  ['npm run docs:pages', 'reference pages derived from code'],
  ['npm run docs:build', 'this documentation, strictly'],
  ['npm run bench:turn', '[the latency of a turn](benchmarks.md#a-turn)'],
  ['npm run bench:policy', '[one decision](benchmarks.md#a-decision), beside OPA and Cedar as it comes'],
  ['npm run replay:decisions', '100,000 decisions made again, [byte for byte](reliability.md#decisions-made-again)'],
  ['npm run khipu -- …', 'the `khipu` command'],
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sectionOf(command: Command, path: string, depth: number): string[] {
  const full = `${path} ${command.name()}`;
  const args = command.registeredArguments.map((argument) => ({
    term: argument.required ? `<${argument.name()}${argument.variadic ? '...' : ''}>` : `[${argument.name()}]`,
    text: argument.description,
  }));
  const options = command.options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, description }) => ({ term: flags, text: description }));
  const rows = [...args, ...options].map(({ term, text }) => `| \`${term.replaceAll('|', '\\|')}\` | ${cell(text)} |`);
  return [
    '',
    `${'#'.repeat(depth)} ${full}`,
    '',
    `${sentence(command.description())}.`,
    ...(rows.length > 0 ? ['', '| | |', '|---|---|', ...rows] : []),
    ...command.commands.flatMap((sub) => sectionOf(sub, full, depth + 1)),
  ];
}

/** docs/reference/commands.md, from the commands themselves. */
export async function commandsPage(): Promise<string> {
  const folder = join(projectRoot, 'infra', 'bin', 'commands');
  const program = new Command('khipu');
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as Partial<CommandModule>;
    module.register?.(program);
  }
  const sorted = [...program.commands].sort((a, b) => a.name().localeCompare(b.name()));
  return `${[
    '# Commands',
    '',
    '<!-- Generated from infra/bin/commands by `npm run docs:pages`. Do not edit. -->',
    '',
    '## npm',
    '',
    '| Command | Does |',
    '|---|---|',
    ...scripts.map(([name, does]) => `| \`${name}\` | ${does} |`),
    '',
    '## khipu',
    '',
    '`npm run khipu -- <command>`. An error ends with exit code 1 and `error CODE: message` on standard error.',
    ...sorted.flatMap((command) => sectionOf(command, 'khipu', 3)),
  ].join('\n')}\n`;
}
