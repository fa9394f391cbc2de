/**
 * The vocabulary of projections: which records a read model is made of, and which rows a record means. Declarations
 * only: the engine turns rows into multi-row SQL and commits them with the offsets they came from.
 *
 * A record becomes rows; the table says how rows of one key are folded into one. A fold must not depend on how topics
 * interleave, only on the order within a partition, or a rebuild would differ from what stood before. Hence: a column
 * that is folded by `last` is written from one topic alone; `first` likewise; `sum`, `max` and `min` from any.
 */
import { isoOf } from '../schemas/instant.ts';
import type { Lane } from '../schemas/topics.ts';
import type { AnyRecord, AnyTopic, Meta, RecordsOf } from '../streams/kernel.ts';

export { assertNever } from '../streams/kernel.ts';

/** What is known of a record beside its data. */
export interface ProjectedMeta extends Meta {
  readonly headers: Readonly<Record<string, string>>;
  /** When the log took the record, ms since 1970: stands in the log, so it is the same at every replay. */
  readonly appendedAtMs: number;
}

export type ColumnType =
  | 'text'
  | 'uuid'
  | 'integer'
  | 'bigint'
  /** A decimal as a string, at most nine digits behind the point: money never passes through a float. */
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

/** How the values of a column are folded. A null or absent value never changes what stands there. */
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
/** Begins at zero. */
export const sum = <T extends 'integer' | 'bigint' | 'numeric'>(type: T): Column<T, 'sum'> => ({ type, merge: 'sum' });

/**
 * `fold`: one row a key, folded by the columns' rules. Holds `tenant_id` among its keys.
 * `append`: rows are kept as they come; a row whose key stands already is the same row again, and is left out.
 */
export interface Table<C extends Columns = Columns> {
  readonly name: string;
  readonly mode: 'fold' | 'append';
  readonly columns: C;
  /** Of an append table: a column that numbers the rows of a group from 1 without a gap, in the order of another column. */
  readonly numbered: { readonly column: string; readonly within: readonly string[]; readonly by: string } | null;
}

export const foldTable = <const C extends Columns>(name: string, columns: C): Table<C> => ({
  name,
  mode: 'fold',
  columns,
  numbered: null,
});

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

/** One row for a table; its type says which columns there are. */
export const row = <C extends Columns>(table: Table<C>, values: RowOf<C>): RowChange => ({
  table: table.name,
  row: values,
});

/** A read model in Postgres. */
export interface Projection {
  readonly kind: 'projection';
  /** Names the consumer group, the offsets and the schema of its tables. */
  readonly name: string;
  /** Raise it when `apply` means other rows for records of the past: `khipu projections list` then asks for a rebuild. */
  readonly version: number;
  readonly inputs: readonly AnyTopic[];
  readonly tables: readonly Table[];
  /** `batch` for a read model that nobody reads right after a write: it lags by up to a quarter of a second. */
  readonly lane?: Lane;
  /** Total and pure. Throws only for bugs: the record is then dead-lettered. */
  readonly apply: (record: AnyRecord, meta: ProjectedMeta) => readonly RowChange[];
}

export function projection<const In extends readonly AnyTopic[]>(
  spec: Omit<Projection, 'kind' | 'inputs' | 'apply'> & {
    readonly inputs: In;
    readonly apply: (record: RecordsOf<In>, meta: ProjectedMeta) => readonly RowChange[];
  },
): Projection {
  return { kind: 'projection', ...spec } as unknown as Projection;
}

/** ms since 1970 → a timestamptz value. */
export const instant = isoOf;
