import type { z } from 'zod';
import { outcomeOf } from '../../../projections/events/queries.ts';
import { lifeCapabilities } from '../../../schemas/contexts/constitution/life.ts';
import { type TrialDecided, type TryCommand, tryCommand } from '../../../schemas/generated/records.ts';
import { auditOfCommand } from '../../shared/command/defaults.ts';
import { refusal } from '../../shared/command/outcome.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { decisionBody } from '../../shared/schemas.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { startRecord } from '../sessions/commands.ts';
import { trialAnswer, trialBody } from './schemas.ts';

const { command } = declare<Pick<GatewayServices, 'readModel' | 'tables'>>();

type Tried = Pick<
  TryCommand,
  'command' | 'commandId' | 'history' | 'persona' | 'classifier' | 'constitutionVersion' | 'recorded'
>;

/** Resolves with the command of a recorded decision, as it was decided. Rejects with Problem DECISION_UNKNOWN. */
async function recordedCommand(
  { readModel }: Pick<GatewayServices, 'readModel'>,
  tenantId: string,
  decisionId: string,
): Promise<Omit<Tried, 'constitutionVersion'> & { readonly version: string }> {
  const event = await readModel.event(tenantId, decisionId);
  const record = event === undefined ? null : outcomeOf(event).record;
  if (record?.type !== 'PolicyDecided')
    throw new Problem('DECISION_UNKNOWN', `There is no decision ${decisionId} of this tenant`);
  const { command: decided, commandId, history, persona, classifier, decision } = record.data;
  return {
    command: decided,
    commandId,
    history,
    persona,
    classifier,
    recorded: true,
    version: decision.constitutionVersion,
  };
}

const trialOf = ({
  trialId,
  commandType,
  decision,
  features,
  labels,
  findings,
  changes,
}: TrialDecided): z.infer<typeof trialAnswer> => ({
  trial_id: trialId,
  command_type: commandType,
  decision: decisionBody(decision),
  features: features.map((each) => ({ ...each })),
  labels: [...labels],
  findings: findings.map((each) => ({ ...each })),
  counterfactuals: changes.map((each) => ({ ...each })),
});

/** Route of trials. */
const tryPolicy = command({
  operationId: 'tryPolicy',
  tag: 'governance',
  summary: 'Ask what policy would decide on a prompt, or explain a recorded decision',
  description:
    'Nothing runs and nothing is charged. A prompt is decided as the start of a session, with kill switches, revocations and settings of the tenant; budgets and the external policy engine do not count. A recorded decision is explained by its constitution alone.',
  method: 'POST',
  url: '/v1/policy/trials',
  takes: lifeCapabilities.try,
  body: trialBody,
  appends: ['TryCommand'],
  command: async ({ caller, body, identity, requestDigest, tenantId, services }) => {
    const { principal, capabilities } = caller;
    const asked = { trialId: identity.subjectId, principal, capabilities: [...capabilities] };
    const constitutionVersion = body.constitution_version ?? null;
    if (body.decision_id !== undefined) {
      const { version, ...recorded } = await recordedCommand(services, tenantId, body.decision_id);
      return tryCommand({
        ...asked,
        ...recorded,
        constitutionVersion: constitutionVersion ?? (version || null),
        classifier: null,
      });
    }
    const { constitution_version: _, decision_id: __, persona = '', ...start } = body;
    return tryCommand({
      ...{ ...asked, command: startRecord({ caller, body: { ...start, persona }, identity, requestDigest, services }) },
      ...{
        commandId: identity.commandId,
        history: null,
        persona: null,
        classifier: null,
        constitutionVersion,
        recorded: false,
      },
      classifier: null,
    });
  },
  location: auditOfCommand,
  problems: ['DECISION_UNKNOWN', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    TrialRefused: refusal(['CONSTITUTION_UNKNOWN', 'CAPABILITY_MISSING', 'REQUEST_INVALID']),
    TrialDecided: { status: 201, schema: trialAnswer, answer: trialOf },
  },
});

/** Routes of policy: trials, which have no effect. */
export const policyRoutes = [tryPolicy];
