import type { Aim, Figure, Row } from './figure.ts';

/** Result of one figure: rows, or the reason of its failure. */
export interface Outcome {
  readonly figure: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly failure: string | null;
}

export interface Report {
  /** ISO date of the run. */
  readonly date: string;
  readonly command: string;
  readonly sizes: object;
  readonly outcomes: readonly Outcome[];
}

export const number = (value: number): string =>
  Number.isNaN(value)
    ? '–'
    : value === Number.POSITIVE_INFINITY
      ? '∞'
      : Math.abs(value) >= 100
        ? Math.round(value).toLocaleString('en')
        : String(Number(value.toPrecision(3)));

const values = (side: Readonly<Record<string, number>>): string =>
  Object.entries(side)
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', ');

const aims = (all: readonly Aim[]): string =>
  all.map(({ aim, measured, reached }) => `${aim}: ${number(measured)}, ${reached ? 'reached' : 'missed'}`).join('; ');

/** Formats the report for a terminal. */
export function asText({ outcomes }: Report): string {
  const lines = outcomes.flatMap(({ figure, seconds, rows, failure }) => [
    `${figure}, ${Math.round(seconds)} s${failure === null ? '' : `: FAILED: ${failure}`}`,
    ...rows.flatMap((row) => [
      `  ${row.what}, ${row.unit}`,
      ...(Object.keys(row.ours).length > 0 ? [`    ours    ${values(row.ours)}`] : []),
      ...(Object.keys(row.beside).length > 0 ? [`    beside  ${values(row.beside)}`] : []),
      ...row.aims.map((aim) => `    aim     ${aims([aim])}`),
    ]),
  ]);
  return lines.join('\n');
}

/** Returns the table of docs/reference/benchmarks.md. */
export function asMarkdown({ date, command, outcomes }: Report): string {
  const cell = (text: string): string => (text === '' ? ' ' : text.replaceAll('|', '\\|'));
  const rows = outcomes.flatMap(({ figure, rows: measured, failure }) => [
    ...(failure === null ? [] : [`| ${figure} | | not measured: ${cell(failure.split('\n')[0] ?? '')} | | |`]),
    ...measured.map(
      ({ what, unit, ours, beside, aims: asked }) =>
        `| ${cell(what)} | ${unit} | ${cell(values(ours))} | ${cell(values(beside))} | ${cell(aims(asked))} |`,
    ),
  ]);
  return [
    `${date.slice(0, 10)}, \`${command}\`; medians, the sides alternating in one run.`,
    '',
    '| Figure | Unit | Khipu | Beside | Aim: measured |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

export const usage = (figures: readonly Figure[]): string => `usage: npm run bench:runtime -- [options]

Measures the runtime and the systems it is compared with, on real parts that it starts (parts named by the environment are used
instead). Standard output has the result, standard error the progress.

  --only ${figures.map(({ name }) => name).join(',')}
                   figures to measure; all of them by default
  --records N      records of a backlog and keys of a state (1,000,000)
  --runs N         runs of each side, alternating; medians are reported (5)
  --quick          small sizes: shows that everything works, without a measurement
  --json           the result as JSON
  --markdown       the result as the table of docs/reference/benchmarks.md
  --out DIR        also write runtime.json and runtime.md there, again after each figure
  --help           show this

${figures.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}`;
