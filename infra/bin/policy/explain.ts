import { personaNames } from '../../../schemas/contexts/personas/library.ts';
import type { PolicyDecided } from '../../../schemas/generated/records.ts';
import { isGoverned, requestOf } from '../../../schemas/governed.ts';
import { type Explanation, explain } from '../../../streams/policy/counterfactual.ts';
import { personas as personaTable } from '../../../streams/tables/personas.ts';
import type { CedarEngine } from '../../governance/cedar/engine.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/port.ts';
import { failure } from '../failure.ts';
import { readTable } from '../setup/constitution.ts';
import { readConstitutions, readDecisions } from './decisions.ts';

/** A recorded decision with the changes of a single input that would have reversed it. */
export interface ExplainedDecision {
  readonly decided: PolicyDecided;
  readonly tenantId: string;
  /** Null when no constitution was evaluated: a kill switch decided, or no constitution could be verified. */
  readonly explanation: Explanation | null;
}

/**
 * Finds a decision in the log and explains it under the constitution that it names. Rejects with DECISION_UNKNOWN when it is not
 * in the log, and with CONSTITUTION_UNKNOWN when its constitution can no longer be verified.
 */
export async function explainDecision(
  log: Log,
  decoder: RecordDecoder,
  engine: CedarEngine,
  decisionId: string,
): Promise<ExplainedDecision> {
  let found: { readonly decided: PolicyDecided; readonly tenantId: string } | undefined;
  await readDecisions(log, decoder, ({ record, meta }) => {
    if (record.type === 'PolicyDecided' && record.data.decision.decisionId === decisionId)
      found = { decided: record.data, tenantId: meta.tenantId };
    return found === undefined;
  });
  if (found === undefined) throw failure('DECISION_UNKNOWN', `decision ${decisionId} is not in the log`);
  const { decided, tenantId } = found;
  const { command, commandId, history, persona, classifier, decision } = decided;
  const { constitutionDigest } = decision;
  if (constitutionDigest === '' || !isGoverned(command)) return { ...found, explanation: null };
  const constitution = (await readConstitutions(log, decoder, engine.verify)).get(constitutionDigest);
  if (constitution?.status !== 'verified')
    throw failure('CONSTITUTION_UNKNOWN', `no constitution with sha256 ${constitutionDigest} can be verified now`);
  const subject = requestOf(command);
  const past = { history, commandId, persona, classifier };
  const personas = personaNames(await readTable(log, decoder, personaTable), tenantId);
  return { ...found, explanation: explain(engine.rule, constitution, subject, tenantId, past, personas) };
}
