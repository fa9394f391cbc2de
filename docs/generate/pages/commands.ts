import { Command } from 'commander';
import { registerAll } from '../../../infra/bin/command-list.ts';

const scripts: readonly (readonly [string, string])[] = [
  ['npm start', 'downloads and starts everything, shows a first turn and the board: `khipu up`'],
  ['npm stop', 'stops the platform in order: `khipu down`'],
  ['npm run reset', 'deletes its data: `khipu reset`'],
  ['npm run demo', 'a tour: an allowed and a denied prompt, their records, the answer: `khipu demo`'],
  ['npm test', 'every check and every test, on real parts that it starts'],
  ['npm test -- --only typecheck,lint', 'some of the steps; `--help` lists them'],
  ['npm run test:unit', 'only unit tests, without parts'],
  ['npm run imports', 'checks the direction of imports'],
  ['npm run purity', 'checks that processors use no clock and no randomness'],
  ['npm run hygiene', 'checks for unfinished code and secrets'],
  ['npm run secrets', 'checks every file for credentials, by the rules of secretlint'],
  ['npm run generate', 'generates all files derived from `schemas/avro` and the topic catalogue'],
  ['npm run compatibility', 'checks that contracts are compatible with the released ones'],
  ['npm run client:build', 'writes the package `khipu/client` to `dist/client`'],
  ['npm run jobs:build', 'writes the package `khipu/jobs` to `dist/jobs`'],
  ['npm run docs:pages', 'generates the reference pages that are derived from code'],
  ['npm run docs:record', 'runs the demo, and draws the picture of it that the README shows'],
  ['npm run docs:build', 'builds this documentation; a warning is an error, and a diagram that does not render'],
  [
    'npm run docs:serve',
    'serves this documentation on 127.0.0.1:8000, and follows changes; `-- --help` lists the options',
  ],
  [
    'npm run bench:turn',
    'measures [latency and cost of a turn](benchmarks.md#a-turn) with both drivers, beside Restate; `-- --help` lists the parts',
  ],
  [
    'npm run bench:jobs',
    'measures [durable jobs](benchmarks.md#durable-jobs) beside Restate, DBOS, graphile-worker and BullMQ',
  ],
  ['npm run bench:openai', 'measures [the time to the first token](benchmarks.md#first-token-through-the-openai-api)'],
  ['npm run bench:idle', 'measures [a platform that has nothing to do](benchmarks.md#idle-platform)'],
  ['npm run bench:policy', 'measures [one decision](benchmarks.md#a-decision), compared with OPA and plain Cedar'],
  [
    'npm run replay:decisions',
    'recomputes 100,000 decisions and compares them [byte for byte](reliability.md#replayed-decisions)',
  ],
  ['./khipu …', 'the `khipu` command'],
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
    ...(rows.length > 0 ? ['', '| Argument or option | Meaning |', '|---|---|', ...rows] : []),
    ...command.commands.flatMap((sub) => sectionOf(sub, full, depth + 1)),
  ];
}

/** Returns docs/reference/commands.md, generated from the command definitions. */
export async function commandsPage(): Promise<string> {
  const program = await registerAll(new Command('khipu'));
  const sorted = [...program.commands].sort((a, b) => a.name().localeCompare(b.name()));
  return `${[
    '# Commands',
    '',
    '<!-- Generated from infra/bin/command-list.ts by `npm run docs:pages`. Do not edit. -->',
    '',
    '## npm',
    '',
    '| Command | Does |',
    '|---|---|',
    ...scripts.map(([name, does]) => `| \`${name}\` | ${does} |`),
    '',
    '## khipu',
    '',
    '`./khipu <command>`. On an error, the command exits with 1 and prints `error CODE: message` to standard error,',
    'and `next: …` where there is a command to type. `--context <name>` chooses a platform, and `--version` prints the release.',
    'The verbs over the HTTP API are derived from its [operations](http-api.md).',
    ...sorted.flatMap((command) => sectionOf(command, 'khipu', 3)),
  ].join('\n')}\n`;
}
