import { etagOf } from '../etag.ts';
import type { ProblemCode } from './catalogue.ts';
import { type Problem, refusalProblem } from './problem.ts';

/** A refusal of a change to something with versions. */
export interface VersionedRefusal {
  readonly code: string;
  readonly detail: string;
  /** Current version; 0 when it does not exist. */
  readonly version: number;
}

/** Returns the problem of a refusal, with the ETag of the current version. */
export function versionedProblem({ code, detail, version }: VersionedRefusal): Problem {
  const etag = version === 0 ? {} : { etag: etagOf(version) };
  return refusalProblem(code, detail, etag, { headers: etag });
}

/** Returns an outcome that answers such a refusal. `problems` are the codes in the OpenAPI document. */
export const versionedRefusal = (...problems: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems,
  problem: versionedProblem,
});
