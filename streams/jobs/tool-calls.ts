/** Calls of tools by a handler: each is the same governed command as a call of a user. */

import { nothing, plus } from '../../schemas/amount.ts';
import { toolIdOf } from '../../schemas/contexts/tools.ts';
import {
  callTool,
  type JobWait,
  type Tool,
  type ToolCallCompleted,
  type ToolCallRefused,
} from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import type { Tools } from '../tables/tools.ts';
import type { Step } from './in-turn.ts';
import { childIdOf } from './keys.ts';
import type { Job, Output } from './state.ts';
import { failedWith, type Result, succeeded, waitEnded } from './wait-ends.ts';

/** Parts of a manifest that a call names. */
interface Offer {
  readonly costMax: string;
  readonly effect: string;
}

/** Returns what a call of a tool may cost and do; null for a manifest that does not say so. Never throws. */
export function offerOf({ manifest }: Pick<Tool, 'manifest'>): Offer | null {
  try {
    const { effect, limits } = JSON.parse(manifest) as { readonly effect?: unknown; readonly limits?: unknown };
    const { cost = '0' } = (limits ?? {}) as { readonly cost?: unknown };
    if (typeof effect !== 'string' || typeof cost !== 'string') return null;
    return { effect, costMax: plus(nothing, { tokens: 0, cost }).cost };
  } catch {
    return null;
  }
}

/** Returns the tool of a tenant by its name; undefined for none, and for a removed one. */
export function toolOf(tools: Tools, tenantId: string, name: string): Tool | undefined {
  const tool = tools.get(toolIdOf(tenantId, name));
  return tool === undefined || tool.status === 'removed' ? undefined : tool;
}

/**
 * Returns the step that calls a tool under its manifest of this moment; null for a wait that names none. A tool that does not
 * exist is decided on as well, so that a call of it is refused like any other and says TOOL_UNKNOWN.
 */
export function asksTool(jobId: string, wait: JobWait, tools: Tools): Step | null {
  const { childType: name, request } = wait;
  if (name === null || request === null) return null;
  return ({ tenantId, spec: { principal, capabilities, credential, labels } }): readonly Output[] => {
    const tool = toolOf(tools, tenantId, name);
    const offer = tool === undefined ? null : offerOf(tool);
    return [
      callTool({
        ...{ callId: childIdOf(jobId, wait), toolId: toolIdOf(tenantId, name), principal, capabilities, credential },
        ...{ digest: tool?.digest ?? NO_DIGEST, arguments: request, costMax: offer?.costMax ?? nothing.cost },
        ...{ labels, runId: jobId, capsuleId: null, effect: offer?.effect ?? 'irreversible', purpose: 'call' },
      }),
    ];
  };
}

/** Digest of no manifest: a call under it is refused. */
const NO_DIGEST = '0'.repeat(64);

const completed = ({ outcome, code, detail, output }: ToolCallCompleted): Result =>
  // A call that took place has a code where its output is withheld.
  outcome === 'succeeded' && code === null
    ? succeeded(output ?? 'null')
    : failedWith(code ?? (outcome === 'unknown' ? 'TOOL_OUTCOME_UNKNOWN' : 'TOOL_FAILED'), detail);

const refused = ({ code, detail }: ToolCallRefused): Result => failedWith(code, detail);

/** Ends the wait for a call of a tool. Its labels are those of the job from then on. A late end changes nothing. */
export function toolEnded(
  job: Job,
  jobId: string,
  record: RecordOf<'ToolCallCompleted' | 'ToolCallRefused'>,
  timeMs: number,
): readonly Output[] {
  const { callId } = record.data;
  return record.type === 'ToolCallCompleted'
    ? waitEnded(job, jobId, { kind: 'tool', awaits: callId }, completed(record.data), timeMs, record.data.labels)
    : waitEnded(job, jobId, { kind: 'tool', awaits: callId }, refused(record.data), timeMs);
}
