import type { CallToolResult } from '@modelcontextprotocol/server';
import type { AgentRunRow } from '../../projections/agents/queries.ts';
import type { JobRow } from '../../projections/jobs/queries/rows.ts';
import { statusOf } from '../../projections/jobs/queries/rows.ts';
import { piecesOf } from '../../schemas/contexts/files.ts';
import { namedIn } from '../../schemas/contexts/jobs/payload.ts';
import { isJsonObject } from '../../schemas/json-object.ts';
import { runSummaryOf, runUrl } from '../http/agents/views.ts';
import { isOver, jobSummaryOf, jobUrl } from '../http/jobs/views.ts';
import { contentTextOf } from '../shared/contents.ts';
import { type Problem, problemBody } from '../shared/problems/problem.ts';
import type { McpServices } from './asked.ts';
import { CALL, PROBLEM } from './names.ts';

/** A call with the names of the wire: as a read of the call shows it, or as its end does. */
export interface ShownCall {
  readonly call_id: string;
  readonly status: string;
  readonly code: string | null;
  readonly detail: string | null;
  readonly output: unknown;
  readonly output_content: { readonly digest: string; readonly bytes: number; readonly url: string } | null;
  readonly output_preview: string | null;
  readonly [more: string]: unknown;
}

const text = (value: string): CallToolResult['content'] => [{ type: 'text', text: value }];

/** Members of a call that say how it was governed; its output is the content. */
const SHOWN = [
  ...[
    'call_id',
    'tool',
    'status',
    'code',
    'verified',
    'tier',
    'walls',
    'attempt',
    'latency_ms',
    'cost',
    'labels',
    'decision_id',
  ],
];

/** Resolves with the result of a call that has ended, whatever its outcome is. A large output is read up to 256 KiB. */
export async function resultOf(
  services: Pick<McpServices, 'readModel'>,
  tenantId: string,
  call: ShownCall,
): Promise<CallToolResult> {
  const _meta = { [CALL]: Object.fromEntries(SHOWN.flatMap((name) => (name in call ? [[name, call[name]]] : []))) };
  // A call that took place has a code where its output is withheld.
  if (call.status !== 'succeeded' || call.code !== null) {
    const said = `${call.code ?? call.status.toUpperCase()}: ${call.detail ?? 'The call did not succeed.'}`;
    return { content: text(said), isError: true, _meta };
  }
  const { output_content: content, output_preview: preview } = call;
  if (content !== null && content.bytes > INLINED_BYTES_MAX)
    return { content: text(`${preview}… [cut: the whole output has ${content.bytes} bytes: ${content.url}]`), _meta };
  const output: unknown = content === null ? call.output : await outputOf(services, tenantId, content);
  const structured = isJsonObject(output) ? { structuredContent: output } : {};
  return { content: text(typeof output === 'string' ? output : JSON.stringify(output)), ...structured, _meta };
}

/** Resolves with the value of an output that has a name. */
async function outputOf(
  services: Pick<McpServices, 'readModel'>,
  tenantId: string,
  { digest, bytes }: { readonly digest: string; readonly bytes: number },
): Promise<unknown> {
  return JSON.parse(await contentTextOf(services, tenantId, { digest, bytes, pieces: piecesOf(bytes) }));
}

/** Returns the result of a call that was refused, with the code of the platform. */
export const refusedResult = (
  problem: Problem,
  request: { readonly id: string; readonly url: string },
): CallToolResult => ({
  content: text(`${problem.options.refusalCode ?? problem.code}: ${problem.message}`),
  isError: true,
  _meta: { [PROBLEM]: problemBody(problem, request) },
});

/** Returns the result of a call or job that goes on, for a client that takes no tasks. */
export const pendingResult = (
  of: { readonly call_id?: string; readonly job_id?: string; readonly run_id?: string },
  url: string,
): CallToolResult => ({
  content: text(`PENDING: it goes on in the platform; ${url} has its outcome.`),
  isError: true,
  _meta: { [CALL]: { ...of, status: 'pending', code: 'PENDING', url } },
});

/** Returns the result of a call that waits for people, for a client that takes no tasks. */
export const waitingResult = (call_id: string): CallToolResult => ({
  content: text(
    `APPROVAL_PENDING: The call waits for the approval ${call_id}: /v1/approvals/${call_id}. It goes on when people have decided; /v1/tool-calls/${call_id} has its outcome.`,
  ),
  isError: true,
  _meta: { [CALL]: { call_id, status: 'waiting', code: 'APPROVAL_PENDING', url: `/v1/tool-calls/${call_id}` } },
});

/** Returns the result of a job that was cancelled. */
export const cancelledResult = (jobId: string): CallToolResult => ({
  content: text('JOB_CANCELLED: The job was cancelled.'),
  isError: true,
  _meta: { [CALL]: { job_id: jobId, status: 'cancelled', code: 'JOB_CANCELLED' } },
});

/** Returns the value of a text that is JSON; undefined for any other. */
function jsonIn(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

/** Returns the result of a run of a capsule that has ended; null for one that has not. */
export function runResultOf(row: AgentRunRow): CallToolResult | null {
  if (row.ended_at === null) return null;
  const { run_id, status, code, detail } = runSummaryOf(row);
  const _meta = { [CALL]: { run_id, status, code, url: `${runUrl(run_id)}/result` } };
  if (status !== 'completed') {
    const said = `${code ?? `AGENT_RUN_${status.toUpperCase()}`}: ${detail ?? `The run is ${status}.`}`;
    return { content: text(said), isError: true, _meta };
  }
  const { output = '' } = (row.result ?? {}) as { readonly output?: string };
  const value = jsonIn(output);
  return { content: text(output), ...(isJsonObject(value) && { structuredContent: value }), _meta };
}

/** Largest result of a job or output of a call that is inlined, in bytes. */
const INLINED_BYTES_MAX = 256 * 1024;

/** Resolves with the result of a job that has ended; null for one that has not, and for one that was cancelled. */
export async function jobResultOf(
  services: Pick<McpServices, 'readModel'>,
  tenantId: string,
  row: JobRow,
): Promise<CallToolResult | null> {
  const status = statusOf(row);
  if (!isOver(status) || status === 'cancelled') return null;
  const { job_id, type, code, detail, attempt } = jobSummaryOf(row);
  const _meta = { [CALL]: { job_id, type, status, code, attempt, url: `${jobUrl(job_id)}/result` } };
  if (status !== 'completed')
    return { content: text(`${code ?? 'JOB_FAILED'}: ${detail ?? 'The job has failed.'}`), isError: true, _meta };
  const named = namedIn(row.result);
  if (named !== null && named.bytes > INLINED_BYTES_MAX)
    return { content: text(`The result has ${named.bytes} bytes: ${jobUrl(job_id)}/result has it.`), _meta };
  const json = named === null ? (row.result ?? 'null') : await contentTextOf(services, tenantId, named);
  const value: unknown = JSON.parse(json);
  return { content: text(json), ...(isJsonObject(value) && { structuredContent: value }), _meta };
}
