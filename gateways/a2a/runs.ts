import type { Message } from '@a2a-js/sdk';
import {
  RequestMalformedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import { anyCovers } from '../../schemas/capabilities.ts';
import { CONTROL_AGENTS } from '../../schemas/contexts/agents.ts';
import { installIdOf, RUN_CAPSULES } from '../../schemas/contexts/capsules.ts';
import { cancelAgentRun } from '../../schemas/generated/records.ts';
import { endingOf, runOrUnknown } from '../http/agents/find.ts';
import { runOfInstall } from '../http/capsules/installs.ts';
import { manifestOf } from '../http/capsules/views.ts';
import { placeOfCommand } from '../shared/command/place.ts';
import { digestOf, idempotencyKeySchema, identityOf } from '../shared/idempotency.ts';
import { Problem } from '../shared/problems/problem.ts';
import { commandProblem } from '../shared/problems/shortfall.ts';
import { requireCapability } from '../shared/route/request.ts';
import { type A2aAsked, type A2aServices, runningCapsule } from './asked.ts';
import { inputOf } from './input.ts';
import { askedRun, foundRun, isOver, type KnownRun, withEvent } from './tasks.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Throws A2AError for a message that goes on with a task, and for one without an id. */
function requireFirst({ taskId, contextId, messageId }: Message): void {
  if (taskId !== '' || contextId !== '')
    throw new UnsupportedOperationError('A task takes one message: send a new one without taskId and contextId');
  // The schema takes none for none: a message has one.
  if (messageId === '' || !idempotencyKeySchema.safeParse(messageId).success)
    throw new RequestMalformedError('message.messageId: expected 1 to 255 visible ASCII characters');
}

/**
 * Starts a run of the install with the input of a message. The same message starts it once, at any gateway: its id is the key
 * of its repeats. Resolves with the id of the run. Rejects with A2AError, and with the Problem of a refusal.
 */
export async function startRun(
  services: A2aServices,
  { caller, install, traceparent }: A2aAsked,
  message: Message,
): Promise<string> {
  const { tables, sender, config, partitions } = services;
  const { tenantId } = caller;
  requireFirst(message);
  requireCapability(anyCovers(caller.capabilities, RUN_CAPSULES), RUN_CAPSULES);
  const input = inputOf(message, manifestOf(runningCapsule(tables, caller, { tenant: tenantId, install })).input);
  const operation = { operationId: 'a2aSendMessage', tenantId, params: { install } };
  const identity = identityOf(caller, operation, message.messageId);
  const { subjectId: runId } = identity;
  const { outcome } = await sender.send({
    ...{ tenantId, identity, requestDigest: digestOf({ install, input }), traceparent, subject: runId },
    place: (command) => placeOfCommand(command, caller, tenantId, partitions),
    outcomes: ['AgentRunStarted', 'AgentRunRefused'],
    make: () => runOfInstall(tables, { caller, tenantId, install, runId, input }),
    waitMs: config.outcomeWaitMs,
  });
  if (outcome?.record.type === 'AgentRunRefused') {
    const { code, detail, decision, shortfall } = outcome.record.data;
    throw commandProblem({ code, detail, decision, shortfall }, { run_id: runId });
  }
  return runId;
}

/** Resolves with a run of the install. Rejects with TaskNotFoundError for any other id. */
export async function knownRun(
  services: A2aServices,
  { caller: { tenantId }, install }: A2aAsked,
  runId: string,
): Promise<KnownRun & { readonly place: string | null }> {
  const absent = new TaskNotFoundError(`There is no task ${runId}`);
  if (!UUID.test(runId)) throw absent;
  const found = await runOrUnknown(services, tenantId, runId);
  const run = foundRun(runId, found, services.agentRuns.recent(tenantId, runId));
  if (run.install !== installIdOf(tenantId, install)) throw absent;
  return { ...run, place: found.place };
}

/**
 * Resolves with a run when it has ended, at its deadline at the latest; as it is by then when `signal` aborts. A wait counts as a
 * stream of the tenant. Rejects with Problem STREAMS_EXHAUSTED, and as `knownRun` does.
 */
export async function endedRun(
  services: A2aServices,
  asked: A2aAsked,
  { runId, signal }: { readonly runId: string; readonly signal: AbortSignal },
): Promise<KnownRun> {
  const { agentRuns, streamLimits } = services;
  const { tenantId } = asked.caller;
  const release = streamLimits.enter(tenantId);
  // The feed is open before the look: an end that the look does not find comes through it.
  const feed = agentRuns.open(tenantId, runId);
  const close = (): void => agentRuns.close(tenantId, runId, feed);
  signal.addEventListener('abort', close, { once: true });
  try {
    let run = await startedRun(services, asked, runId);
    // A run that the log has not answered yet has no deadline, at which it ends at the latest.
    if (run.at === null || isOver(run) || signal.aborted) return run;
    const reader = {
      take: (event: Parameters<typeof withEvent>[1]) => {
        run = withEvent(run, event);
        return endingOf(event) === null ? ('more' as const) : ('end' as const);
      },
      idle: () => 'more' as const,
    };
    // An overflow before the wait says nothing about the end: the events behind it do.
    while ((await feed.flow(reader)) === 'gap');
    return run;
  } finally {
    close();
    release();
  }
}

/** Resolves with a run that was asked for, which the log may not have answered yet. */
export async function startedRun(services: A2aServices, asked: A2aAsked, runId: string): Promise<KnownRun> {
  try {
    return await knownRun(services, asked, runId);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'RESOURCE_UNKNOWN') throw error;
    return askedRun(runId, installIdOf(asked.caller.tenantId, asked.install));
  }
}

/** Cancels a run. Resolves with it as it is then. Rejects with A2AError, and with the Problem of a refusal. */
export async function cancelRun(services: A2aServices, asked: A2aAsked, runId: string): Promise<KnownRun> {
  const { sender, config, partitions } = services;
  const { caller, traceparent } = asked;
  const { tenantId, principal } = caller;
  const run = await knownRun(services, asked, runId);
  requireCapability(anyCovers(caller.capabilities, CONTROL_AGENTS), CONTROL_AGENTS);
  const operation = { operationId: 'a2aCancelTask', tenantId, params: { runId } };
  // A session has its own place, and so have its commands.
  const place = caller.kind === 'session' ? null : run.place;
  const { outcome } = await sender.send({
    ...{ tenantId, identity: identityOf(caller, operation, undefined), requestDigest: digestOf({ runId }) },
    ...{ traceparent, subject: runId, waitMs: config.outcomeWaitMs },
    place: (command) => place ?? placeOfCommand(command, caller, tenantId, partitions),
    outcomes: ['AgentRunCancelled', 'AgentRunRefused'],
    make: () => cancelAgentRun({ runId, principal, reason: 'CancelTask' }),
  });
  if (outcome?.record.type === 'AgentRunRefused') {
    const { code, detail, decision, shortfall } = outcome.record.data;
    if (code === 'AGENT_RUN_ENDED') throw new TaskNotCancelableError(detail);
    throw commandProblem({ code, detail, decision, shortfall }, { run_id: runId });
  }
  const status = outcome === null ? run.status : 'cancelled';
  return { ...(await startedRun(services, asked, runId)), status };
}
