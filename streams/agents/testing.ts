/** Records around runs of agents, for tests. */

import { handoffTool } from '../../schemas/contexts/agents.ts';
import {
  type AgentLimits,
  type AgentRunStarted,
  type AgentTool,
  agentRunStarted,
  type StartAgentRun,
  slmCompleted,
  slmFailed,
  startAgentRun,
  type ToolCallCompleted,
  toolCallCompleted,
  toolCallRefused,
} from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import { allowed } from '../testing.ts';

export const RUN = '6f9619ff-8b86-5d01-b42d-00cf4fc964ff';
export const START_MS = Date.UTC(2026, 0, 1);

export const someLimits: AgentLimits = { steps: 5, tokens: null, cost: null, wallMs: 60_000, identicalCalls: 3 };
const schemaOf = (name: string) => JSON.stringify({ type: 'object', required: [name] });
export const toolNamed = (name: string, field: string): AgentTool => ({
  ...{ name, modelName: name, digest: `digest of ${name}`, description: name, parameters: schemaOf(field) },
  ...{ costMax: '0.000000000', effect: 'read' },
});
export const weather = toolNamed('weather', 'city');
export const mail = toolNamed('mail', 'to');

const caller = {
  ...{ principal: 'key-1', capabilities: ['slm:invoke:*', 'tool:execute:*', 'agents:*'], credential: null },
};

export const aRun = (changes: Partial<StartAgentRun> = {}): RecordOf<'StartAgentRun'> =>
  startAgentRun({
    ...{ ...caller, runId: RUN, agent: 'guide', instructions: 'Be brief.', prompt: 'What now?', model: null },
    ...{ maxTokens: null, tools: [weather, mail, handoffTool], limits: someLimits, outputSchema: null, labels: [] },
    ...{ program: null, fork: null, capsule: null },
    ...changes,
  });

/** The event of `aRun`, as the processor writes it. */
export const aRunStarted = (changes: Partial<AgentRunStarted> = {}): RecordOf<'AgentRunStarted'> => {
  const { capabilities: _, ...start } = aRun().data;
  return agentRunStarted({
    ...{ ...start, tenantId: 'demo', parent: null, depth: 0, deadline: START_MS + 60_000, startedAt: START_MS },
    capabilities: ['slm:invoke:default', 'tool:execute:weather', 'tool:execute:mail', 'agents:start:guide'],
    ...{ decisionId: 'd', ...changes },
  });
};

interface Call {
  readonly id?: string;
  readonly name: string;
  readonly given: unknown;
}

/** An answer of the model to a step: a text, or calls whose arguments are made JSON unless they are a text. */
export const answer = (
  step: number | string,
  said: string | readonly Call[],
  changes: { readonly cost?: string; readonly tokens?: number } = {},
): RecordOf<'SlmCompleted'> => {
  const { cost = '0.000000010', tokens = 5 } = changes;
  const calls = typeof said === 'string' ? [] : said;
  return slmCompleted({
    moderation: null,
    ...{ subjectId: `${RUN}/${step}`, origin: 'agents', requestId: `${RUN}/${step}`, attempt: 1, modelId: 'm-1' },
    text: typeof said === 'string' ? said : '',
    toolCalls: calls.map(({ id, name, given }, nth) => ({
      ...{ id: id ?? `c${nth}`, name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
    })),
    ...{ finishReason: calls.length > 0 ? 'tool_calls' : 'stop', tokensConsumed: { prompt: tokens, completion: 2 } },
    ...{ latencyMs: 3, cost },
  });
};

export const failure = (step: number, code: string): RecordOf<'SlmFailed'> => {
  const requestId = `${RUN}/${step}`;
  return slmFailed({
    subjectId: requestId,
    origin: 'agents',
    requestId,
    attempt: 1,
    code,
    detail: 'no',
    refusal: null,
  });
};

/** The end of a call of a tool. */
export const callDone = (callId: string, changes: Partial<ToolCallCompleted> = {}): RecordOf<'ToolCallCompleted'> =>
  toolCallCompleted({
    ...{
      callId,
      toolId: 'demo/weather',
      attempt: 1,
      outcome: 'succeeded',
      code: null,
      detail: 'done',
      output: '{}',
      preview: null,
    },
    ...{ verified: false, tier: 'declared', walls: [], latencyMs: 1, requests: [], cost: '0.000000000', labels: [] },
    ...{ runId: RUN, sessionId: null, findings: [], refusal: null, rate: null, ...changes },
  });

export const callDenied = (callId: string, code: string): RecordOf<'ToolCallRefused'> =>
  toolCallRefused({
    ...{ callId, toolId: 'demo/weather', principal: 'key-1', code, detail: 'no', decision: allowed, shortfall: null },
    ...{ runId: RUN, chain: null },
  });
