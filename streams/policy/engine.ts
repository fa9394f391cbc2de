import type { ConstitutionStatus, RuleRequest, RuleVerdict, VerifiedConstitution } from '../../schemas/constitution.ts';
import type { ConstitutionPublished } from '../../schemas/generated/records.ts';

/**
 * What policy needs and cannot do itself: signatures and Cedar. Bound where the process is composed. Both functions are
 * total and deterministic: a decision that is made again must come out the same, byte for byte.
 */
export interface PolicyEngine {
  /** Checks signature, digest and every rule of a published document. Never throws. */
  verify(published: ConstitutionPublished): ConstitutionStatus;
  /** Evaluates the hard permits and forbids. Never throws; a rule that fails is the outcome `error`. */
  rule(constitution: VerifiedConstitution, request: RuleRequest): RuleVerdict;
}
