/** Returns the stable code of an error; `UNEXPECTED` when it has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'UNEXPECTED';
}

/** Returns the message of an error, or any other thrown value as text. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Returns the message of the innermost cause, where `fetch` puts the reason (ECONNREFUSED …). */
export function rootMessageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  let root = error;
  for (let depth = 0; depth < 5 && root.cause instanceof Error; depth += 1) root = root.cause;
  return root.message || root.name;
}
