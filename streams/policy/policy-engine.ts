/** The external policy engine in policy: a worker asks it, and its answer is an input of the decision. */

import type { VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import {
  askPolicyEngine,
  type ClassifierAnswer,
  type EngineAnswer,
  type EngineOutcome,
  type SessionHistory,
} from '../../schemas/generated/records.ts';
import { type GovernedCommand, requestOf } from '../../schemas/governed.ts';
import { assertNever, type Meta, type RecordOf } from '../kernel.ts';
import { type Ruling, ruleRequest } from './evaluate.ts';

/** The answer while the engine was not asked. Denials by our own rules, which come before the question, contain it. */
export const UNASKED: EngineAnswer = {
  outcome: 'unasked',
  reasons: [],
  engineDecisionId: null,
  detail: '',
  latencyMs: 0,
};

/**
 * Returns the question to the engine: the facts that Cedar rules see, and the constitution that allows the command. It
 * does not contain the text of the command. Never throws.
 */
export function question(
  constitution: VerifiedConstitution,
  command: GovernedCommand,
  { id, key, tenantId }: Pick<Meta, 'id' | 'key' | 'tenantId'>,
  history: SessionHistory | null,
  classifier: ClassifierAnswer | null,
): RecordOf<'AskPolicyEngine'> {
  const { principal, action, resource, context } = ruleRequest(
    constitution.document,
    requestOf(command),
    tenantId,
    history,
    classifier,
  );
  return askPolicyEngine({
    subjectId: key,
    commandId: id,
    command,
    principal,
    action,
    resourceType: resource.type,
    resourceId: resource.id,
    persona: context.persona,
    promptChars: context.prompt_chars,
    maxTokens: context.max_tokens,
    calls: context.calls,
    capabilities: context.capabilities,
    moderation: context.moderation,
    labels: context.labels,
    sessionLabels: context.session_labels,
    constitutionVersion: constitution.version,
    constitutionDigest: constitution.digest,
    classifier,
  });
}

const refusals = {
  deny: 'POLICY_ENGINE_DENIED',
  unavailable: 'POLICY_ENGINE_UNAVAILABLE',
  invalid: 'POLICY_ENGINE_INVALID',
} as const;

/** Reason codes of denials by the engine. */
export const engineReasons: readonly string[] = Object.values(refusals);

/**
 * Applies the answer of the engine to an allowing verdict: it may deny, but never allows a denied command. Never
 * throws.
 */
export function withEngineAnswer({ outcome, reasons }: EngineAnswer, verdict: Ruling): Ruling {
  switch (outcome) {
    case 'unasked':
    case 'allow':
      return verdict;
    case 'deny':
    case 'unavailable':
    case 'invalid': {
      const clauses = reasons.map((reason) => `engine:${reason}`);
      return { ...verdict, outcome: 'deny', reasons: [refusals[outcome]], clauses };
    }
    default:
      return assertNever(outcome);
  }
}

/**
 * Returns the outcome of a command that a constitution allows, with a recorded answer; `unknown` when the engine was
 * not asked. Never throws.
 */
export function outcomeWithAnswer(outcome: EngineOutcome | undefined): 'allow' | 'deny' | 'unknown' {
  if (outcome === 'unasked') return 'unknown';
  return outcome === undefined || outcome === 'allow' ? 'allow' : 'deny';
}
