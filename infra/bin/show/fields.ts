import { table } from './style.ts';

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a value as one cell: lists with commas, null and empty lists as a dash, an absent field as nothing, other structures as JSON. */
export function cell(value: unknown): string {
  if (value === undefined) return '';
  if (value === null || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(cell).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Returns rows as a table with these columns; one sentence without rows. */
export function rowsText(rows: readonly Row[], columns: readonly string[], indent = ''): string {
  if (rows.length === 0) return `${indent}none`;
  return table([columns, ...rows.map((row) => columns.map((name) => cell(row[name])))], indent);
}

/** Returns one line per field. A structure is indented below its name, and a list of structures is a table. */
export function fieldsText(value: Row, indent = ''): string {
  const width = Math.max(0, ...Object.keys(value).map((name) => name.length));
  const deeper = `${indent}  `;
  return Object.entries(value)
    .flatMap(([name, each]) => {
      if (Array.isArray(each) && each.length > 0 && each.every(isRow)) {
        const columns = [...new Set(each.flatMap((row) => Object.keys(row)))];
        return [`${indent}${name}`, rowsText(each, columns, deeper)];
      }
      if (isRow(each)) return [`${indent}${name}`, fieldsText(each, deeper)];
      return [`${indent}${name.padEnd(width)}  ${cell(each)}`];
    })
    .join('\n');
}
