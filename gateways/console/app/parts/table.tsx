import type { ComponentChildren } from 'preact';

interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `number` aligns to the right. */
  readonly kind?: 'number' | 'text';
}

interface TableProps<Row> {
  /** Name of the table, for screen readers. */
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  readonly isMarked?: (row: Row) => boolean;
}

/** A table that scrolls sideways when the screen is narrow; it takes the focus, so that the keyboard scrolls it. */
export function Table<Row>({ caption, rows, keyOf, columns, isMarked }: TableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    // biome-ignore lint/a11y/useSemanticElements: a table is no landmark of its page
    <div class="table-frame" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ head, kind }) => (
              <th key={head} scope="col" class={kind === 'number' ? 'number' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={isMarked?.(row) === true ? 'marked' : ''}>
              {columns.map(({ head, cell, kind }) => (
                <td key={head} class={kind === 'number' ? 'number' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
