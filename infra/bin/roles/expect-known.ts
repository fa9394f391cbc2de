import { failure } from '../failure.ts';

/** What a process of `khipu run` runs. */
type Kind = 'gateway' | 'processor' | 'worker' | 'view';

/** Throws GATEWAY_UNKNOWN, PROCESSOR_UNKNOWN, WORKER_UNKNOWN or VIEW_UNKNOWN for a name that is not among the known ones. */
export function expectKnown(names: readonly string[], kind: Kind, known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw failure(
    `${kind.toUpperCase()}_UNKNOWN`,
    `unknown ${kind}: ${unknown.join(', ')}; there are ${known.join(', ')}`,
  );
}
