/**
 * The vocabulary of projections: which records feed a read model, and which rows a record yields. Declarations only:
 * the engine turns rows into multi-row SQL and commits them with their offsets.
 *
 * A record yields rows; the table declares how rows with one key are folded into one. A fold must depend only on the
 * order within a partition and not on how topics interleave, or a rebuild would differ from the view it replaces. Hence
 * a column folded by `last` or `first` is written from one topic alone; `sum`, `max` and `min` accept any.
 */
import { isoOf } from '../schemas/instant.ts';
import type { Lane } from '../schemas/topics.ts';
import type { AnyRecord, AnyTopic, Meta, RecordsOf } from '../streams/kernel.ts';

export { assertNever } from '../streams/kernel.ts';

/** Metadata of a record. */
export interface ProjectedMeta extends Meta {
  readonly headers: Readonly<Record<string, string>>;
  /** Append time, ms since 1970. Stored in the log, so every replay yields the same value. */
  readonly appendedAtMs: number;
}

export type ColumnType =
  | 'text'
  | 'uuid'
  | 'integer'
  | 'bigint'
  /** A decimal as a string, at most nine digits after the point: money never passes through a float. */
  | 'numeric'
  | 'jsonb'
  /** RFC 3339 in UTC with milliseconds (`instant`), so that text order is time order. */
  | 'timestamptz'
  | 'date'
  | 'text[]';

export type ValueOf<T extends ColumnType> = T extends 'integer' | 'bigint'
  ? number
  : T extends 'text[]'
    ? readonly string[]
    : T extends 'jsonb'
      ? unknown
      : string;

/** How the values of a column are folded. A null or absent value never changes the stored value. */
export type Merge = 'key' | 'first' | 'last' | 'sum' | 'max' | 'min';

export interface Column<T extends ColumnType = ColumnType, M extends Merge = Merge> {
  readonly type: T;
  readonly merge: M;
}
export type Columns = Readonly<Record<string, Column>>;

const column =
  <M extends Merge>(merge: M) =>
  <T extends ColumnType>(type: T): Column<T, M> => ({ type, merge });

export const key = column('key');
export const first = column('first');
export const last = column('last');
export const max = column('max');
export const min = column('min');
/** Declares a column that adds up its values, from zero. */
export const sum = <T extends 'integer' | 'bigint' | 'numeric'>(type: T): Column<T, 'sum'> => ({ type, merge: 'sum' });

/**
 * `fold`: one row per key, folded by the columns' rules; its keys include `tenant_id`. `append`: rows are kept in order
 * of arrival; a row whose key exists is a repeat and is dropped.
 */
export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly mode: 'fold' | 'append';
  readonly columns: C;
  /**
   * For an append table: a column that numbers the rows of a group from 1 without gaps, in the order of another column.
   */
  readonly numbered: { readonly column: string; readonly within: readonly string[]; readonly by: string } | null;
}

/** Declares a table with one row per key. */
export const foldTable = <const C extends Columns>(name: string, columns: C): Table<C> => ({
  name,
  mode: 'fold',
  columns,
  numbered: null,
});

/** Declares a table of rows that never change. */
export const appendTable = <const C extends Columns>(
  name: string,
  columns: C,
  numbered: Table['numbered'] = null,
): Table<C> => ({ name, mode: 'append', columns, numbered });

type KeysOf<C extends Columns> = { [K in keyof C]: C[K]['merge'] extends 'key' ? K : never }[keyof C];
type RowOf<C extends Columns> = { readonly [K in KeysOf<C>]: ValueOf<C[K]['type']> } & {
  readonly [K in Exclude<keyof C, KeysOf<C>>]?: ValueOf<C[K]['type']> | null;
};
export type Row = Readonly<Record<string, unknown>>;

export interface RowChange {
  readonly table: string;
  readonly row: Row;
}

/** Returns one row for a table; its type lists the columns. */
export const row = <C extends Columns>(table: Table<C>, values: RowOf<C>): RowChange => ({
  table: table.name,
  row: values,
});

/** A read model in Postgres. */
export interface Projection {
  readonly kind: 'projection';
  /** Names its offsets, the schema of its tables and, with the other views of its process, the consumer group. */
  readonly name: string;
  /** Raise it when `apply` yields different rows for past records: `khipu projections list` then asks for a rebuild. */
  readonly version: number;
  readonly inputs: readonly AnyTopic[];
  readonly tables: readonly Table[];
  /** `batch` for a read model that is not read right after a write: it lags by up to a quarter of a second. */
  readonly lane?: Lane;
  /** Total and pure. Throws only for bugs; the record is then dead-lettered. */
  readonly apply: (record: AnyRecord, meta: ProjectedMeta) => readonly RowChange[];
}

/** Declares a read model in Postgres. */
export function projection<const In extends readonly AnyTopic[]>(
  spec: Omit<Projection, 'kind' | 'inputs' | 'apply'> & {
    readonly inputs: In;
    readonly apply: (record: RecordsOf<In>, meta: ProjectedMeta) => readonly RowChange[];
  },
): Projection {
  return { kind: 'projection', ...spec } as unknown as Projection;
}

/** Converts ms since 1970 to a timestamptz value. */
export const instant = isoOf;
