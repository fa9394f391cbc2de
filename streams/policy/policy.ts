import type { ConstitutionStatus, GovernedCommand } from '../../schemas/constitution.ts';
import { fullNames, type KillSwitch, policyDecided } from '../../schemas/generated/records.ts';
import { DEFAULT_MODEL, type KillSwitches, switchesOver } from '../../schemas/kill-switch.ts';
import { topics } from '../../schemas/topics.ts';
import { derivedId } from '../kernel/ids.ts';
import { killSwitches } from '../kernel/kill-switches.ts';
import { type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { constitutionTable } from './constitution.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { shadowed } from './shadow.ts';
import { subjectOf } from './subject.ts';

/** Raise it when the same input and constitution may come out otherwise. */
export const EVALUATOR_VERSION = 'khipu-policy/2';

const NAME = 'policy';

/** Without a verified constitution nothing is weighed: everything is refused. */
const refuseEverything = (code: string): Verdict => ({
  outcome: 'deny',
  score: 0,
  threshold: 0,
  reasons: ['CONSTITUTION_UNVERIFIED', code],
  clauses: [],
  features: [],
});

/** Under a kill switch nothing is weighed either. The decision names every switch, and the event that engaged it. */
const stoppedBy = (switches: readonly KillSwitch[]): Verdict => ({
  outcome: 'deny',
  score: 0,
  threshold: 0,
  reasons: ['KILL_SWITCH'],
  clauses: switches.flatMap(({ scope, engagedEventId }) => [`kill-switch:${scope}`, `event:${engagedEventId}`]),
  features: [],
});

/** What decisions are made by, as the tables hold it. */
export interface InForce {
  readonly constitution: ConstitutionStatus;
  readonly switches: KillSwitches;
}

/** The decision on one command. The same input, switches and constitution give the same bytes. */
export function decide(
  rule: PolicyEngine['rule'],
  { constitution, switches }: InForce,
  command: GovernedCommand,
  meta: Pick<Meta, 'id' | 'key' | 'tenantId'>,
): RecordOf<'PolicyDecided'> {
  const subject = subjectOf(command);
  const engaged = switchesOver(switches, { tenant: meta.tenantId, models: [subject.model ?? DEFAULT_MODEL] });
  const weighed = constitution.status === 'verified' && engaged.length === 0 ? constitution : null;
  const { features, ...verdict } =
    engaged.length > 0
      ? stoppedBy(engaged)
      : constitution.status === 'verified'
        ? evaluate(rule, constitution, subject, meta.tenantId)
        : refuseEverything(constitution.code);
  return policyDecided({
    subjectId: meta.key,
    commandId: meta.id,
    commandType: fullNames[command.type],
    command,
    decision: {
      // The decision is the first record that policy emits for the command: its id is that record's.
      decisionId: derivedId(meta.id, NAME, 0),
      ...verdict,
      constitutionVersion: weighed?.version ?? '',
      constitutionDigest: weighed?.digest ?? '',
    },
    features,
    principal: subject.principal,
    evaluatorVersion: EVALUATOR_VERSION,
  });
}

/** Decides on every governed command. Stateless, but for the constitutions and the kill switches. */
export const policy = (engine: PolicyEngine): Processor =>
  processor({
    name: NAME,
    inputs: [topics.sessionsCommands, topics.inferenceCommands],
    outputs: [topics.policyDecisions, topics.policyShadow],
    tables: { constitution: constitutionTable(engine.verify), switches: killSwitches },
    key: (_, meta) => meta.key,
    decide: (_, command, meta, { constitution, switches }) => {
      const decided = decide(engine.rule, { constitution: constitution.inForce, switches }, command, meta);
      const { shadow } = constitution;
      return [decided, ...shadowed(engine.rule, shadow?.status, command, meta, decided)];
    },
  });
