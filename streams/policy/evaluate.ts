import { governs, notCovered } from '../../schemas/capabilities.ts';
import type { ConstitutionDocument, VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { RuleRequest, RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';
import { confidentialityOf, integrityOf } from '../../schemas/contexts/policy/flow.ts';
import type {
  ApprovalRequirement,
  ClassifierAnswer,
  DecidedPersona,
  DecisionOutcome,
  FeatureScore,
  Finding,
  LabelSource,
  SessionHistory,
} from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import { namedResource } from '../../schemas/governed-command.ts';
import { assertNever } from '../kernel.ts';
import { approvalFor } from './approval.ts';
import { fitOf } from './capabilities.ts';
import { allows, type Facts, features, modelOf } from './features.ts';
import { capacityClauses, type EvaluationContext, historyAfter, looksAtLabels, noContext } from './history.ts';
import { charsMaxOf, flowOf, labelsOf, plainText } from './labels.ts';
import { classifierLabels, findingsIn, recordedFindings, scoresOf } from './moderation.ts';
import type { RuleEngine } from './rule-engine.ts';
import { completedBy, type StepCandidate, stepCandidateOf } from './sequences.ts';

/** The result of an evaluation. */
export interface Verdict {
  readonly outcome: DecisionOutcome;
  /** From 0 to 1. */
  readonly score: number;
  readonly threshold: number;
  /** Reason codes, the deciding one first. */
  readonly reasons: readonly string[];
  readonly clauses: readonly string[];
  readonly features: readonly FeatureScore[];
  /** Labels of the command: declared by its caller, or found in its text. */
  readonly labels: readonly string[];
  /** What rules found in its text. */
  readonly found: readonly Finding[];
  /** Labels that the rules saw, and where each came from; empty where the constitution asks for none. */
  readonly flow: readonly LabelSource[];
  /** Approvals that an allowed call needs; null for none. */
  readonly approval: ApprovalRequirement | null;
}

/** The part of a verdict that a decision summarizes. */
export type Ruling = Omit<Verdict, 'features' | 'labels' | 'found' | 'flow' | 'approval'>;

interface Objection {
  readonly reason: string;
  readonly clauses: readonly string[];
}

/** Rounds a score to nine fraction digits: sums of weights are inexact, nine digits are equal on every machine. */
const rounded = (score: number): number => Math.round(score * 1e9) / 1e9;

/**
 * Evaluates one request under a verified constitution. It is allowed only without objections. Everything is evaluated
 * even after the first objection, so that the decision lists all of them; their order is moderation, capability,
 * persona, model, limits, sequences, Cedar rules, score, and last the capacity of the session's history. Never throws:
 * a rule that fails denies with RULE_ERROR.
 */
export function evaluate(
  rule: RuleEngine['rule'],
  constitution: VerifiedConstitution,
  request: GovernedRequest,
  tenant: string,
  { history, commandId, persona, classifier }: EvaluationContext = noContext,
): Verdict {
  const facts = factsOf(constitution.document, request, persona, classifier);
  const scores = scored(facts);
  const score = rounded(scores.reduce((sum, { value, weight }) => sum + weight * value, 0));
  const { threshold } = constitution.document;
  const { labels, found } = facts;
  const carried = flowing(labels, history);
  const rules = rule(constitution, ruleRequestOf(facts, tenant, history, carried));
  const flow = looksAtLabels(constitution.document) ? flowOf(request, labels, history) : [];
  const candidate = stepCandidateOf(request, commandId, labels);
  const grave = [
    ...contentObjections(facts),
    ...limitObjections(facts),
    ...sequenceObjections(constitution.document, history, candidate),
    ...ruleObjections(constitution.document, rules),
    ...(score < threshold ? [{ reason: 'SCORE_BELOW_THRESHOLD', clauses: ['score'] }] : []),
  ];
  const objections = grave.length > 0 ? grave : capacityObjections(constitution.document, history, candidate);
  const cautions = facts.findings
    .filter(({ severity }) => severity === 'caution')
    .map(({ id, code }) => ({ reason: code, clauses: [`moderation:${id}`] }));
  const grounds =
    objections.length > 0
      ? [...objections, ...cautions]
      : [{ reason: 'PERMITTED', clauses: [...rules.clauses, 'score'] }, ...cautions];
  const isAllowed = objections.length === 0;
  return {
    outcome: isAllowed ? 'allow' : 'deny',
    score,
    threshold,
    reasons: [...new Set(grounds.map(({ reason }) => reason))],
    clauses: [...new Set(grounds.flatMap(({ clauses }) => clauses))],
    features: scores,
    labels,
    found,
    flow,
    approval: isAllowed ? approvalFor(constitution.document, request, carried) : null,
  };
}

/** Returns the labels of a command and of its session. */
const flowing = (labels: readonly string[], history: SessionHistory | null): readonly string[] => [
  ...new Set([...labels, ...(history?.labels ?? [])]),
];

const ruleRequestOf = (
  { request, chars, findings, labels }: Facts,
  tenant: string,
  history: SessionHistory | null,
  carried: readonly string[],
): RuleRequest => ({
  principal: request.principal,
  tenant,
  action: request.action,
  resource: namedResource(request.resource),
  context: {
    tenant,
    persona: request.persona ?? '',
    prompt_chars: chars,
    max_tokens: request.maxTokens ?? 0,
    calls: request.estimate.unit === 'calls' ? request.estimate.callsMax : 0,
    capabilities: request.capabilities,
    moderation: findings.map(({ code }) => code),
    labels,
    session_labels: history?.labels ?? [],
    flow_labels: carried,
    integrity: integrityOf(carried),
    confidentiality: confidentialityOf(carried),
    effect: request.toolCall?.effect ?? '',
  },
});

/** Returns the request that the Cedar rules of a document see. Never throws. */
export const ruleRequest = (
  document: ConstitutionDocument,
  request: GovernedRequest,
  tenant: string,
  history: SessionHistory | null,
  classifier: ClassifierAnswer | null,
): RuleRequest => {
  const facts = factsOf(document, request, null, classifier);
  return ruleRequestOf(facts, tenant, history, flowing(facts.labels, history));
};

/** Returns false for a persona that was looked for and not found. Without a look-up, no persona is missing. */
const isThere = (persona: DecidedPersona | null, name: string | null): boolean =>
  persona === null || persona.name !== name || persona.version > 0;

function factsOf(
  document: ConstitutionDocument,
  request: GovernedRequest,
  persona: DecidedPersona | null,
  classifier: ClassifierAnswer | null,
): Facts {
  const found = findingsIn(document, plainText(document, request), scoresOf(classifier));
  return {
    request,
    document,
    hasPersona: isThere(persona, request.persona),
    findings: found.moderation.map(({ rule }) => rule),
    found: recordedFindings(found),
    labels: labelsOf(request, found, classifierLabels(classifier)),
    fit: request.needs === null ? 'exact' : fitOf(request.capabilities, request.needs),
    chars: Math.max(...[request.text ?? '', ...(request.classified ?? [])].map(({ length }) => length)),
    charsMax: charsMaxOf(document, request),
  };
}

const scored = (facts: Facts): readonly FeatureScore[] =>
  facts.document.features.map(({ name, weight }) => ({ name, value: features[name](facts), weight }));

function contentObjections({ findings, fit, request, document, hasPersona }: Facts): readonly Objection[] {
  const objections: Objection[] = findings
    .filter(({ severity }) => severity === 'forbid')
    .map(({ id, code }) => ({ reason: code, clauses: [`moderation:${id}`] }));
  const missing = [
    ...(fit === 'missing' && request.needs !== null ? [request.needs] : []),
    ...notCovered(request.capabilities, request.alsoNeeds ?? []),
  ];
  if (missing.length > 0)
    objections.push({ reason: 'CAPABILITY_MISSING', clauses: missing.map((capability) => `capability:${capability}`) });
  const governing = request.delegates ? request.capabilities.filter(governs) : [];
  if (governing.length > 0)
    objections.push({
      reason: 'CAPABILITY_NOT_FOR_SESSIONS',
      clauses: governing.map((capability) => `capability:${capability}`),
    });
  if (!allows(document.personas, request.persona))
    objections.push({ reason: 'PERSONA_UNKNOWN', clauses: ['personas'] });
  if (!hasPersona) objections.push({ reason: 'PERSONA_UNKNOWN', clauses: [`persona:${request.persona}`] });
  if (!allows(document.models, modelOf(request))) objections.push({ reason: 'MODEL_NOT_ALLOWED', clauses: ['models'] });
  return objections;
}

function limitObjections({ request, document, chars, charsMax }: Facts): readonly Objection[] {
  const objections: Objection[] = [];
  if (request.text !== null && request.text.trim() === '')
    objections.push({ reason: 'PROMPT_EMPTY', clauses: ['limits'] });
  if (chars > charsMax) objections.push({ reason: 'PROMPT_TOO_LONG', clauses: ['limits'] });
  if ((request.maxTokens ?? 0) > document.limits.max_tokens_max)
    objections.push({ reason: 'MAX_TOKENS_TOO_LARGE', clauses: ['limits'] });
  return objections;
}

function sequenceObjections(
  document: ConstitutionDocument,
  history: SessionHistory | null,
  candidate: StepCandidate,
): readonly Objection[] {
  if (history === null) return [];
  return completedBy(document, history.sequences, candidate).map(({ id, code }) => ({
    reason: code,
    clauses: [`sequence:${id}`],
  }));
}

/**
 * Denies a command whose effect on the history has no room: the next command would be evaluated with an incomplete
 * history.
 */
function capacityObjections(
  document: ConstitutionDocument,
  history: SessionHistory | null,
  candidate: StepCandidate,
): readonly Objection[] {
  const clauses = capacityClauses(history, historyAfter(document, history, candidate));
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
