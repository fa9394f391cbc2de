import { stripVTControlCharacters, styleText } from 'node:util';

/** The text styles of commands: colours on a terminal, plain text elsewhere. */
export interface Style {
  title(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

/** Returns the style for a stream. Respects `NO_COLOR` and `FORCE_COLOR`. */
export function styleOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): Style {
  const coloured = env['FORCE_COLOR'] ? true : stream.isTTY === true && !env['NO_COLOR'];
  const paint = (format: Format) => (text: string) =>
    coloured ? styleText(format, text, { validateStream: false }) : text;
  return {
    title: paint(['bold', 'cyan']),
    good: paint(['bold', 'green']),
    bad: paint(['bold', 'red']),
    dim: paint('dim'),
    strong: paint('bold'),
  };
}

/** Returns the number of characters that a text takes on a terminal: colours take none. */
export const visibleWidth = (text: string): number => stripVTControlCharacters(text).length;
const padding = (text: string, width: number): string => ' '.repeat(Math.max(0, width - visibleWidth(text)));

/** Returns the rows as lines with aligned columns; numbers are right-aligned. Colours take no width. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => visibleWidth(row[column] ?? ''))));
  const isNumeric = (column: number): boolean =>
    rows.slice(1).every((row) => /^[\d.,–… ]*$/.test(stripVTControlCharacters(row[column] ?? ''))) && rows.length > 1;
  const numeric = widths.map((_, column) => isNumeric(column));
  const padded = (text: string, column: number): string => {
    const spaces = padding(text, widths[column] ?? 0);
    return numeric[column] ? spaces + text : text + spaces;
  };
  return rows.map((row) => `${indent}${row.map(padded).join('  ')}`.trimEnd()).join('\n');
}

/** Breaks text at spaces into lines of at most `width` characters, each after `indent`. */
export function wrapped(text: string, width = 96, indent = '  '): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && indent.length + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `${indent}${line}`).join('\n');
}
