import type { ConstitutionStatus } from '../../schemas/constitution.ts';
import { fullNames, policyDecided } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { derivedId } from '../kernel/ids.ts';
import { type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { constitutionTable } from './constitution.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { type GovernedCommand, subjectOf } from './subject.ts';

/** Raise it when the same input and constitution may come out otherwise. */
export const EVALUATOR_VERSION = 'khipu-policy/1';

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

/** The decision on one command. The same input and constitution give the same bytes. */
export function decide(
  rule: PolicyEngine['rule'],
  inForce: ConstitutionStatus,
  command: GovernedCommand,
  meta: Meta,
): RecordOf<'PolicyDecided'> {
  const subject = subjectOf(command);
  const verified = inForce.status === 'verified';
  const { features, ...verdict } = verified
    ? evaluate(rule, inForce, subject, meta.tenantId)
    : refuseEverything(inForce.code);
  return policyDecided({
    subjectId: meta.key,
    commandId: meta.id,
    commandType: fullNames[command.type],
    command,
    decision: {
      // The decision is the first and only record that policy emits for the command: its id is that record's.
      decisionId: derivedId(meta.id, NAME, 0),
      ...verdict,
      constitutionVersion: verified ? inForce.version : '',
      constitutionDigest: verified ? inForce.digest : '',
    },
    features,
    principal: subject.principal,
    evaluatorVersion: EVALUATOR_VERSION,
  });
}

/** Decides on every governed command. Stateless, but for the constitution in force. */
export const policy = (engine: PolicyEngine): Processor =>
  processor({
    name: NAME,
    inputs: [topics.sessionsCommands, topics.inferenceCommands],
    outputs: [topics.policyDecisions],
    tables: { constitution: constitutionTable(engine.verify) },
    key: (_, meta) => meta.key,
    decide: (_, command, meta, { constitution }) => [decide(engine.rule, constitution.inForce, command, meta)],
  });
