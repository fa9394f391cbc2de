import { styleText } from 'node:util';

/** How the demo writes: plain text everywhere, colour where a person looks at a terminal. */
export interface Style {
  title(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

/** `NO_COLOR` and `FORCE_COLOR` are respected. */
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

/** Rows of equal columns; numbers to the right. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isNumeric = (column: number): boolean =>
    rows.slice(1).every((row) => /^[\d.,–… ]*$/.test(row[column] ?? '')) && rows.length > 1;
  const numeric = widths.map((_, column) => isNumeric(column));
  return rows
    .map((row) =>
      `${indent}${row.map((cell, column) => (numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd(),
    )
    .join('\n');
}

/** Breaks text at spaces into lines of at most `width`, each after `indent`. */
export function wrapped(text: string, width = 96, indent = '  '): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && indent.length + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `${indent}${line}`).join('\n');
}
