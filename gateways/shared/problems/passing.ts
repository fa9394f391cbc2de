import { passingRefusals } from '../../../schemas/refusal.ts';

const passing: ReadonlySet<unknown> = new Set(passingRefusals);

/** True for the code of a refusal that passes. Such a request is asked again as a command of its own, whatever its Idempotency-Key. */
export const passes = (code: unknown): boolean => passing.has(code);
