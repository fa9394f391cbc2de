import type { ProblemCode } from '../problems/catalogue.ts';
import { type Problem, refusalProblem } from '../problems/problem.ts';
import type { AcceptedOutcome } from './spec.ts';

/** The fields that every refusal in the log has. */
interface RefusalData {
  readonly code: string;
  readonly detail: string;
}

/** An outcome that is answered as pending, because the result is found at `Location`. */
export const accepted: AcceptedOutcome = { kind: 'accepted' };

/**
 * Returns an outcome that answers a refusal with the problem of its code. `problems` are the codes in the OpenAPI document;
 * `more` returns further members of the problem.
 */
export const refusal = <Data extends RefusalData>(
  problems: readonly ProblemCode[],
  more: (data: Data) => Readonly<Record<string, unknown>> = () => ({}),
) => ({
  kind: 'refusal' as const,
  problems,
  problem: (data: Data): Problem => refusalProblem(data.code, data.detail, more(data)),
});
