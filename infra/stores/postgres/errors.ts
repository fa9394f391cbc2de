/** The meaning of a Postgres error for a writer. Only this module assigns it. */
export type PostgresFault =
  /** The row can never be written: dead-letter its record. */
  | 'data'
  /** The written tables are dropped or replaced: look up the current ones. */
  | 'moved'
  /** The server is unavailable or busy, or it ended the transaction: retry later. */
  | 'retry';

/** Returns the SQLSTATE, or the driver's code; empty when there is none. */
export const sqlStateOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

const isPostgresError = (error: unknown): boolean => (error as { name?: unknown } | null)?.name === 'PostgresError';

/**
 * Returns the fault of an error. PostgreSQL, Appendix A: class 22 data exception, 23 integrity constraint, 54 program
 * limit; 42P01 and 3F000 undefined table and schema.
 */
export function faultOf(error: unknown): PostgresFault {
  const state = sqlStateOf(error);
  if (!isPostgresError(error)) return 'retry';
  if (/^(22|23|54)/.test(state)) return 'data';
  if (state === '42P01' || state === '3F000') return 'moved';
  return 'retry';
}
