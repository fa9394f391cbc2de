import { governs } from '../../schemas/capabilities.ts';
import type {
  ConstitutionDocument,
  RuleRequest,
  RuleVerdict,
  VerifiedConstitution,
} from '../../schemas/constitution.ts';
import type { DecisionOutcome, FeatureScore, SessionHistory } from '../../schemas/generated/records.ts';
import { DEFAULT_MODEL } from '../../schemas/kill-switch.ts';
import { assertNever } from '../kernel.ts';
import { fitOf } from './capabilities.ts';
import type { PolicyEngine } from './engine.ts';
import { allows, type Facts, features } from './features.ts';
import { grown, noPast, overflowing, type Past } from './history.ts';
import { charsMaxOf, labelsOf, plainText } from './labels.ts';
import { matching } from './moderation.ts';
import { completed, type Taking, takingOf } from './sequences.ts';
import type { Subject } from './subject.ts';

export interface Verdict {
  readonly outcome: DecisionOutcome;
  readonly score: number;
  readonly threshold: number;
  /** The deciding one first. */
  readonly reasons: readonly string[];
  readonly clauses: readonly string[];
  readonly features: readonly FeatureScore[];
  /** Of the command: what its caller declared, and what was found in its text. */
  readonly labels: readonly string[];
}

/** What a decision says of a verdict, without what it was made of. */
export type Ruling = Omit<Verdict, 'features' | 'labels'>;

interface Objection {
  readonly reason: string;
  readonly clauses: readonly string[];
}

/** Sums of weights are not exact; nine digits are, on every machine. */
const rounded = (score: number): number => Math.round(score * 1e9) / 1e9;

/**
 * Judges one command by a verified constitution. It allows only when nothing objects. Everything is evaluated even when the
 * first objection is enough, so that the decision says all that stands against the command; the order of the objections
 * is moderation, capability, persona, model, limits, sequences, Cedar rules, score. What may be let in, but could not be
 * remembered, is denied last.
 */
export function evaluate(
  rule: PolicyEngine['rule'],
  constitution: VerifiedConstitution,
  subject: Subject,
  tenant: string,
  { history, commandId }: Past = noPast,
): Verdict {
  const facts = factsOf(constitution.document, subject);
  const scores = scored(facts);
  const score = rounded(scores.reduce((sum, { value, weight }) => sum + weight * value, 0));
  const { threshold } = constitution.document;
  const rules = rule(constitution, requestOf(facts, tenant, history));
  const { labels } = facts;
  const taking = takingOf(subject, commandId, labels);
  const grave = [
    ...contentObjections(facts),
    ...limitObjections(facts),
    ...sequenceObjections(constitution.document, history, taking),
    ...ruleObjections(constitution.document, rules),
    ...(score < threshold ? [{ reason: 'SCORE_BELOW_THRESHOLD', clauses: ['score'] }] : []),
  ];
  const objections = grave.length > 0 ? grave : roomObjections(constitution.document, history, taking);
  const cautions = facts.findings
    .filter(({ severity }) => severity === 'caution')
    .map(({ id, code }) => ({ reason: code, clauses: [`moderation:${id}`] }));
  const grounds =
    objections.length > 0
      ? [...objections, ...cautions]
      : [{ reason: 'PERMITTED', clauses: [...rules.clauses, 'score'] }, ...cautions];
  return {
    outcome: objections.length > 0 ? 'deny' : 'allow',
    score,
    threshold,
    reasons: [...new Set(grounds.map(({ reason }) => reason))],
    clauses: [...new Set(grounds.flatMap(({ clauses }) => clauses))],
    features: scores,
    labels,
  };
}

const requestOf = (
  { subject, chars, findings: found, labels }: Facts,
  tenant: string,
  history: SessionHistory | null,
): RuleRequest => ({
  principal: subject.principal,
  tenant,
  action: subject.action,
  model: subject.model ?? DEFAULT_MODEL,
  context: {
    tenant,
    persona: subject.persona ?? '',
    prompt_chars: chars,
    max_tokens: subject.maxTokens ?? 0,
    capabilities: subject.capabilities,
    moderation: found.map(({ code }) => code),
    labels,
    session_labels: history?.labels ?? [],
  },
});

/** What the Cedar rules of a document see of a command. */
export const ruleRequest = (
  document: ConstitutionDocument,
  subject: Subject,
  tenant: string,
  history: SessionHistory | null,
): RuleRequest => requestOf(factsOf(document, subject), tenant, history);

function factsOf(document: ConstitutionDocument, subject: Subject): Facts {
  const plain = plainText(document, subject);
  return {
    subject,
    document,
    findings: matching(document.moderation, plain),
    labels: labelsOf(document, subject, plain),
    fit: subject.needs === null ? 'exact' : fitOf(subject.capabilities, subject.needs),
    chars: (subject.text ?? '').length,
    charsMax: charsMaxOf(document, subject),
  };
}

const scored = (facts: Facts): readonly FeatureScore[] =>
  facts.document.features.map(({ name, weight }) => ({ name, value: features[name](facts), weight }));

function contentObjections({ findings: found, fit, subject, document }: Facts): readonly Objection[] {
  const objections: Objection[] = found
    .filter(({ severity }) => severity === 'forbid')
    .map(({ id, code }) => ({ reason: code, clauses: [`moderation:${id}`] }));
  if (fit === 'missing') objections.push({ reason: 'CAPABILITY_MISSING', clauses: [`capability:${subject.needs}`] });
  const governing = subject.action === 'StartSession' ? subject.capabilities.filter(governs) : [];
  if (governing.length > 0)
    objections.push({
      reason: 'CAPABILITY_NOT_FOR_SESSIONS',
      clauses: governing.map((capability) => `capability:${capability}`),
    });
  if (!allows(document.personas, subject.persona))
    objections.push({ reason: 'PERSONA_UNKNOWN', clauses: ['personas'] });
  if (!allows(document.models, subject.model)) objections.push({ reason: 'MODEL_NOT_ALLOWED', clauses: ['models'] });
  return objections;
}

function limitObjections({ subject, document, chars, charsMax }: Facts): readonly Objection[] {
  const objections: Objection[] = [];
  if (subject.text !== null && subject.text.trim() === '')
    objections.push({ reason: 'PROMPT_EMPTY', clauses: ['limits'] });
  if (chars > charsMax) objections.push({ reason: 'PROMPT_TOO_LONG', clauses: ['limits'] });
  if ((subject.maxTokens ?? 0) > document.limits.max_tokens_max)
    objections.push({ reason: 'MAX_TOKENS_TOO_LARGE', clauses: ['limits'] });
  return objections;
}

function sequenceObjections(
  document: ConstitutionDocument,
  history: SessionHistory | null,
  taking: Taking,
): readonly Objection[] {
  if (history === null) return [];
  return completed(document, history.sequences, taking).map(({ id, code }) => ({
    reason: code,
    clauses: [`sequence:${id}`],
  }));
}

/** What cannot be remembered is not let in: the next command would be judged by half of what was before. */
function roomObjections(
  document: ConstitutionDocument,
  history: SessionHistory | null,
  taking: Taking,
): readonly Objection[] {
  const clauses = overflowing(history, grown(document, history, taking));
  return clauses.length === 0 ? [] : [{ reason: 'SESSION_HISTORY_FULL', clauses }];
}

function ruleObjections(document: ConstitutionDocument, { outcome, clauses }: RuleVerdict): readonly Objection[] {
  switch (outcome) {
    case 'permit':
      return [];
    case 'forbid':
      return clauses.map((id) => ({
        reason: document.policies.find((policy) => policy.id === id)?.code ?? 'RULE_FORBIDS',
        clauses: [id],
      }));
    case 'no-permit':
      return [{ reason: 'NO_PERMIT', clauses: [] }];
    case 'error':
      return [{ reason: 'RULE_ERROR', clauses }];
    default:
      return assertNever(outcome);
  }
}
