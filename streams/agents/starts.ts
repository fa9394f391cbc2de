/** Starts of runs: by a user, or by a run that hands off. */

import {
  AGENT_TOOLS_BYTES_MAX,
  AGENT_TOOLS_MAX,
  boundedLimits,
  capabilitiesOf,
} from '../../schemas/contexts/agents.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { carriedLabels } from '../../schemas/contexts/policy/flow.ts';
import {
  type AgentTool,
  agentRunRefused,
  agentRunStarted,
  type BudgetShortfall,
  endChildAgentRun,
  type PolicyDecided,
} from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import { startedRun } from './evolve.ts';
import type { At } from './inputs.ts';
import type { Output, RunState } from './state.ts';
import { ask } from './steps.ts';

type Start = RecordOf<'StartAgentRun' | 'StartChildAgentRun'>;

const bytesOf = (tools: readonly AgentTool[]): number =>
  tools.reduce((sum, tool) => sum + Buffer.byteLength(tool.description) + Buffer.byteLength(tool.parameters), 0);

/** Decides on a start. A run that exists is not started again. */
export function started(state: RunState, { type, data }: Start, decided: PolicyDecided, at: At): readonly Output[] {
  const { runId, principal, tools } = data;
  const parent = type === 'StartChildAgentRun' ? data.parent : null;
  const refuse = (code: string, detail: string, shortfall: BudgetShortfall | null = null): readonly Output[] => [
    agentRunRefused({ runId, principal, code, detail, decision: decided.decision, shortfall }),
    ...toldParent(parent, runId, code, detail),
  ];
  if (decided.decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return refuse(code, detail, shortfall);
  }
  if (state.status !== 'absent')
    return state.tenantId === at.tenantId ? [] : refuse('RESOURCE_UNKNOWN', 'No run of this id exists.');
  if (tools.length > AGENT_TOOLS_MAX || bytesOf(tools) > AGENT_TOOLS_BYTES_MAX)
    return refuse('AGENT_TOOLS_TOO_LARGE', `A run has at most ${AGENT_TOOLS_MAX} tools of 128 KiB together.`);
  const limits = boundedLimits(data.limits);
  const run = {
    ...{ ...data, tenantId: at.tenantId, capabilities: capabilitiesOf(data.capabilities, data), limits, parent },
    fork: type === 'StartAgentRun' ? data.fork : null,
    ...{ depth: type === 'StartChildAgentRun' ? data.depth : 0, deadline: at.timeMs + limits.wallMs },
    ...{ labels: carriedLabels(data.labels, decided), startedAt: at.timeMs },
    decisionId: decided.decision.decisionId,
  };
  return [agentRunStarted(run), ...ask(startedRun(run), runId)];
}

/** Tells the run that hands off of a child that was refused. */
function toldParent(
  parent: { readonly runId: string; readonly callId: string } | null,
  childId: string,
  code: string,
  detail: string,
): readonly Output[] {
  if (parent === null || parent.runId === '') return [];
  const used = { tokens: { prompt: 0, completion: 0 }, cost: '0.000000000', labels: [] };
  return [endChildAgentRun({ ...parent, childId, outcome: 'refused', code, detail, output: null, ...used })];
}
