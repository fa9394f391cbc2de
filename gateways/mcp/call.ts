import { setTimeout as pause } from 'node:timers/promises';
import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { agentRunRows } from '../../projections/agents/queries.ts';
import { statusOf } from '../../projections/jobs/queries/rows.ts';
import { anyCovers } from '../../schemas/capabilities.ts';
import { RUN_CAPSULES } from '../../schemas/contexts/capsules.ts';
import { executeCapability, toolIdOf } from '../../schemas/contexts/tools.ts';
import { startJob } from '../../schemas/generated/records.ts';
import { runUrl } from '../http/agents/views.ts';
import { runOfInstall } from '../http/capsules/installs.ts';
import { askedBy } from '../http/jobs/commands.ts';
import { findJob } from '../http/jobs/find.ts';
import { keptInputOf, typeOf } from '../http/jobs/input.ts';
import { startJobBody } from '../http/jobs/schemas.ts';
import { isOver, jobUrl } from '../http/jobs/views.ts';
import { CALL_WAIT_MS, callOfTool, refusedCall } from '../http/tools/call.ts';
import { toolOrUnknown } from '../http/tools/find.ts';
import { rateProblem } from '../http/tools/rate.ts';
import { endedOf } from '../http/tools/views.ts';
import { placeOfCommand } from '../shared/command/place.ts';
import { digestOf, type Identity, identityOf } from '../shared/idempotency.ts';
import type { KnownOutcome } from '../shared/log/outcomes.ts';
import { commandProblem } from '../shared/problems/shortfall.ts';
import { requireCapability } from '../shared/route/request.ts';
import type { McpAsked, McpServices } from './asked.ts';
import { isOfObject } from './list.ts';
import { CAPSULE_PREFIX, JOB_PREFIX } from './names.ts';
import { cancelledResult, jobResultOf, pendingResult, resultOf, runResultOf, waitingResult } from './results.ts';
import { createdTask, type ShownTask } from './tasks.ts';

/** A call that takes longer becomes a task, for a client that takes tasks, in ms. */
const TASK_AFTER_MS = 2_000;
const LOOK_MS = 200;

/** A `tools/call`. */
export interface Calling {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** True when the client of this request takes tasks. */
  readonly takesTasks: boolean;
  /** `Idempotency-Key`; undefined without one. */
  readonly idempotencyKey: string | undefined;
}

type Sending = McpAsked & { readonly identity: Identity; readonly requestDigest: string };

/**
 * Resolves with the result of a call of a tool, of the start of a job or of a run of a capsule, or with the task that it has become. Rejects with the
 * Problem of a refusal, and with ProtocolError -32602 for a name that is none.
 */
export async function called(
  services: McpServices,
  asked: McpAsked,
  calling: Calling,
): Promise<CallToolResult | ShownTask> {
  const { caller } = asked;
  const { tenantId } = caller;
  const { name, arguments: given } = calling;
  const operation = { operationId: 'mcpCallTool', tenantId, params: { name } };
  const identity = identityOf(caller, operation, calling.idempotencyKey);
  const sending = { ...asked, identity, requestDigest: digestOf({ name, arguments: given }) };
  if (name.startsWith(CAPSULE_PREFIX)) return calledCapsule(services, sending, calling);
  return name.startsWith(JOB_PREFIX) ? calledJob(services, sending, calling) : calledTool(services, sending, calling);
}

const nameUnknown = (name: string, code: string): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name}`, { code });

const sent = (services: McpServices, { caller, identity, requestDigest, traceparent }: Sending) => ({
  ...{ tenantId: caller.tenantId, identity, requestDigest, traceparent, subject: identity.subjectId },
  place: (command: Parameters<typeof placeOfCommand>[0]) =>
    placeOfCommand(command, caller, caller.tenantId, services.partitions),
});

async function calledTool(
  services: McpServices,
  sending: Sending,
  calling: Calling,
): Promise<CallToolResult | ShownTask> {
  const { caller, identity } = sending;
  const { name, arguments: given, takesTasks } = calling;
  const known = services.tables.tools.value.get(toolIdOf(caller.tenantId, name));
  if (services.tables.tools.known && (known === undefined || known.status === 'removed'))
    throw nameUnknown(name, 'TOOL_UNKNOWN');
  requireCapability(anyCovers(caller.capabilities, executeCapability(name)), executeCapability(name));
  const tool = toolOrUnknown(services.tables, caller.tenantId, name);
  const { outcome } = await services.sender.send({
    ...sent(services, sending),
    outcomes: ['ToolCallCompleted', 'ToolCallRefused', 'ToolCallWaiting'],
    make: () => callOfTool(tool, given, { caller, identity, labels: undefined }),
    waitMs: takesTasks ? TASK_AFTER_MS : CALL_WAIT_MS,
  });
  if (outcome !== null && outcome.record.type !== 'ToolCallWaiting')
    return endOfCall(services, caller.tenantId, outcome);
  // The one place where a call that waits, for its tool or for the approval of a person, is answered before its end.
  if (takesTasks) return createdTask(services, sending, { kind: 'call', id: identity.subjectId });
  if (outcome !== null) return waitingResult(identity.subjectId);
  return pendingResult({ call_id: identity.subjectId }, `/v1/tool-calls/${identity.subjectId}`);
}

async function endOfCall(
  services: McpServices,
  tenantId: string,
  { record, timeMs }: KnownOutcome,
): Promise<CallToolResult> {
  if (record.type === 'ToolCallRefused') throw refusedCall(record.data);
  if (record.type !== 'ToolCallCompleted') throw new Error(`${record.type} is no outcome of a call`);
  const limited = rateProblem(record.data, timeMs);
  if (limited !== null) throw limited;
  return resultOf(services, tenantId, endedOf(record.data, timeMs));
}

async function calledJob(
  services: McpServices,
  sending: Sending,
  calling: Calling,
): Promise<CallToolResult | ShownTask> {
  const { caller, identity } = sending;
  const { tables, sender, config } = services;
  const name = calling.name.slice(JOB_PREFIX.length);
  if (tables.jobTypes.known && !tables.jobTypes.value.has(name)) throw nameUnknown(calling.name, 'JOB_TYPE_UNKNOWN');
  const type = typeOf(tables, name);
  const isWhole = isOfObject(JSON.parse(type.inputSchema) as Record<string, unknown>);
  const input = isWhole ? calling.arguments : calling.arguments['input'];
  const { lane, tags } = startJobBody.parse({ type: name, input });
  const { outcome } = await sender.send({
    ...sent(services, sending),
    outcomes: ['JobAccepted', 'JobRefused'],
    make: async () =>
      startJob({
        ...{ ...askedBy(caller), jobId: identity.subjectId, type: name, lane, tags: [...tags], concurrencyKey: null },
        input: await keptInputOf({ tenantId: caller.tenantId, caller, services }, type, input),
        ...{ runAt: null, deadline: null, retry: null },
      }),
    waitMs: config.outcomeWaitMs,
  });
  if (outcome?.record.type === 'JobRefused') {
    const { jobId, code, detail, decision, shortfall } = outcome.record.data;
    throw commandProblem({ code, detail, decision, shortfall }, { job_id: jobId });
  }
  if (calling.takesTasks) return createdTask(services, sending, { kind: 'job', id: identity.subjectId });
  return (
    (await endOfJob(services, caller.tenantId, identity.subjectId)) ??
    pendingResult({ job_id: identity.subjectId }, jobUrl(identity.subjectId))
  );
}

/** Resolves with the result of a job that ends within the wait of a call; null for a longer one. */
async function endOfJob(services: McpServices, tenantId: string, jobId: string): Promise<CallToolResult | null> {
  for (const stop = performance.now() + CALL_WAIT_MS; performance.now() < stop; await pause(LOOK_MS)) {
    const row = await findJob(services, tenantId, jobId);
    if (row !== undefined && isOver(statusOf(row)))
      return (await jobResultOf(services, tenantId, row)) ?? cancelledResult(jobId);
  }
  return null;
}

async function calledCapsule(
  services: McpServices,
  sending: Sending,
  calling: Calling,
): Promise<CallToolResult | ShownTask> {
  const { caller, identity } = sending;
  const { tables, sender, config } = services;
  const { tenantId } = caller;
  const { subjectId: runId } = identity;
  requireCapability(anyCovers(caller.capabilities, RUN_CAPSULES), RUN_CAPSULES);
  const install = calling.name.slice(CAPSULE_PREFIX.length);
  const { outcome } = await sender.send({
    ...sent(services, sending),
    outcomes: ['AgentRunStarted', 'AgentRunRefused'],
    make: () => runOfInstall(tables, { caller, tenantId, install, runId, input: calling.arguments }),
    waitMs: config.outcomeWaitMs,
  });
  if (outcome?.record.type === 'AgentRunRefused') {
    const { code, detail, decision, shortfall } = outcome.record.data;
    throw commandProblem({ code, detail, decision, shortfall }, { run_id: runId });
  }
  if (calling.takesTasks) return createdTask(services, sending, { kind: 'run', id: runId });
  return (await endOfRun(services, tenantId, runId)) ?? pendingResult({ run_id: runId }, runUrl(runId));
}

/** Resolves with the result of a run that ends within the wait of a call; null for a longer one. */
async function endOfRun({ readModel }: McpServices, tenantId: string, runId: string): Promise<CallToolResult | null> {
  for (const stop = performance.now() + CALL_WAIT_MS; performance.now() < stop; await pause(LOOK_MS)) {
    const row = await readModel.row(tenantId, agentRunRows, runId);
    const result = row === undefined ? null : runResultOf(row);
    if (result !== null) return result;
  }
  return null;
}
