import { parseArgs } from 'node:util';
import { codedError } from '../../../infra/kit/coded-error.ts';
import type { TurnFigure } from './figure.ts';
import type { KafkaClient } from './log-times.ts';
import { clients } from './rows.ts';
import { FULL, QUICK, type TurnSizes } from './sizes.ts';

/** Thrown for a command line that cannot be run. */
export class OptionError extends codedError<'OPTION_INVALID' | 'PART_UNKNOWN' | 'CLIENT_UNKNOWN'>('OptionError') {}

/** A parsed command line. */
export interface TurnOptions {
  readonly sizes: TurnSizes;
  readonly parts: ReadonlySet<string>;
  /** Measured Kafka clients by the name of their side. */
  readonly clients: Readonly<Record<string, KafkaClient>>;
  /** Further settings of the measured platforms. */
  readonly settings: Readonly<Record<string, string>>;
  readonly form: 'text' | 'json' | 'markdown';
  /** Folder for the result in both forms; undefined when not requested. */
  readonly out: string | undefined;
  readonly help: boolean;
}

const positive = (name: string, text: string): number => {
  const value = Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isInteger(value) || value < 1)
    throw new OptionError('OPTION_INVALID', `--${name} ${text} is no positive whole number`);
  return value;
};

/** Parses the arguments of `bench:turn`. Throws OptionError, or with the code of node's parser. */
export function parseOptions(args: readonly string[], figures: readonly TurnFigure[]): TurnOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      clients: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      rates: { type: 'string' },
      turns: { type: 'string' },
      runs: { type: 'string' },
      'warm-up': { type: 'string' },
      backlog: { type: 'string' },
      scales: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const known = figures.flatMap(({ parts }) => Object.keys(parts));
  const parts =
    values.only?.split(',') ?? figures.flatMap((figure) => (figure.byDefault ? Object.keys(figure.parts) : []));
  const unknown = parts.filter((part) => !known.includes(part));
  if (unknown.length > 0) throw new OptionError('PART_UNKNOWN', unknown.join(', '));
  const otherwise = values.quick ? QUICK : FULL;
  const one = (name: string, text: string | undefined, value: number): number =>
    text === undefined ? value : positive(name, text);
  const some = (name: string, text: string | undefined, all: readonly number[]): readonly number[] =>
    text === undefined ? all : text.split(',').map((part) => positive(name, part));
  return {
    sizes: {
      ...otherwise,
      runs: one('runs', values.runs, otherwise.runs),
      turns: one('turns', values.turns, otherwise.turns),
      rates: some('rates', values.rates, otherwise.rates),
      warmUpTurns: one('warm-up', values['warm-up'], otherwise.warmUpTurns),
      backlog: one('backlog', values.backlog, otherwise.backlog),
      scales: some('scales', values.scales, otherwise.scales),
    },
    parts: new Set(parts),
    clients: clientsOf(values.clients),
    settings: settingsOf(values.set),
    form: values.json ? 'json' : values.markdown ? 'markdown' : 'text',
    out: values.out,
    help: values.help,
  };
}

function clientsOf(text: string | undefined): TurnOptions['clients'] {
  const wanted = text?.split(',') ?? Object.values(clients);
  const known: readonly string[] = Object.values(clients);
  const unknown = wanted.filter((client) => !known.includes(client));
  if (unknown.length > 0) throw new OptionError('CLIENT_UNKNOWN', unknown.join(', '));
  return Object.fromEntries(Object.entries(clients).filter(([, client]) => wanted.includes(client)));
}

/** `KHIPU_NAME=value`, the last one of a name. */
function settingsOf(given: readonly string[]): TurnOptions['settings'] {
  const settings = given.map((text): [string, string] => {
    const [, name, value] = /^(KHIPU_[A-Z_]+)=(.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new OptionError('OPTION_INVALID', `--set ${text} is no KHIPU_NAME=value`);
    return [name, value];
  });
  return Object.fromEntries(settings);
}

export const usage = (figures: readonly TurnFigure[]): string => `usage: npm run bench:turn -- [options]

Measures a turn with both Kafka clients, and three durable steps of Restate in the same run, on platforms that it starts, one at
a time. Standard output has the result, standard error the progress.

  --only ${figures.flatMap(({ parts }) => Object.keys(parts)).join(',')}
                   parts to measure; by default those marked with *
  --clients ${Object.values(clients).join(',')}
                   Kafka clients of the platforms; both by default
  --set KHIPU_X=Y  setting of the measured platforms; repeatable
  --rates 5,10,20  turns a second
  --turns N        turns at each rate (${FULL.turns})
  --runs N         runs of each side, alternating; medians are reported (${FULL.runs})
  --warm-up N      turns before anything is measured (${FULL.warmUpTurns})
  --backlog N      commands of the backlog of scale (${FULL.backlog.toLocaleString('en')})
  --scales 1,2,4,8 partitions and processes of scale
  --quick          small sizes: shows that everything works, without a measurement
  --json           the result as JSON
  --markdown       the result as the table of docs/reference/benchmarks.md
  --out DIR        also write turn.json and turn.md there
  --help           show this

${figures
  .flatMap(({ parts, byDefault }) =>
    Object.entries(parts).map(([name, about]) => `${byDefault ? '*' : ' '} ${name.padEnd(12)} ${about}`),
  )
  .join('\n')}`;
