/** Trials: what policy would decide, without effect. */

import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { mayTake } from '../../schemas/contexts/constitution/life.ts';
import { decidedPersona, personaNames } from '../../schemas/contexts/personas/library.ts';
import { fullNames, trialDecided, trialRefused, tryCommand } from '../../schemas/generated/records.ts';
import { isGoverned, requestOf } from '../../schemas/governed.ts';
import { derivedId } from '../../schemas/ids.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import { type Tables, withInstructions } from './command-decision.ts';
import { explain } from './counterfactual.ts';
import { NAME } from './decide.ts';
import { preconditionRefusal, refused, rulesOfTenant } from './preconditions.ts';
import type { RuleEngine } from './rule-engine.ts';

/** Returns the constitution of a trial: the active one, or a published version; undefined for an unknown version. */
function constitutionOf(
  engine: RuleEngine,
  { inForce, published }: Tables['constitution'],
  version: string | null,
): ConstitutionStatus | undefined {
  if (version === null) return inForce;
  const document = published.get(version);
  return document === undefined ? undefined : engine.verify(document);
}

/**
 * Returns the answer to a trial: the verdict, and the changes of one input that would reverse a denial. Budgets, the
 * external policy engine and other histories do not count. Costs some tens of evaluations. Never throws.
 */
export function tried(
  engine: RuleEngine,
  { data }: RecordOf<'TryCommand'>,
  meta: Pick<Meta, 'id' | 'tenantId'>,
  { constitution: register, switches, revocations, tenants, personas }: Tables,
): RecordOf<'TrialDecided' | 'TrialRefused'> {
  const { trialId, principal, capabilities, command, commandId, history, constitutionVersion, recorded } = data;
  const refuse = (code: string, detail: string) => trialRefused({ trialId, principal, code, detail });
  if (!mayTake(capabilities, 'try')) return refuse('CAPABILITY_MISSING', 'this takes constitution:try');
  if (!isGoverned(command)) return refuse('REQUEST_INVALID', 'no decision is made on this command');
  const constitution = constitutionOf(engine, register, constitutionVersion);
  if (constitution === undefined)
    return refuse('CONSTITUTION_UNKNOWN', `no constitution ${constitutionVersion} is published`);
  const { tenantId } = meta;
  const described = requestOf(command);
  const persona = recorded ? data.persona : decidedPersona(personas, tenantId, described.persona);
  const request = withInstructions(described, persona);
  const rules = rulesOfTenant(tenants.get(tenantId));
  const before = recorded ? null : preconditionRefusal({ switches, revocations, tenant: rules }, request, tenantId);
  const unverified =
    constitution.status === 'verified' ? null : refused(['CONSTITUTION_UNVERIFIED', constitution.code], []);
  const explained =
    before === null && constitution.status === 'verified'
      ? explain(
          engine.rule,
          constitution,
          request,
          tenantId,
          { history, commandId, persona, classifier: data.classifier },
          personaNames(personas, tenantId),
        )
      : null;
  const {
    features,
    labels,
    flow: _flow,
    approval: _approval,
    found,
    ...verdict
  } = before ?? unverified ?? explained?.verdict ?? refused(['RULE_ERROR'], []);
  const weighed = explained !== null && constitution.status === 'verified' ? constitution : null;
  return trialDecided({
    ...{ trialId, principal, commandType: fullNames[command.type] },
    decision: {
      // The answer is the only record that policy emits for a trial, so the decision has the id of that record.
      decisionId: derivedId(meta.id, NAME, 0),
      ...verdict,
      constitutionVersion: weighed?.version ?? '',
      constitutionDigest: weighed?.digest ?? '',
    },
    features,
    labels,
    findings: found,
    changes: (explained?.counterfactuals ?? []).map(({ input, what, size }) => ({ input, what, size })),
  });
}

/** Returns the answer to what a simulated job asks for: a trial of a new command, without the history of its session. */
export const simulated = (
  engine: RuleEngine,
  { data }: RecordOf<'SimulateCommand'>,
  meta: Pick<Meta, 'id' | 'tenantId'>,
  tables: Tables,
): RecordOf<'TrialDecided' | 'TrialRefused'> =>
  tried(engine, tryCommand({ ...data, history: null, persona: null, classifier: null, recorded: false }), meta, tables);
