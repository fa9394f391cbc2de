import type { AnyRecord, BudgetShortfall, DecisionSummary, PolicyDecided } from '../../generated/records.ts';
import { isoOf } from '../../instant.ts';
import { shortfallOf } from '../budget.ts';
import { policyRefusals } from './refusals.ts';

/** Texts of reason codes, for users. A code without a text is shown as it is: constitutions have their own codes. */
const texts: Readonly<Record<string, string>> = {
  KILL_SWITCH: 'new work is stopped',
  TOKEN_REVOKED: 'the token was revoked',
  TENANT_SUSPENDED: 'the tenant is suspended',
  TENANT_MODEL_NOT_ALLOWED: 'the settings of the tenant do not allow the model',
  BUDGET_EXCEEDED: 'the request could exceed a budget of the tenant',
  BUDGET_TOO_SMALL: 'the request is larger than a whole budget of the tenant',
  CREDIT_SPENT: 'the prepaid credit of the tenant does not cover what the request may cost',
  SESSION_HISTORY_FULL: 'the history of the session has no room for the request',
  POLICY_ENGINE_DENIED: 'the external policy engine denies it',
  POLICY_ENGINE_UNAVAILABLE: 'the external policy engine gave no answer',
  POLICY_ENGINE_INVALID: 'the answer of the external policy engine is not a decision',
  MODERATION_UNAVAILABLE: 'the outside classifier gave no answer on its text',
  RECALL_UNAVAILABLE: 'the memories that it asks for could not be read',
  CONSTITUTION_UNVERIFIED: 'no verified constitution is active, so everything is refused',
  CAPABILITY_MISSING: 'a capability that the request needs was not granted',
  PERSONA_UNKNOWN: 'there is no such persona, or the constitution does not name it',
  MODEL_NOT_ALLOWED: 'the model is not in the constitution',
  PROMPT_EMPTY: 'the prompt is empty',
  PROMPT_TOO_LONG: 'the prompt is longer than the constitution allows',
  MAX_TOKENS_TOO_LARGE: 'the requested answer is longer than the constitution allows',
  RULE_FORBIDS: 'a rule forbids it',
  RULE_ERROR: 'a rule could not be evaluated',
  NO_PERMIT: 'no rule permits it',
  SCORE_BELOW_THRESHOLD: 'the score is below the threshold',
  REQUEST_TOO_COSTLY: 'the prompt and the requested answer are too long together',
  CAPABILITY_NOT_FOR_SESSIONS: 'a session must not hold a capability that governs the platform',
  MODERATION_SECRETS: 'the prompt asks for secrets or credentials',
  MODERATION_WEAPONS: 'the prompt asks how to make a weapon',
  MODERATION_SELF_HARM:
    'the prompt asks for ways to harm oneself; please speak with someone you trust or a crisis line near you',
  MODERATION_MALWARE: 'the prompt asks for malicious software',
};

/** Returns one sentence about a denial: the constitution, the reason and the clause. */
export function denialDetail(decision: DecisionSummary): string {
  const [code = 'UNKNOWN', ...others] = decision.reasons;
  const by = decision.constitutionVersion === '' ? '' : ` by constitution ${decision.constitutionVersion}`;
  const clause = decision.clauses[0] === undefined ? '' : `, clause ${decision.clauses[0]}`;
  const text = texts[code] === undefined ? '' : `: ${texts[code]}`;
  const score =
    code === 'SCORE_BELOW_THRESHOLD' ? ` (${decision.score.toFixed(3)} of ${decision.threshold.toFixed(3)})` : '';
  const more = others.length === 0 ? '' : `; also ${others.join(', ')}`;
  return `Refused${by}${text}${score} [${code}${clause}]${more}.`;
}

/** Returns the code of the refusal for a denial: its deciding reason where that is a code, otherwise POLICY_DENIED. */
export const refusalCode = ({ reasons }: DecisionSummary): (typeof policyRefusals)[number] =>
  policyRefusals.find((code) => code === reasons[0]) ?? 'POLICY_DENIED';

function remark({ cause, resetsAt }: BudgetShortfall): string {
  if (cause === 'too_large') return 'in all';
  if (cause === 'held') return 'left, and open requests hold the rest';
  return resetsAt === null ? 'left' : `left, and begins again at ${isoOf(resetsAt)}`;
}

/** Returns one sentence about a budget that refused a request: needed and left, for each limit of the window. */
export function shortfallDetail(shortfall: BudgetShortfall): string {
  const { window, tokensNeeded, costNeeded, tokensLeft, costLeft } = shortfall;
  const limits = [
    ...(tokensLeft === null ? [] : [{ needed: `${tokensNeeded} tokens`, left: tokensLeft }]),
    ...(costLeft === null ? [] : [{ needed: `${costNeeded} of cost`, left: costLeft }]),
  ];
  const needed = limits.map((limit) => limit.needed).join(' and ');
  const left = limits.map((limit) => limit.left).join(' and ');
  return `The request needs up to ${needed}; the window ${window} has ${left} ${remark(shortfall)}.`;
}

/** The fields of a refusal that follow from a denial. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly decision: DecisionSummary;
  readonly shortfall: BudgetShortfall | null;
}

const ofBudgets: ReadonlySet<unknown> = new Set(['BUDGET_EXCEEDED', 'BUDGET_TOO_SMALL', 'CREDIT_SPENT']);

/** Names what the constitution does not have: ` The persona is pirate.`; empty for any other reason. */
function namedIn(command: AnyRecord, { reasons }: DecisionSummary): string {
  const { persona, model } = command.data as { readonly persona?: unknown; readonly model?: unknown };
  if (reasons[0] === 'PERSONA_UNKNOWN' && typeof persona === 'string') return ` The persona is ${persona}.`;
  if (reasons[0] === 'MODEL_NOT_ALLOWED' && typeof model === 'string') return ` The model is ${model}.`;
  return '';
}

/** Returns the fields of the refusal of a denied command. Never throws. */
export function refusalOf({
  decision,
  budget,
  command,
}: Pick<PolicyDecided, 'decision' | 'budget' | 'command'>): Refusal {
  const short = ofBudgets.has(decision.reasons[0]) && budget !== null;
  const shortfall = short ? shortfallOf(budget, budget.windows) : null;
  const more = shortfall === null ? namedIn(command, decision) : ` ${shortfallDetail(shortfall)}`;
  return { code: refusalCode(decision), detail: `${denialDetail(decision)}${more}`, decision, shortfall };
}
