import type { ConstitutionStatus, VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { RuleRequest, RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';
import type { ConstitutionPublished } from '../../schemas/generated/records.ts';

/**
 * The part of policy outside this project's pure code: signatures and Cedar, injected by the process. Both functions
 * are total and deterministic: a recomputed decision must be equal, byte for byte.
 */
export interface RuleEngine {
  /** Checks signature, digest and every rule of a published document. Never throws. */
  verify(published: ConstitutionPublished): ConstitutionStatus;
  /** Evaluates the permits and forbids. Never throws; a rule that fails is the outcome `error`. */
  rule(constitution: VerifiedConstitution, request: RuleRequest): RuleVerdict;
}
