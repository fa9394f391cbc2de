/** Handing work off: a child run with some of the tools and a part of what the run has left. */

import { COST_SCALE, excess, nothing } from '../../../schemas/amount.ts';
import { AGENT_DEPTH_MAX, boundedLimits } from '../../../schemas/contexts/agents.ts';
import { formatDecimal, parseDecimal } from '../../../schemas/decimal.ts';
import { type AgentLimits, startChildAgentRun } from '../../../schemas/generated/records.ts';
import type { At } from '../inputs.ts';
import type { Output, PendingCall, Run } from '../state.ts';
import { invalid } from './invalid.ts';

interface Wanted {
  readonly instructions?: string;
  readonly prompt: string;
  readonly tools?: readonly string[];
}

/** Starts the child of a call, whose id is that of the call; its end is the end of the call. */
export function handedOff(
  run: Run,
  runId: string,
  { callId }: PendingCall,
  value: unknown,
  { at, handoffs }: { readonly at: At; readonly handoffs: number },
): Output {
  const { instructions = '', prompt, tools: names = [] } = value as Wanted;
  const { spec } = run;
  const depth = spec.depth + 1;
  if (depth > AGENT_DEPTH_MAX)
    return invalid(runId, run.step, callId, 'AGENT_DEPTH', `Runs hand off ${AGENT_DEPTH_MAX} times below each other.`);
  const unknown = names.find((name) => !spec.tools.some((tool) => tool.name === name || tool.modelName === name));
  if (unknown !== undefined)
    return invalid(runId, run.step, callId, 'TOOL_UNKNOWN', `This run has no tool ${unknown}, so it passes none on.`);
  // A child stops with the capsule of its parent.
  const { agent, principal, capabilities, credential, model, maxTokens, capsule = null } = spec;
  return startChildAgentRun({
    ...{ runId: callId, agent, principal, capabilities, credential, instructions, prompt, model, maxTokens },
    tools: spec.tools.filter(({ name, modelName }) => names.includes(name) || names.includes(modelName)),
    ...{
      limits: shareOf(run, handoffs, at),
      outputSchema: null,
      parent: { runId, callId },
      depth,
      labels: run.labels,
      capsule,
    },
  });
}

/** Returns what a child may use: the steps and the time that are left, and an equal share of tokens and money. */
function shareOf({ spec, step, tokens, cost }: Run, handoffs: number, { timeMs }: At): AgentLimits {
  const { limits, deadline } = spec;
  const tokensLeft = limits.tokens === null ? null : Math.max(0, limits.tokens - tokens.prompt - tokens.completion);
  const costLeft = limits.cost === null ? null : excess({ ...nothing, cost: limits.cost }, { ...nothing, cost }).cost;
  return boundedLimits({
    steps: limits.steps - step,
    tokens: tokensLeft === null ? null : Math.floor(tokensLeft / handoffs),
    cost: costLeft === null ? null : formatDecimal(parseDecimal(costLeft, COST_SCALE) / BigInt(handoffs), COST_SCALE),
    wallMs: deadline - timeMs,
    identicalCalls: limits.identicalCalls,
  });
}
