import { visibleWidth, wrapped } from './style.ts';

/** Two columns need a line of at least this many characters; in a narrower one, they follow each other. */
const WIDTH_MIN = 72;
const GAP = 3;

/** The lines of a part. Parts of two columns begin at the same height. */
type Part = readonly string[];

/** Returns the widths of two columns in lines of `width` characters; `share` is that of the left one. */
export function columnWidths(width: number, share: number): readonly [number, number] {
  if (width < WIDTH_MIN) return [width, width];
  const left = Math.floor((width - GAP) * share);
  return [left, width - GAP - left];
}

/** Returns the lines of two columns, part by part; one column below the other where the lines are too short for both. */
export function beside(left: readonly Part[], right: readonly Part[], width: number, share: number): readonly string[] {
  if (width < WIDTH_MIN) return [...left.flat(), '', ...right.flat()];
  const column = columnWidths(width, share)[0] + GAP;
  return left.flatMap((part, at) => {
    const other = right[at] ?? [];
    return Array.from({ length: Math.max(part.length, other.length) }, (_, row) => {
      const line = part[row] ?? '';
      return `${line}${' '.repeat(Math.max(0, column - visibleWidth(line)))}${other[row] ?? ''}`.trimEnd();
    });
  });
}

/** Returns a label and its text, wrapped beside it. */
export function labelled(label: string, text: string, width: number, gap = '  '): readonly string[] {
  const indent = label.length + gap.length;
  const [first = '', ...rest] = wrapped(text, width - indent, '').split('\n');
  return [`${label}${gap}${first}`, ...rest.map((line) => `${' '.repeat(indent)}${line}`)];
}
