/** Runs of agents that a handler waits for: each is a child run, decided like a start by the principal of the job. */

import { nothing, plus } from '../../schemas/amount.ts';
import {
  AGENT_IDENTICAL_CALLS_DEFAULT,
  AGENT_NAME,
  AGENT_STEPS_DEFAULT,
  AGENT_TEXT_CHARS_MAX,
  AGENT_TOKENS_DEFAULT,
  AGENT_TOOLS_MAX,
  AGENT_WALL_MS_DEFAULT,
  boundedLimits,
  modelNameOf,
} from '../../schemas/contexts/agents.ts';
import type { JobAgentAnswer } from '../../schemas/contexts/jobs.ts';
import {
  type AgentLimits,
  type AgentTool,
  type EndChildAgentRun,
  type JobWait,
  startChildAgentRun,
} from '../../schemas/generated/records.ts';
import type { Tools } from '../tables/tools.ts';
import type { Step } from './in-turn.ts';
import { childIdOf } from './keys.ts';
import { isInt, isList, isText, objectIn } from './model-request.ts';
import type { Job, Output } from './state.ts';
import { offerOf, toolOf } from './tool-calls.ts';
import { failedWith, succeeded, waitEnded } from './wait-ends.ts';

/** A request to an agent that is whole, and the names of its tools. */
interface Asked {
  readonly prompt: string;
  readonly instructions: string;
  readonly model: string | null;
  readonly maxTokens: number | null;
  readonly names: readonly string[];
  readonly limits: AgentLimits;
  readonly outputSchema: string | null;
}

type Problem = { readonly code: string; readonly detail: string };
const COST = /^\d{1,9}(\.\d{1,9})?$/;

/** Returns the request to an agent that a handler gave as JSON (`JobAgentRequest`); null when it is not one. Never throws. */
export function agentRequestOf(text: string | null): Asked | null {
  const given = objectIn<Record<string, unknown>>(text);
  if (given === null) return null;
  const { prompt, instructions = '', model = null, tools: names = [], limits = {} } = given;
  const { max_tokens: maxTokens = null, output_schema: outputSchema = null } = given;
  if (!isText(prompt) || prompt === '' || prompt.length > AGENT_TEXT_CHARS_MAX) return null;
  if (!isText(instructions) || instructions.length > AGENT_TEXT_CHARS_MAX) return null;
  if (model !== null && !isText(model)) return null;
  if (maxTokens !== null && !isInt(maxTokens, 1)) return null;
  if (outputSchema !== null && !isText(outputSchema)) return null;
  if (!isList(names, isText) || names.length > AGENT_TOOLS_MAX) return null;
  const bounded = limitsOf(limits);
  if (bounded === null) return null;
  return { prompt, instructions, model, maxTokens, names: [...new Set(names)], limits: bounded, outputSchema };
}

function limitsOf(value: unknown): AgentLimits | null {
  if (typeof value !== 'object' || value === null) return null;
  const given = value as Readonly<Record<string, unknown>>;
  const { steps = AGENT_STEPS_DEFAULT, tokens = AGENT_TOKENS_DEFAULT, cost = null } = given;
  const { wall_ms: wallMs = AGENT_WALL_MS_DEFAULT, identical_calls: identical = AGENT_IDENTICAL_CALLS_DEFAULT } = given;
  if (!isInt(steps, 1) || !isInt(wallMs, 1) || !isInt(identical, 2)) return null;
  if (tokens !== null && !isInt(tokens, 0)) return null;
  if (cost !== null && !(isText(cost) && COST.test(cost))) return null;
  return boundedLimits({
    ...{ steps, tokens, wallMs, identicalCalls: identical },
    cost: cost === null ? null : plus(nothing, { tokens: 0, cost }).cost,
  });
}

/** Returns the tools of a run under their manifests of this moment; a problem for a name that is no tool. */
function toolsOf(names: readonly string[], tools: Tools, tenantId: string): readonly AgentTool[] | Problem {
  const found: AgentTool[] = [];
  for (const name of names) {
    const tool = toolOf(tools, tenantId, name);
    const offer = tool === undefined ? null : offerOf(tool);
    if (tool === undefined || offer === null) return { code: 'TOOL_UNKNOWN', detail: `There is no tool ${name}.` };
    const { description, input_schema: schema } = JSON.parse(tool.manifest) as Readonly<Record<string, unknown>>;
    found.push({
      ...{ name, modelName: modelNameOf(name), digest: tool.digest, parameters: JSON.stringify(schema ?? {}) },
      ...{ description: isText(description) ? description : '', ...offer },
    });
  }
  return found;
}

/**
 * Returns the step that starts a run of an agent; null for a wait that names none, or whose request is none; a problem for
 * a tool that does not exist.
 */
export function asksAgent(jobId: string, wait: JobWait, tools: Tools, job: Job): Step | Problem | null {
  const asked = agentRequestOf(wait.request);
  const { childType: agent } = wait;
  if (asked === null || agent === null || !AGENT_NAME.test(agent)) return null;
  const { names, ...given } = asked;
  const found = toolsOf(names, tools, job.tenantId);
  if ('code' in found) return found;
  const runId = childIdOf(jobId, wait);
  return ({ spec: { principal, capabilities, credential, labels } }): readonly Output[] => [
    startChildAgentRun({
      ...{ ...given, runId, agent, principal, capabilities, credential, labels, tools: found },
      ...{ parent: { runId: jobId, callId: runId }, depth: 1, program: null, capsule: null },
    }),
  ];
}

/** Ends the wait for a run of an agent. Its labels are those of the job from then on. A late end changes nothing. */
export function agentEnded(job: Job, { runId: jobId, ...end }: EndChildAgentRun, timeMs: number): readonly Output[] {
  const { callId, outcome, code, detail, output, tokens, cost, labels } = end;
  const answer: JobAgentAnswer = { text: output ?? '', run_id: callId, tokens, cost, labels };
  const result =
    outcome === 'succeeded' ? succeeded(JSON.stringify(answer)) : failedWith(code ?? 'AGENT_RUN_FAILED', detail);
  return waitEnded(job, jobId, { kind: 'agent', awaits: callId }, result, timeMs, labels);
}
