/** Handing work off: a child run with some of the tools and a part of what the run has left. */

import { COST_SCALE, excess, nothing } from '../../../schemas/amount.ts';
import { AGENT_DEPTH_MAX, boundedLimits, startsChild } from '../../../schemas/contexts/agents.ts';
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

interface Share {
  readonly at: At;
  /** Children of the same answer. */
  readonly handoffs: number;
}

const tooDeep = ({ step }: Run, runId: string, callId: string): Output =>
  invalid(runId, step, callId, 'AGENT_DEPTH', `Runs hand off ${AGENT_DEPTH_MAX} times below each other.`);

/** Runs the program of a call: a child whose program takes the place of the model, with all tools but the built-in ones. */
export function programmed(run: Run, runId: string, { callId }: PendingCall, value: unknown, share: Share): Output {
  const { agent, principal, capabilities, credential, tools, capsule = null, ...spec } = run.spec;
  const depth = spec.depth + 1;
  if (depth > AGENT_DEPTH_MAX) return tooDeep(run, runId, callId);
  const { code } = value as { readonly code: string };
  return startChildAgentRun({
    ...{ runId: callId, agent, principal, capabilities, credential, instructions: '', prompt: '', program: code },
    ...{ model: null, maxTokens: null, tools: tools.filter(({ name }) => !startsChild(name)), outputSchema: null },
    ...{ limits: shareOf(run, share), parent: { runId, callId }, depth, labels: run.labels, capsule },
  });
}

/** Starts the child of a call, whose id is that of the call; its end is the end of the call. */
export function handedOff(run: Run, runId: string, { callId }: PendingCall, value: unknown, share: Share): Output {
  const { instructions = '', prompt, tools: names = [] } = value as Wanted;
  const { spec } = run;
  const depth = spec.depth + 1;
  if (depth > AGENT_DEPTH_MAX) return tooDeep(run, runId, callId);
  const unknown = names.find((name) => !spec.tools.some((tool) => tool.name === name || tool.modelName === name));
  if (unknown !== undefined)
    return invalid(runId, run.step, callId, 'TOOL_UNKNOWN', `This run has no tool ${unknown}, so it passes none on.`);
  // A child stops with the capsule of its parent.
  const { agent, principal, capabilities, credential, model, maxTokens, capsule = null } = spec;
  return startChildAgentRun({
    ...{ runId: callId, agent, principal, capabilities, credential, instructions, prompt, model, maxTokens },
    program: null,
    tools: spec.tools.filter(({ name, modelName }) => names.includes(name) || names.includes(modelName)),
    ...{
      limits: shareOf(run, share),
      outputSchema: null,
      parent: { runId, callId },
      depth,
      labels: run.labels,
      capsule,
    },
  });
}

/** Returns what a child may use: the steps and the time that are left, and an equal share of tokens and money. */
function shareOf({ spec, step, tokens, cost }: Run, { handoffs, at: { timeMs } }: Share): AgentLimits {
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
