import { isGoverned } from '../../../schemas/constitution.ts';
import type { PolicyDecided } from '../../../schemas/generated/records.ts';
import { type Explanation, explain } from '../../../streams/policy/flip.ts';
import { subjectOf } from '../../../streams/policy/subject.ts';
import { createCedarEngine } from '../../governance/cedar-engine.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/log.ts';
import { failure } from '../failure.ts';
import { readConstitutions, readDecisions } from './decisions.ts';
import type { TrustedKeys } from './what-if.ts';

export interface ExplainedDecision {
  readonly decided: PolicyDecided;
  readonly tenantId: string;
  /** Null where no constitution was weighed: a kill switch came first, or none could be verified. */
  readonly explanation: Explanation | null;
}

/** Finds a decision in the log, and what would have turned it under the constitution that it names. Throws DECISION_UNKNOWN. */
export async function explainDecision(
  log: Log,
  decoder: RecordDecoder,
  trusted: TrustedKeys,
  decisionId: string,
): Promise<ExplainedDecision> {
  let found: { readonly decided: PolicyDecided; readonly tenantId: string } | undefined;
  await readDecisions(log, decoder, ({ record, meta }) => {
    if (record.type === 'PolicyDecided' && record.data.decision.decisionId === decisionId)
      found = { decided: record.data, tenantId: meta.tenantId };
    return found === undefined;
  });
  if (found === undefined) throw failure('DECISION_UNKNOWN', `no decision ${decisionId} stands in the log`);
  const { decided, tenantId } = found;
  const { command, commandId, history, decision } = decided;
  const { constitutionDigest } = decision;
  if (constitutionDigest === '' || !isGoverned(command)) return { ...found, explanation: null };
  const engine = createCedarEngine({ trusted });
  const constitution = (await readConstitutions(log, decoder, engine.verify)).get(constitutionDigest);
  if (constitution?.status !== 'verified')
    throw failure('CONSTITUTION_UNKNOWN', `no constitution of sha256 ${constitutionDigest} verifies any more`);
  const subject = subjectOf(command);
  return { ...found, explanation: explain(engine.rule, constitution, subject, tenantId, { history, commandId }) };
}
