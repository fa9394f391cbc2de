/** Limits of runs of agents, and what governance has to know of their commands. */

import { anyCovers } from '../capabilities.ts';
import type {
  AgentCapsule,
  AgentLimits,
  AgentTool,
  AskAgentModel,
  Credential,
  RunAgentProgram,
  StartAgentRun,
} from '../generated/records.ts';
import {
  type Description,
  type Descriptors,
  EXAMPLE_ID,
  EXAMPLE_TEXT,
  type Example,
  type NamedResource,
} from '../governed-command.ts';
import { uuidV5 } from '../ids.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { invokeCapability } from './slm/models.ts';
import { boundedMaxTokens, tokensMaxOf } from './slm/token-bounds.ts';
import { digestName, executeCapability } from './tools.ts';

/** Name of an agent. */
export const AGENT_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
export const AGENT_DEFAULT = 'agent';
/** Longest instructions, and longest prompt, in characters. */
export const AGENT_TEXT_CHARS_MAX = 16_000;
/** Most tools of a run, and most bytes of their descriptions and schemas: every request to the model has all of them. */
export const AGENT_TOOLS_MAX = 32;
export const AGENT_TOOLS_BYTES_MAX = 128 * 1024;
/** Longest JSON Schema of a result, in bytes. */
export const AGENT_SCHEMA_BYTES_MAX = 32 * 1024;
export const AGENT_STEPS_MAX = 200;
export const AGENT_STEPS_DEFAULT = 20;
export const AGENT_TOKENS_MAX = 10_000_000;
export const AGENT_TOKENS_DEFAULT = 200_000;
/** Longest time of a run, in ms: seven days, since a call may wait for a person. */
export const AGENT_WALL_MS_MAX = 7 * 24 * 60 * 60 * 1000;
export const AGENT_WALL_MS_DEFAULT = 60 * 60 * 1000;
/** Most requests for the same call, and the number at which a run ends by default. */
export const AGENT_IDENTICAL_CALLS_MAX = 20;
export const AGENT_IDENTICAL_CALLS_DEFAULT = 3;
/** Most calls of one answer; further ones are not made. */
export const AGENT_CALLS_MAX = 16;
/** Longest result of a call that a model is shown, in bytes. A longer one is cut; the whole one is in the call. */
export const AGENT_RESULT_BYTES_MAX = 8 * 1024;
/** Most bytes of all messages of a request. The results of the oldest calls are left out beyond it. */
export const AGENT_HISTORY_BYTES_MAX = 48 * 1024;
/** Calls that a loop is looked for among: the latest ones. */
export const AGENT_SEEN_MAX = 256;
/** Most times that a model is shown why its result does not fit the schema. */
export const AGENT_REPAIRS_MAX = 2;
/** Deepest run below runs that wait for it. */
export const AGENT_DEPTH_MAX = 4;
/** Longest Python program of a run, in characters. */
export const PROGRAM_CHARS_MAX = 16_000;
/** Longest result of a call that a program is given, in bytes. A longer one is an error of the call. */
export const PROGRAM_RESULT_BYTES_MAX = 32 * 1024;
/** Most that is kept of what a program prints, in bytes. */
export const PROGRAM_PRINTED_BYTES_MAX = 8 * 1024;
/** Longest snapshot that a record has, in characters of base64. A longer one is a content, and the record has its name. */
export const PROGRAM_SNAPSHOT_CHARS_MAX = 64 * 1024;
/** Longest snapshot, in bytes. */
export const PROGRAM_SNAPSHOT_BYTES_MAX = 4 * 1024 * 1024;

/** Default bound on an answer, in tokens. */
export const AGENT_ANSWER_TOKENS_DEFAULT = 512;

/** Ends of calls; an open vocabulary on the wire. */
export const agentCallOutcomes = ['succeeded', 'failed', 'unknown', 'refused', 'invalid'] as const;
export type AgentCallOutcome = (typeof agentCallOutcomes)[number];

/** The built-in tool that starts a child run, and the name that models know it by. */
export const HANDOFF = 'agent.handoff';
/** The built-in tool that runs a program: a child run whose program takes the place of the model. */
export const PROGRAM = 'agent.program';

/** Returns true for a tool whose calls are child runs. */
export const startsChild = (tool: string | null): boolean => tool === HANDOFF || tool === PROGRAM;

/** The capability to start runs of an agent, and that to cancel runs. */
export const startAgentCapability = (agent: string): string => `agents:start:${agent}`;
export const CONTROL_AGENTS = 'agents:control';

/** Returns the name by which models know a tool: they take no dots. */
export const modelNameOf = (tool: string): string => tool.replaceAll('.', '_');

/** Returns the name of a tool as a function of a program, from the name by which models know it. */
export const functionNameOf = (modelName: string): string => modelName.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_');

/** Returns the id of the nth call of a step, n from 0: a UUID. */
export const agentCallId = (runId: string, step: number, nth: number): string => uuidV5(runId, `${step}/${nth}`);

/** The built-in tool as models see it. */
export const handoffTool: AgentTool = {
  ...{ name: HANDOFF, modelName: modelNameOf(HANDOFF), digest: '', costMax: '0.000000000', effect: 'read' },
  description:
    'Hand a part of the work to a new agent with fewer tools. It sees only the instructions and the prompt. Its result is the result of the call.',
  parameters: JSON.stringify({
    type: 'object',
    properties: {
      instructions: { type: 'string', maxLength: AGENT_TEXT_CHARS_MAX, description: 'Role and rules of the new agent' },
      prompt: { type: 'string', minLength: 1, maxLength: AGENT_TEXT_CHARS_MAX, description: 'What it is to do' },
      tools: {
        ...{ type: 'array', maxItems: AGENT_TOOLS_MAX, items: { type: 'string' } },
        description: 'Names of the tools that it may ask for: some of your own. None when omitted',
      },
    },
    required: ['prompt'],
    additionalProperties: false,
  }),
};

/** The built-in tool for programs as models see it. */
export const programTool: AgentTool = {
  ...{ name: PROGRAM, modelName: modelNameOf(PROGRAM), digest: '', costMax: '0.000000000', effect: 'read' },
  description:
    'Run a Python program. Your other tools are functions in it, by their names: each takes its arguments by keyword, returns its result as Python values, and raises RuntimeError when it fails or is refused. There are no imports, files or network. The result has `value`, the value of the last expression, and `printed`, what the program printed.',
  parameters: JSON.stringify({
    type: 'object',
    properties: {
      code: { type: 'string', minLength: 1, maxLength: PROGRAM_CHARS_MAX, description: 'The program, in Python' },
    },
    required: ['code'],
    additionalProperties: false,
  }),
};

/** The built-in tools, by their names. */
export const builtInTools: ReadonlyMap<string, AgentTool> = new Map(
  [handoffTool, programTool].map((tool) => [tool.name, tool]),
);

/** Returns what a program printed before with what it printed now: the first 8 KiB of it. */
export function printedWith(before: string, more: string): string {
  const all = Buffer.from(before + more);
  if (all.length <= PROGRAM_PRINTED_BYTES_MAX) return before + more;
  // A character that is cut in two decodes as U+FFFD.
  const head = all.subarray(0, PROGRAM_PRINTED_BYTES_MAX).toString();
  return head.replace(/\uFFFD+$/, '');
}

/** Problems of a value by a JSON Schema, one sentence each; none when it fits. */
export type SchemaProblems = (schema: string, value: unknown) => readonly string[];

type Started = Pick<StartAgentRun, 'agent' | 'model' | 'tools' | 'program'>;

/** Returns the capabilities that a run needs: of its model or its program, of each of its tools, and to start children. */
const needsOf = ({ agent, model, tools, program }: Started): readonly string[] => [
  program === null ? invokeCapability(model) : startAgentCapability(agent),
  ...tools.map(({ name }) => (startsChild(name) ? startAgentCapability(agent) : executeCapability(name))),
];

/** Returns the capabilities of a run: of those that it needs, the granted ones. None of them governs the platform. */
export const capabilitiesOf = (granted: readonly string[], run: Started): readonly string[] => [
  ...new Set(needsOf(run).filter((needed) => anyCovers(granted, needed))),
];

const between = (low: number, value: number, high: number): number => Math.min(Math.max(low, value), high);

/** Returns limits within those of the platform. */
export const boundedLimits = ({ steps, tokens, cost, wallMs, identicalCalls }: AgentLimits): AgentLimits => ({
  steps: between(1, steps, AGENT_STEPS_MAX),
  tokens: tokens === null ? null : between(0, tokens, AGENT_TOKENS_MAX),
  cost,
  wallMs: between(1, wallMs, AGENT_WALL_MS_MAX),
  identicalCalls: between(2, identicalCalls, AGENT_IDENTICAL_CALLS_MAX),
});

interface AgentCommand {
  readonly runId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/** Returns the capsule of a run under each of its names: a kill switch of one of them stops the run. */
export const capsuleResources = (capsule: AgentCapsule | null): readonly NamedResource[] =>
  capsule === null
    ? []
    : [capsule.capsuleId, digestName(capsule.digest)].map((id) => ({ type: 'Capsule', id }) as const);

const common = ({ principal, capabilities, credential, labels }: AgentCommand) =>
  ({
    ...{ principal, capabilities, credential, labels, session: credential?.sessionId ?? null },
    ...{ delegates: false, persona: null, textLimit: 'embedding_chars_max' },
  }) satisfies Partial<Description>;

/**
 * Nothing is spent by a start: each step and each call is decided on its own. It takes what every step will, so that a run
 * without a capability for one of its tools is refused at once.
 */
const starting = (
  command: AgentCommand &
    Started &
    Pick<StartAgentRun, 'instructions' | 'prompt' | 'outputSchema' | 'maxTokens' | 'capsule'> &
    Partial<Pick<StartAgentRun, 'fork'>>,
): Description => {
  const { agent, instructions, prompt, program, fork, outputSchema, maxTokens, runId } = command;
  const texts = [instructions, prompt, program, fork?.answer ?? null, outputSchema];
  return {
    ...common(command),
    ...{ resourceId: agent, needs: startAgentCapability(agent), alsoNeeds: needsOf(command), maxTokens },
    stoppedWith: capsuleResources(command.capsule),
    text: texts.filter((text) => text !== null && text !== '').join('\n'),
    ...{ estimate: { unit: 'calls', callsMax: 1 }, requestId: runId },
  };
};

/** Rules see every message of every role, and the schema of the answer. */
const asking = (command: AskAgentModel): Description => {
  const { callId, model, messages, maxTokens, responseFormat } = command;
  const texts = messages.flatMap(({ content, toolCalls }) => [content, ...toolCalls.map((call) => call.arguments)]);
  const said = [...texts, responseFormat?.schema ?? ''].filter((text) => text !== '');
  const tokensMax = said.reduce((sum, text) => sum + tokensMaxOf(text), boundedMaxTokens(maxTokens));
  return {
    ...common(command),
    ...{ resourceId: model, needs: invokeCapability(model), text: said.join('\n'), maxTokens },
    stoppedWith: [{ type: 'Agent', id: command.agent }, ...capsuleResources(command.capsule)],
    ...{ estimate: { unit: 'tokens', tokensMax }, requestId: callId },
  };
};

/** Rules see what the program is given: its code, then the answer of each call. Its calls are decided on their own. */
const running = (command: RunAgentProgram): Description => ({
  ...common(command),
  ...{ resourceId: command.agent, needs: startAgentCapability(command.agent), text: command.given, maxTokens: null },
  stoppedWith: capsuleResources(command.capsule),
  ...{ estimate: { unit: 'calls', callsMax: 1 }, requestId: command.callId },
});

const EXAMPLE_AGENT = 'example';

const example = ({ capabilities, labels }: Example) => ({
  ...{ runId: EXAMPLE_ID, principal: 'constitution-tests', capabilities, labels },
  credential: { sessionId: EXAMPLE_ID, issuedAt: 0 },
});

const exampleStart = (given: Example) => ({
  ...{ ...example(given), agent: given.resourceId ?? EXAMPLE_AGENT, instructions: '', model: null, capsule: null },
  ...{ prompt: given.text ?? EXAMPLE_TEXT, maxTokens: given.maxTokens, tools: [], outputSchema: null },
  ...{ program: null, fork: null },
  limits: { steps: 1, tokens: null, cost: null, wallMs: 1_000, identicalCalls: 3 },
});

export const agentsCommands: Descriptors<RecordsIn<typeof topics.agentsCommands | typeof topics.agentsRequests>> = {
  StartAgentRun: { resource: 'Agent', describe: starting, example: exampleStart },
  StartChildAgentRun: {
    resource: 'Agent',
    describe: starting,
    example: (given) => ({
      ...exampleStart(given),
      ...{ parent: { runId: EXAMPLE_ID, callId: EXAMPLE_ID }, depth: 1 },
    }),
  },
  RunAgentProgram: {
    resource: 'Agent',
    describe: running,
    example: (given) => ({
      ...{ ...example(given), callId: `${EXAMPLE_ID}/1`, agent: given.resourceId ?? EXAMPLE_AGENT, step: 1 },
      given: given.text ?? EXAMPLE_TEXT,
      capsule: null,
    }),
  },
  AskAgentModel: {
    resource: 'Model',
    describe: asking,
    example: (given) => ({
      ...{ ...example(given), callId: `${EXAMPLE_ID}/1`, agent: EXAMPLE_AGENT, step: 1, model: given.resourceId },
      messages: [{ role: 'user', content: given.text ?? EXAMPLE_TEXT, toolCalls: [], toolCallId: null }],
      ...{ tools: [], maxTokens: given.maxTokens, responseFormat: null, capsule: null },
    }),
  },
};
