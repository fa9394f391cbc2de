import type { FastifyRequest } from 'fastify';
import { anyCovers } from '../../schemas/capabilities.ts';
import { policyRefusals } from '../../schemas/contexts/policy/refusals.ts';
import { CHANGE_SESSIONS } from '../../schemas/contexts/sessions.ts';
import { changeSession, type RecordName } from '../../schemas/generated/records.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { askerOf } from '../shared/auth/caller.ts';
import { digestOf, identityOf } from '../shared/idempotency.ts';
import { Problem } from '../shared/problems/problem.ts';
import { policyProblem } from '../shared/problems/shortfall.ts';
import { requireCapability } from '../shared/route/request.ts';
import type { GatewayServices } from '../shared/services.ts';
import { traceparentOf } from '../shared/trace.ts';
import { shown } from './shown.ts';

export type ChangeServices = Pick<GatewayServices, 'sender' | 'config' | 'readModel'>;

/** Outcomes and problems of a change. */
export const changeOutcomes = ['SessionChanged', 'SessionChangeRefused'] as const satisfies readonly RecordName[];
export const changeProblems = [
  'CAPABILITY_MISSING',
  ...policyRefusals,
  'LOG_UNAVAILABLE',
  'READ_MODEL_UNAVAILABLE',
] as const;

/** Throws Problem CAPABILITY_MISSING for a caller that may not change sessions. */
export const requireChange = (request: FastifyRequest): void =>
  requireCapability(anyCovers(callerOf(request).capabilities, CHANGE_SESSIONS), CHANGE_SESSIONS);

/** A change of what is shown of a session. */
interface Change {
  readonly operationId: string;
  readonly sessionId: string;
  readonly place: string | null;
  readonly change: 'metadata' | 'items' | 'hidden';
  readonly contentId?: string | null;
  readonly value?: object;
}

/** Resolves when the change is in the log and shown. Rejects with the Problem of a refusal, and of no outcome in time. */
export async function changed(
  request: FastifyRequest,
  { sender, config, readModel }: ChangeServices,
  { operationId, sessionId, place, change, contentId = null, value }: Change,
): Promise<void> {
  requireChange(request);
  const caller = callerOf(request);
  const { tenantId } = caller;
  const text = value === undefined ? null : JSON.stringify(value);
  const { outcome } = await sender.send({
    ...{ tenantId, outcomes: changeOutcomes, requestDigest: digestOf({ sessionId, contentId, text }) },
    identity: identityOf(caller, { operationId, tenantId, params: { sessionId } }, undefined),
    traceparent: traceparentOf(request.raw),
    make: () => changeSession({ ...askerOf(caller), sessionId, labels: [], change, contentId, value: text }),
    place: () => place,
    waitMs: config.outcomeWaitMs,
  });
  if (outcome?.record.type === 'SessionChangeRefused') throw policyProblem(outcome.record.data);
  if (outcome === null)
    throw new Problem('LOG_UNAVAILABLE', 'The change was not decided in time; it may still be made');
  await shown(readModel, 'responses', outcome);
}
