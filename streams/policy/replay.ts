/** Decisions made again: with what was in force then, to see that they come out the same; with something else, to see what would change. */
import { type ConstitutionStatus, isGoverned, type VerifiedConstitution } from '../../schemas/constitution.ts';
import type { DecisionOutcome, KillSwitch, PolicyDecided } from '../../schemas/generated/records.ts';
import type { KillSwitches } from '../../schemas/kill-switch.ts';
import { type Revocations, withRevocation } from '../../schemas/revocation.ts';
import type { RecordOf } from '../kernel.ts';
import { decide, EVALUATOR_VERSION, type InForce } from './decide.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate } from './evaluate.ts';
import { type Hindsight, lookBack } from './hindsight.ts';
import { underAnswer } from './outside.ts';
import { isBesideConstitution, type TenantRules } from './preconditions.ts';
import type { Recorded } from './recorded.ts';
import { subjectOf } from './subject.ts';

/** Why a decision cannot be made again here. */
export type NotAgain = 'other-evaluator' | 'command-unknown' | 'constitution-unknown';

/** The decision that the same evaluator takes on the same command under the same constitution; equal, unless something was wrong. */
export function decideAgain(
  rule: PolicyEngine['rule'],
  constitutions: ReadonlyMap<string, ConstitutionStatus>,
  { record: { data }, meta }: Recorded,
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

/** What a decision does not tell of a switch, and does not depend on. */
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

/** The settings that refused it, as far as the decision tells and depends on them; null when none did. */
function tenantNamed({ reasons, clauses }: Decision): TenantRules | null {
  const version = Number(clauses[0]?.slice(TENANT.length));
  if (reasons[0] === 'TENANT_SUSPENDED') return { version, status: 'suspended', models: [] };
  if (reasons[0] === 'TENANT_MODEL_NOT_ALLOWED') return { version, status: 'active', models: [] };
  return null;
}

/** The revocation that refused it; none when none did. */
const revocationsNamed = ({ reasons, clauses }: Decision, tenantId: string): Revocations =>
  reasons[0] === 'TOKEN_REVOKED'
    ? withRevocation(new Map(), tenantId, {
        scope: clauses[0]?.slice(REVOCATION.length) ?? '',
        issuedUntil: Number.MAX_SAFE_INTEGER,
      })
    : new Map();

/**
 * What the decision says that was in force. Without a constitution it names why there was none as its second reason, and
 * under kill switches its clauses are pairs: the scope of each, and the event that engaged it. Budgets, what was remembered of
 * the session and what the outside engine said stand in it whole.
 */
function inForceAt(
  constitutions: ReadonlyMap<string, ConstitutionStatus>,
  { decision, budget: claim, history, engine }: PolicyDecided,
  tenantId: string,
): InForce | undefined {
  const { constitutionDigest, reasons, clauses } = decision;
  const none: ConstitutionStatus = { status: 'unverified', code: reasons[1] ?? '', detail: '' };
  const tenant = tenantNamed(decision);
  const revocations = revocationsNamed(decision, tenantId);
  const recorded = { revocations, tenant, claim, history, engine };
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

/** A verdict that another constitution would turn. */
export interface Flip {
  readonly decisionId: string;
  readonly commandType: string;
  readonly from: DecisionOutcome;
  /** `unknown` when the outside engine, which was not asked then, would have a say. */
  readonly to: DecisionOutcome | 'unknown';
  /** The deciding reason before and after. */
  readonly reasonBefore: string;
  readonly reasonAfter: string;
}

/**
 * What would come of a command that was decided before, under `candidate` and what the engine said then; null for the same.
 * `hindsight` is what was let into sessions, by hindsight.ts; without it sessions have no history.
 */
export function flipUnder(
  rule: PolicyEngine['rule'],
  candidate: VerifiedConstitution,
  recorded: Recorded,
  hindsight: Hindsight = new Map(),
): Flip | null {
  const { command, commandId, commandType, decision, engine } = recorded.record.data;
  if (!isGoverned(command) || isBesideConstitution(decision)) return null;
  const past = { history: lookBack(candidate, hindsight, recorded), commandId };
  const { outcome, reasons } = evaluate(rule, candidate, subjectOf(command), recorded.meta.tenantId, past);
  const to = outcome === 'deny' ? outcome : underAnswer(engine?.outcome);
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
