import { transientRefusals } from '../../../schemas/contexts/policy/refusals.ts';

const transient: ReadonlySet<unknown> = new Set(transientRefusals);

/** Returns true for the code of a transient refusal: a repeat of such a request is a new command, even under the same `Idempotency-Key`. */
export const isTransient = (code: unknown): boolean => transient.has(code);
