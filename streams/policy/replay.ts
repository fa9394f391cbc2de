/** Recomputed decisions: with their recorded inputs, to verify them; with another constitution, to find changes. */

import type { ConstitutionStatus, VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { KillSwitches } from '../../schemas/contexts/kill-switch.ts';
import { type Revocations, withRevocation } from '../../schemas/contexts/revocations.ts';
import type { DecisionOutcome, KillSwitch, PolicyDecided } from '../../schemas/generated/records.ts';
import { type GovernedRequest, isGoverned, requestOf } from '../../schemas/governed.ts';
import type { RecordOf } from '../kernel.ts';
import { needsClassifier } from './classifier.ts';
import { type DecisionInputs, decide, EVALUATOR_VERSION } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { historyBefore, type ReplayedHistories } from './history-replay.ts';
import { outcomeWithAnswer } from './policy-engine.ts';
import { isIndependentOfConstitution, type TenantRules } from './preconditions.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import type { RuleEngine } from './rule-engine.ts';

/** The reason why a decision cannot be recomputed here. */
export type NotAgain = 'other-evaluator' | 'command-unknown' | 'constitution-unknown';

/**
 * Recomputes a recorded decision: same evaluator, command, constitution and recorded inputs. The result equals the
 * record, byte for byte, unless the record was changed or the evaluator is not deterministic. Never throws.
 */
export function decideAgain(
  rule: RuleEngine['rule'],
  constitutions: ReadonlyMap<string, ConstitutionStatus>,
  { record: { data }, meta }: RecordedDecision,
): RecordOf<'PolicyDecided'> | NotAgain {
  if (data.evaluatorVersion !== EVALUATOR_VERSION) return 'other-evaluator';
  if (!isGoverned(data.command)) return 'command-unknown';
  const inForce = inForceAt(constitutions, data, meta.tenantId);
  if (inForce === undefined) return 'constitution-unknown';
  const command = { id: data.commandId, key: data.subjectId, tenantId: meta.tenantId };
  return decide(rule, inForce, data.command, command, meta.causationId);
}

const SCOPE = 'kill-switch:';
const EVENT = 'event:';
const TENANT = 'tenant:';
const REVOCATION = 'revocation:';

/** Placeholders for fields of a switch that a decision neither records nor uses. */
const unknownSwitch: Omit<KillSwitch, 'scope' | 'engagedEventId'> = {
  engaged: true,
  mode: 'stop',
  reason: '',
  engagedBy: '',
  since: 0,
  twoPerson: false,
  releaseProposedBy: null,
};

type Decision = PolicyDecided['decision'];

const wasStopped = ({ reasons }: Decision): boolean => reasons[0] === 'KILL_SWITCH';

/** Returns the settings that refused the request, as far as the decision records and uses them; null when none did. */
function tenantNamed({ reasons, clauses }: Decision): TenantRules | null {
  const version = Number(clauses[0]?.slice(TENANT.length));
  if (reasons[0] === 'TENANT_SUSPENDED') return { version, status: 'suspended', models: [] };
  if (reasons[0] === 'TENANT_MODEL_NOT_ALLOWED') return { version, status: 'active', models: [] };
  return null;
}

/** Returns the revocation that refused the request; empty when none did. */
const revocationsNamed = ({ reasons, clauses }: Decision, tenantId: string): Revocations =>
  reasons[0] === 'TOKEN_REVOKED'
    ? withRevocation(new Map(), tenantId, {
        scope: clauses[0]?.slice(REVOCATION.length) ?? '',
        issuedUntil: Number.MAX_SAFE_INTEGER,
      })
    : new Map();

/**
 * Returns the inputs of a decision, from its record. Without a constitution, its second reason has the cause; under
 * kill switches, its clauses are pairs of a scope and the event that engaged it. Budget claim, history of the session,
 * answers of the external engine and of the outside classifier, and persona are recorded completely.
 */
function inForceAt(
  constitutions: ReadonlyMap<string, ConstitutionStatus>,
  { decision, budget: claim, history, engine, classifier, persona }: PolicyDecided,
  tenantId: string,
): DecisionInputs | undefined {
  const { constitutionDigest, reasons, clauses } = decision;
  const none: ConstitutionStatus = { status: 'unverified', code: reasons[1] ?? '', detail: '' };
  const tenant = tenantNamed(decision);
  const revocations = revocationsNamed(decision, tenantId);
  const recorded = { revocations, tenant, claim, history, engine, classifier, persona };
  if (wasStopped(decision)) return { constitution: none, switches: switchesNamed(clauses), ...recorded };
  const constitution = constitutionDigest === '' ? none : constitutions.get(constitutionDigest);
  return constitution && { constitution, switches: new Map(), ...recorded };
}

function switchesNamed(clauses: readonly string[]): KillSwitches {
  const switches = new Map<string, KillSwitch>();
  for (const [index, clause] of clauses.entries()) {
    if (!clause.startsWith(SCOPE)) continue;
    const scope = clause.slice(SCOPE.length);
    const engagedEventId = clauses[index + 1]?.slice(EVENT.length) ?? '';
    switches.set(scope, { ...unknownSwitch, scope, engagedEventId });
  }
  return switches;
}

/**
 * Returns the outcome of a command that a constitution allows, with the recorded answers; `unknown` when it depends on an
 * engine or a classifier that was not asked.
 */
function outcomeWithAnswers(
  candidate: VerifiedConstitution,
  request: GovernedRequest,
  { engine, classifier }: Pick<PolicyDecided, 'engine' | 'classifier'>,
): DecisionOutcome | 'unknown' {
  if (classifier?.outcome === 'unavailable' || classifier?.outcome === 'invalid') return 'deny';
  const hasScores = classifier !== null && classifier.outcome !== 'unasked';
  if (!hasScores && needsClassifier(candidate, request)) return 'unknown';
  return outcomeWithAnswer(engine?.outcome);
}

/** A verdict that another constitution would change. */
export interface VerdictChange {
  readonly decisionId: string;
  readonly commandType: string;
  readonly from: DecisionOutcome;
  /** `unknown` when it depends on the external engine or the outside classifier, which was not asked then. */
  readonly to: DecisionOutcome | 'unknown';
  /** Deciding reason before; `reasonAfter` is the one after. */
  readonly reasonBefore: string;
  readonly reasonAfter: string;
}

/**
 * Returns the change of a recorded verdict under `candidate` and the recorded answer of the engine; null when it stays.
 * `histories` comes from history-replay.ts; without it sessions have no history. Never throws.
 */
export function verdictChange(
  rule: RuleEngine['rule'],
  candidate: VerifiedConstitution,
  recorded: RecordedDecision,
  histories: ReplayedHistories = new Map(),
): VerdictChange | null {
  const { command, commandId, commandType, decision, classifier, persona } = recorded.record.data;
  if (!isGoverned(command) || isIndependentOfConstitution(decision)) return null;
  const past = { history: historyBefore(candidate, histories, recorded), commandId, persona, classifier };
  const request = requestOf(command);
  const { outcome, reasons } = evaluate(rule, candidate, request, recorded.meta.tenantId, past);
  const to = outcome === 'deny' ? outcome : outcomeWithAnswers(candidate, request, recorded.record.data);
  const { decisionId, outcome: before, reasons: reasonsBefore } = decision;
  if (to === before) return null;
  return {
    decisionId,
    commandType,
    from: before,
    to,
    reasonBefore: reasonsBefore[0] ?? '',
    reasonAfter: reasons[0] ?? '',
  };
}
