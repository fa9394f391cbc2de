/** What a Postgres error means to a writer. Decided here and nowhere else. */
export type PostgresFault =
  /** The row can never be written: dead-letter its record. */
  | 'data'
  /** The tables that were written to are gone or moved: read again where they are. */
  | 'moved'
  /** The server is away, busy or ended the transaction: the same again, later. */
  | 'retry';

/** The SQLSTATE, or the driver's code; empty when there is none. */
export const sqlStateOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

const isPostgresError = (error: unknown): boolean => (error as { name?: unknown } | null)?.name === 'PostgresError';

/** PostgreSQL, Appendix A: class 22 data exception, 23 integrity constraint, 54 program limit; 42P01 and 3F000 undefined table and schema. */
export function faultOf(error: unknown): PostgresFault {
  const state = sqlStateOf(error);
  if (!isPostgresError(error)) return 'retry';
  if (/^(22|23|54)/.test(state)) return 'data';
  if (state === '42P01' || state === '3F000') return 'moved';
  return 'retry';
}
