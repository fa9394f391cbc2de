import type { DecisionSummary } from '../../schemas/generated/records.ts';
import { passingRefusals } from '../../schemas/refusal.ts';

/** What a reason code says to a person. A code that is missing here is shown as it is: constitutions bring codes of their own. */
const texts: Readonly<Record<string, string>> = {
  KILL_SWITCH: 'new work is stopped',
  TOKEN_REVOKED: 'the token was taken back',
  TENANT_SUSPENDED: 'the tenant is suspended',
  TENANT_MODEL_NOT_ALLOWED: 'the settings of the tenant leave the model out',
  BUDGET_EXCEEDED: 'with what the request could use, a budget of the tenant would be overdrawn',
  SESSION_HISTORY_FULL: 'what it brings into the session could not be remembered',
  POLICY_ENGINE_DENIED: 'the outside policy engine denies it',
  POLICY_ENGINE_UNAVAILABLE: 'the outside policy engine gave no answer',
  POLICY_ENGINE_INVALID: 'the answer of the outside policy engine is no decision',
  CONSTITUTION_UNVERIFIED: 'no verified constitution is active, so everything is refused',
  CAPABILITY_MISSING: 'a capability that the request needs was not granted',
  PERSONA_UNKNOWN: 'the persona is not in the constitution',
  MODEL_NOT_ALLOWED: 'the model is not in the constitution',
  PROMPT_EMPTY: 'the prompt says nothing',
  PROMPT_TOO_LONG: 'the prompt is longer than the constitution allows',
  MAX_TOKENS_TOO_LARGE: 'the answer asked for is longer than the constitution allows',
  RULE_FORBIDS: 'a rule forbids it',
  RULE_ERROR: 'a rule could not be evaluated',
  NO_PERMIT: 'no rule permits it',
  SCORE_BELOW_THRESHOLD: 'the score is below the threshold',
  REQUEST_TOO_COSTLY: 'the prompt and the answer asked for are too long together',
  CAPABILITY_NOT_FOR_SESSIONS: 'a session must not hold a capability that governs the platform',
  MODERATION_SECRETS: 'the prompt asks for secrets or credentials',
  MODERATION_WEAPONS: 'the prompt asks how to make a weapon',
  MODERATION_SELF_HARM:
    'the prompt asks for ways to harm oneself; please speak with someone you trust or a crisis line near you',
  MODERATION_MALWARE: 'the prompt asks for malicious software',
};

/** One sentence on why a decision denies: by whom, for what, under which clause. */
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

/** Code of the refusal that a denial becomes. What the request itself could not mend has a code of its own. */
export const refusalCode = ({ reasons }: DecisionSummary): (typeof passingRefusals)[number] | 'POLICY_DENIED' =>
  passingRefusals.find((code) => code === reasons[0]) ?? 'POLICY_DENIED';
