import { setTimeout as pause } from 'node:timers/promises';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { type AgentRunRow, agentRunRows } from '../../projections/agents/queries.ts';
import { type JobRow, statusOf } from '../../projections/jobs/queries/rows.ts';
import { type ToolCallRow, toolCallRows } from '../../projections/tools/queries.ts';
import { anyCovers } from '../../schemas/capabilities.ts';
import { CONTROL_AGENTS } from '../../schemas/contexts/agents.ts';
import { CONTROL_JOBS } from '../../schemas/contexts/jobs.ts';
import { READ_TOOLS } from '../../schemas/contexts/tools.ts';
import { cancelAgentRun, cancelJob } from '../../schemas/generated/records.ts';
import { findJob } from '../http/jobs/find.ts';
import { callOf } from '../http/tools/views.ts';
import { placeOfCommand } from '../shared/command/place.ts';
import { digestOf, identityOf } from '../shared/idempotency.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { McpAsked, McpServices } from './asked.ts';
import { type TaskRef, taskIdOf, taskOf } from './names.ts';
import { jobResultOf, resultOf, runResultOf } from './results.ts';

/** Suggested time between two questions about a task, in ms. */
const POLL_MS = 1_000;
/** Longest wait for the read model to have a task that the log has, in ms: a client must find it at every gateway. */
const DURABLE_MS = 10_000;
const LOOK_MS = 50;

/** A task with the members that its status adds. */
export type ShownTask = Readonly<Record<string, unknown>>;

interface TaskTimes {
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
}

const shown = (ref: TaskRef, status: string, times: TaskTimes, more: object = {}): ShownTask => ({
  // The log keeps what becomes of it.
  ...{ taskId: taskIdOf(ref), status, ...times, ttlMs: null, pollIntervalMs: POLL_MS },
  ...more,
});

const unknown = (): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such task', { code: 'RESOURCE_UNKNOWN' });

/** States of calls that have not ended. */
const WORKING: ReadonlySet<string> = new Set(['requested', 'started']);
/** State of a call that people decide on: its task goes on when they have. */
const WAITING = 'waiting';

const NO_PAGES = { opensPages: false } as const;

/** What the client of a request does for its user. */
export interface TaskClient {
  /** It opens a page when it is asked to: the `url` mode of elicitation. */
  readonly opensPages: boolean;
}

/**
 * Returns what a call that waits for people asks of its client: to show its user the page of the approval. A client that opens
 * no pages is asked for nothing: who decides needs none of it. The decision goes to the platform, never over this protocol,
 * because who asked for a call does not decide on it.
 */
const inputRequestsOf = ({ call_id: id, tool }: ToolCallRow, origin: string, { opensPages }: TaskClient): object =>
  opensPages
    ? {
        approval: {
          method: 'elicitation/create',
          params: {
            ...{ mode: 'url', url: `${origin}/console/approvals/${id}` },
            message: `The call of ${tool} waits for the approval ${id}. Someone who may decide on it finds it on this page.`,
          },
        },
      }
    : {};

async function taskOfCall(
  services: McpServices,
  tenantId: string,
  row: ToolCallRow,
  { origin, client }: { readonly origin: string; readonly client: TaskClient },
): Promise<ShownTask> {
  const ref = { kind: 'call', id: row.call_id } as const;
  const createdAt = row.created_at ?? row.updated_at ?? '';
  const times = { createdAt, lastUpdatedAt: row.updated_at ?? createdAt };
  if (WORKING.has(row.status ?? ''))
    return shown(ref, 'working', times, { statusMessage: `The call is ${row.status}.` });
  if (row.status === WAITING)
    return shown(ref, 'input_required', times, {
      statusMessage: `The call of ${row.tool} waits for the approval ${row.call_id}: /v1/approvals/${row.call_id}`,
      inputRequests: inputRequestsOf(row, origin, client),
    });
  return shown(ref, 'completed', times, { result: await resultOf(services, tenantId, callOf(row)) });
}

async function taskOfJob(services: McpServices, tenantId: string, row: JobRow): Promise<ShownTask> {
  const ref = { kind: 'job', id: row.job_id } as const;
  const createdAt = row.created_at ?? row.updated_at ?? '';
  const times = { createdAt, lastUpdatedAt: row.updated_at ?? createdAt };
  const status = statusOf(row);
  if (status === 'cancelled') return shown(ref, 'cancelled', times, { statusMessage: 'The job was cancelled.' });
  const result = await jobResultOf(services, tenantId, row);
  return result === null
    ? shown(ref, 'working', times, { statusMessage: `The job is ${status}.` })
    : shown(ref, 'completed', times, { result });
}

function taskOfRun(row: AgentRunRow): ShownTask {
  const ref = { kind: 'run', id: row.run_id } as const;
  const createdAt = row.created_at ?? row.updated_at ?? '';
  const times = { createdAt, lastUpdatedAt: row.updated_at ?? createdAt };
  if (row.status === 'cancelled') return shown(ref, 'cancelled', times, { statusMessage: 'The run was cancelled.' });
  const result = runResultOf(row);
  return result === null
    ? shown(ref, 'working', times, { statusMessage: `The run has taken ${row.steps ?? 0} steps.` })
    : shown(ref, 'completed', times, { result });
}

/** Resolves with a task of the caller's tenant; null when it has none of this id, or the caller may not see it. */
async function find(
  services: McpServices,
  { caller, origin }: McpAsked,
  { kind, id }: TaskRef,
  client: TaskClient,
): Promise<ShownTask | null> {
  const { tenantId, principal, capabilities } = caller;
  if (kind === 'job') {
    const job = await findJob(services, tenantId, id);
    return job === undefined ? null : taskOfJob(services, tenantId, job);
  }
  if (kind === 'run') {
    const run = await services.readModel.row(tenantId, agentRunRows, id);
    return run === undefined ? null : taskOfRun(run);
  }
  const row = await services.readModel.row(tenantId, toolCallRows, id);
  if (row === undefined || (row.principal !== principal && !anyCovers(capabilities, READ_TOOLS))) return null;
  return taskOfCall(services, tenantId, row, { origin, client });
}

/** Resolves with a task. Rejects with ProtocolError -32602 when there is none of this id for the caller. */
export async function getTask(
  services: McpServices,
  asked: McpAsked,
  taskId: string,
  client: TaskClient = NO_PAGES,
): Promise<ShownTask> {
  const ref = taskOf(taskId);
  const found = ref === null ? null : await find(services, asked, ref, client);
  if (found === null) throw unknown();
  return found;
}

/**
 * Resolves with a task as soon as every gateway finds it: when the read model has it. Rejects with Problem READ_MODEL_BEHIND
 * after 10 s; the call or job goes on.
 */
export async function createdTask(services: McpServices, asked: McpAsked, ref: TaskRef): Promise<ShownTask> {
  for (const stop = performance.now() + DURABLE_MS; performance.now() < stop; await pause(LOOK_MS)) {
    const found = await find(services, asked, ref, NO_PAGES);
    if (found !== null) return { ...withoutEnd(found), resultType: 'task' };
  }
  throw new Problem('READ_MODEL_BEHIND', 'The call goes on; its task is not there yet', {
    extensions: { task_id: taskIdOf(ref) },
  });
}

/** A new task has neither a result nor requests: the client asks for them. One that waits for people says so. */
const withoutEnd = ({ result: _result, inputRequests: _requests, ...task }: ShownTask): ShownTask => ({
  ...task,
  status: task['status'] === 'input_required' ? 'input_required' : 'working',
});

/**
 * Takes the answers of a client to what a task asks it for. That a user has opened the page of an approval, or not, changes
 * nothing: the decision is a command of its own. Answers to what was not asked are ignored, as the extension says.
 */
export async function updateTask(services: McpServices, asked: McpAsked, taskId: string): Promise<void> {
  await getTask(services, asked, taskId);
}

/** Throws ProtocolError -32600 for a caller without the capability. */
function requireControl({ caller }: McpAsked, capability: string): void {
  if (anyCovers(caller.capabilities, capability)) return;
  throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `This requires ${capability}`, {
    code: 'CAPABILITY_MISSING',
  });
}

/**
 * Cancels the job or the run of a task. A call cannot be taken back: it goes on to its end, as the extension allows. Rejects with
 * ProtocolError -32602 without such a task, and -32600 for a caller that may not cancel it.
 */
export async function cancelTask(services: McpServices, asked: McpAsked, taskId: string): Promise<void> {
  await getTask(services, asked, taskId);
  const ref = taskOf(taskId);
  if (ref === null || ref.kind === 'call') return;
  const { kind, id } = ref;
  const { caller, traceparent } = asked;
  const { tenantId, principal } = caller;
  requireControl(asked, kind === 'job' ? CONTROL_JOBS : CONTROL_AGENTS);
  const found =
    kind === 'job' ? await findJob(services, tenantId, id) : await services.readModel.row(tenantId, agentRunRows, id);
  // A session has its own place, and so have its commands.
  const place = caller.kind === 'session' ? null : found?.place;
  const operation = { operationId: 'mcpCancelTask', tenantId, params: { taskId } };
  const reason = 'tasks/cancel';
  const sent = {
    ...{
      tenantId,
      identity: identityOf(caller, operation, undefined),
      requestDigest: digestOf({ taskId }),
      traceparent,
    },
    ...{ subject: id, waitMs: services.config.outcomeWaitMs },
    place: (command: Parameters<typeof placeOfCommand>[0]) =>
      place ?? placeOfCommand(command, caller, tenantId, services.partitions),
  };
  await (kind === 'job'
    ? services.sender.send({
        ...{ ...sent, outcomes: ['JobCancelled', 'JobRefused'] },
        make: () => cancelJob({ jobId: id, principal, reason }),
      })
    : services.sender.send({
        ...{ ...sent, outcomes: ['AgentRunCancelled', 'AgentRunRefused'] },
        make: () => cancelAgentRun({ runId: id, principal, reason }),
      }));
}
