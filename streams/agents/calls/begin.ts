/** Calls of an answer: each begins as a governed command, or ends at once because it cannot be made. */

import { covers, multiple, nothing, plus } from '../../../schemas/amount.ts';
import { HANDOFF, PROGRAM, startsChild } from '../../../schemas/contexts/agents.ts';
import { TOOL_ARGUMENTS_BYTES_MAX, toolIdOf } from '../../../schemas/contexts/tools.ts';
import { type AgentTool, callTool } from '../../../schemas/generated/records.ts';
import type { At } from '../inputs.ts';
import type { Output, PendingCall, Run } from '../state.ts';
import { handedOff, programmed } from './handoff.ts';
import { invalid } from './invalid.ts';
import { seenAs } from './seen.ts';

const PROBLEMS_MAX = 5;

/** Returns true when the latest answer asks once more for a call that was asked for too often. */
export const isLoop = ({ calls, seen, spec: { limits } }: Run): boolean =>
  calls.some((call) => {
    const name = seenAs(call);
    return seen.filter((each) => each === name).length >= limits.identicalCalls;
  });

/** Begins all calls of the latest answer at once. */
export function begun(run: Run, runId: string, at: At): readonly Output[] {
  const handoffs = run.calls.filter(({ tool }) => startsChild(tool)).length;
  const inRoom = roomFor(run);
  return run.calls.map((call) => {
    const end = (code: string, detail: string) => invalid(runId, run.step, call.callId, code, detail);
    const tool = run.spec.tools.find(({ name }) => name === call.tool);
    if (tool === undefined) return end('TOOL_UNKNOWN', `There is no tool ${call.modelName}.`);
    const given = argumentsOf(call, tool, at);
    if ('problem' in given) return end('TOOL_ARGUMENTS_INVALID', given.problem);
    if (tool.name === HANDOFF) return handedOff(run, runId, call, given.value, { at, handoffs });
    if (tool.name === PROGRAM) return programmed(run, runId, call, given.value, { at, handoffs });
    if (!inRoom(tool))
      return end('AGENT_COST_EXHAUSTED', `The call may cost ${tool.costMax}, more than the run has left.`);
    const { principal, capabilities, credential, capsule = null } = run.spec;
    return callTool({
      ...{ callId: call.callId, toolId: toolIdOf(run.tenantId, tool.name), principal, capabilities, credential },
      ...{ digest: tool.digest, arguments: call.arguments, costMax: tool.costMax, labels: run.labels, runId },
      ...{ effect: tool.effect, purpose: 'call', capsuleId: capsule?.capsuleId ?? null },
    });
  });
}

/** Returns whether each next call fits into the limit of money, with all calls before it. */
function roomFor({ cost, spec: { limits } }: Run): (tool: AgentTool) => boolean {
  let reserved = { ...nothing, cost };
  return ({ costMax }) => {
    const after = plus(reserved, multiple({ ...nothing, cost: costMax }, 1));
    if (limits.cost !== null && !covers({ ...nothing, cost: limits.cost }, after)) return false;
    reserved = after;
    return true;
  };
}

/** Returns the arguments of a call that the schema of its tool takes, or why there are none. */
function argumentsOf(
  { arguments: text }: PendingCall,
  { parameters }: AgentTool,
  { problemsOf }: At,
): { readonly value: unknown } | { readonly problem: string } {
  const bytes = Buffer.byteLength(text);
  if (bytes > TOOL_ARGUMENTS_BYTES_MAX)
    return { problem: `The arguments have ${bytes} bytes; ${TOOL_ARGUMENTS_BYTES_MAX} are allowed.` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'The arguments are not JSON.' };
  }
  const problems = problemsOf(parameters, value);
  return problems.length === 0 ? { value } : { problem: problems.slice(0, PROBLEMS_MAX).join('; ') };
}
