import type { KeyObject } from 'node:crypto';
import type { ConstitutionStatus, VerifiedConstitution } from '../../../schemas/contexts/constitution/document.ts';
import type { RuleRequest, RuleVerdict } from '../../../schemas/contexts/constitution/rules.ts';
import type { ConstitutionPublished } from '../../../schemas/generated/records.ts';
import { messageOf } from '../../kit/errors.ts';
import { GovernanceError } from '../constitution/errors.ts';
import { verifyConstitution } from '../constitution/signing.ts';
import { type ConditionCompiler, compileConditions } from './conditions.ts';
import { indexedPlan, ruleBy, wholePlan } from './rules.ts';

/**
 * The rule engine of policy: signatures with Ed25519, rules with Cedar. Synchronous; docs/reference/benchmarks.md has
 * its times.
 */
export interface CedarEngine {
  verify(published: ConstitutionPublished): ConstitutionStatus;
  rule(constitution: VerifiedConstitution, request: RuleRequest): RuleVerdict;
}

/** The trusted keys and the evaluator of an engine. */
export interface CedarEngineOptions {
  /** Keys that may sign constitutions, by key id. */
  readonly trusted: ReadonlyMap<string, KeyObject>;
  /** Number of different keys that must have signed; default 1. */
  readonly signaturesRequired?: number;
  /**
   * False: Cedar evaluates every policy of every request, and our own evaluator none. See `KHIPU_CEDAR_OWN_CONDITIONS`.
   */
  readonly ownConditions: boolean;
  /** The evaluator that `ownConditions` turns on; tests plant errors in it. */
  readonly compile?: ConditionCompiler;
}

/**
 * Returns a rule engine. Its functions never throw: a document that cannot be verified is `unverified` with a code, a
 * rule that fails gives the outcome `error`.
 */
export function createCedarEngine(options: CedarEngineOptions): CedarEngine {
  const { trusted, signaturesRequired = 1, ownConditions, compile = compileConditions } = options;
  return {
    verify: (published) => statusOf(published, trusted, signaturesRequired),
    rule: ruleBy(ownConditions ? indexedPlan(compile) : wholePlan),
  };
}

function statusOf(
  published: ConstitutionPublished,
  trusted: ReadonlyMap<string, KeyObject>,
  required: number,
): ConstitutionStatus {
  try {
    const { document, digest } = verifyConstitution(published.envelope, trusted, required);
    if (digest !== published.digest)
      throw new GovernanceError(
        'CONSTITUTION_DIGEST_MISMATCH',
        `published as ${published.digest}, signed as ${digest}`,
      );
    if (document.version !== published.version)
      throw new GovernanceError(
        'CONSTITUTION_VERSION_MISMATCH',
        `published as ${published.version}, signed as ${document.version}`,
      );
    return { status: 'verified', version: document.version, digest, document };
  } catch (error) {
    // After any error the constitution counts as unverified: policy then refuses every command.
    const code = error instanceof GovernanceError ? error.code : 'CONSTITUTION_INVALID';
    return { status: 'unverified', code, detail: messageOf(error) };
  }
}
