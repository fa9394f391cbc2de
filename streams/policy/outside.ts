/** The outside policy engine, as policy sees it: a worker asks it, and its answer is an input of the decision. */
import type { GovernedCommand, VerifiedConstitution } from '../../schemas/constitution.ts';
import {
  askPolicyEngine,
  type EngineAnswer,
  type EngineOutcome,
  type SessionHistory,
} from '../../schemas/generated/records.ts';
import { assertNever, type Meta, type RecordOf } from '../kernel.ts';
import { type Ruling, ruleRequest } from './evaluate.ts';
import { subjectOf } from './subject.ts';

/** The answer of an engine that nobody asked yet. A denial of our own that comes before the question keeps it. */
export const UNASKED: EngineAnswer = {
  outcome: 'unasked',
  reasons: [],
  engineDecisionId: null,
  detail: '',
  latencyMs: 0,
};

/** What is asked of the engine: the facts that Cedar rules see, and by which constitution it was allowed. */
export function question(
  constitution: VerifiedConstitution,
  command: GovernedCommand,
  { id, key, tenantId }: Pick<Meta, 'id' | 'key' | 'tenantId'>,
  history: SessionHistory | null,
): RecordOf<'AskPolicyEngine'> {
  const subject = subjectOf(command);
  const { principal, action, model, context } = ruleRequest(constitution.document, subject, tenantId, history);
  return askPolicyEngine({
    subjectId: key,
    commandId: id,
    command,
    principal,
    action,
    model,
    persona: context.persona,
    promptChars: context.prompt_chars,
    maxTokens: context.max_tokens,
    capabilities: context.capabilities,
    moderation: context.moderation,
    labels: context.labels,
    sessionLabels: context.session_labels,
    constitutionVersion: constitution.version,
    constitutionDigest: constitution.digest,
  });
}

const refusals = {
  deny: 'POLICY_ENGINE_DENIED',
  unavailable: 'POLICY_ENGINE_UNAVAILABLE',
  invalid: 'POLICY_ENGINE_INVALID',
} as const;

/** Reasons of a verdict that the engine decided. */
export const engineReasons: readonly string[] = Object.values(refusals);

/** The constitution allows it; the engine may still not. It only ever takes away. */
export function heldAgainstEngine({ outcome, reasons }: EngineAnswer, verdict: Ruling): Ruling {
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

/** What would come out where a constitution allows and the recorded answer stays: `unknown` when nobody asked. */
export function underAnswer(outcome: EngineOutcome | undefined): 'allow' | 'deny' | 'unknown' {
  if (outcome === 'unasked') return 'unknown';
  return outcome === undefined || outcome === 'allow' ? 'allow' : 'deny';
}
