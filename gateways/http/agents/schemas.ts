import { z } from 'zod';
import { agentRunStatuses } from '../../../projections/agents/queries.ts';
import {
  AGENT_DEFAULT,
  AGENT_IDENTICAL_CALLS_DEFAULT,
  AGENT_IDENTICAL_CALLS_MAX,
  AGENT_NAME,
  AGENT_STEPS_DEFAULT,
  AGENT_STEPS_MAX,
  AGENT_TEXT_CHARS_MAX,
  AGENT_TOKENS_DEFAULT,
  AGENT_TOKENS_MAX,
  AGENT_TOOLS_MAX,
  AGENT_WALL_MS_DEFAULT,
  AGENT_WALL_MS_MAX,
  HANDOFF,
  PROGRAM,
  PROGRAM_CHARS_MAX,
} from '../../../schemas/contexts/agents.ts';
import { TOOL_NAME } from '../../../schemas/contexts/tools.ts';
import { answerModeration } from '../../shared/moderation.ts';
import { page } from '../../shared/paging.ts';
import { labels } from '../../shared/schemas.ts';

export const RUN_ID = '7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11';
const CALL_ID = '3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11';
const COST = /^\d{1,9}(\.\d{1,9})?$/;

/** Path parameter of a run. */
export const agentRunFields = {
  run_id: z.uuid().meta({ description: 'Id of the run', examples: [RUN_ID] }),
};

const limitsBody = z
  .strictObject({
    steps: z
      .int()
      .min(1)
      .max(AGENT_STEPS_MAX)
      .default(AGENT_STEPS_DEFAULT)
      .meta({ description: 'Most answers of the model' }),
    tokens: z
      .int()
      .min(1)
      .max(AGENT_TOKENS_MAX)
      .nullable()
      .default(AGENT_TOKENS_DEFAULT)
      .meta({ description: 'Most tokens of prompts and answers, exceeded by one answer at most; null for no limit' }),
    cost: z
      .string()
      .regex(COST, 'Expected a decimal with at most nine fraction digits')
      .nullable()
      .default(null)
      .meta({
        description: 'Most cost of answers and calls, in the currency of the platform; null for no limit',
        examples: ['0.50'],
      }),
    wall_ms: z
      .int()
      .min(1_000)
      .max(AGENT_WALL_MS_MAX)
      .default(AGENT_WALL_MS_DEFAULT)
      .meta({ description: 'Longest time from start to end, in ms; waits for people count' }),
    identical_calls: z
      .int()
      .min(2)
      .max(AGENT_IDENTICAL_CALLS_MAX)
      .default(AGENT_IDENTICAL_CALLS_DEFAULT)
      .meta({ description: 'The run ends when the model asks for the same call so many times' }),
  })
  .meta({ id: 'AgentLimits' });

const toolName = z
  .string()
  .regex(TOOL_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
  .meta({ description: 'Name of a tool', examples: ['weather'] });

const agentName = z
  .string()
  .regex(AGENT_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
  .meta({ description: 'Name of the agent, for rules and the kill switch `agent:<name>`', examples: ['forecaster'] });

/** Body of a start. */
export const startAgentRunBody = z
  .strictObject({
    agent: agentName.default(AGENT_DEFAULT),
    instructions: z
      .string()
      .max(AGENT_TEXT_CHARS_MAX)
      .default('')
      .meta({ description: 'Role and rules, as the first message', examples: ['Answer in one sentence.'] }),
    prompt: z
      .string()
      .max(AGENT_TEXT_CHARS_MAX)
      .default('')
      .meta({
        description: 'What the agent is to do; in a program, the value of `input`. Empty only with `program`',
        examples: ['Do I need a coat in Cusco?'],
      }),
    program: z
      .string()
      .min(1)
      .max(PROGRAM_CHARS_MAX)
      .nullable()
      .default(null)
      .meta({
        description:
          'Python program that takes the place of the model: the tools are its functions, and each call is decided on as a call of a model is. Its result is `value` and `printed`. Null for a run of a model',
        examples: [null],
      }),
    code_mode: z
      .boolean()
      .default(false)
      .meta({ description: `Lets the model answer with programs: adds the tool \`${PROGRAM}\`` }),
    model: z.string().min(1).max(200).nullable().default(null).meta({ description: 'Model; null for the default' }),
    max_tokens: z
      .int()
      .min(1)
      .max(2_048)
      .nullable()
      .default(null)
      .meta({ description: 'Bound on each answer, in tokens' }),
    tools: z
      .array(toolName)
      .max(AGENT_TOOLS_MAX)
      .default([])
      .meta({
        description: `Tools that it may ask for, under the manifests of this moment. \`${HANDOFF}\` lets it hand work off to child runs, \`${PROGRAM}\` lets it run programs that call the other tools`,
        examples: [['weather']],
      }),
    limits: limitsBody.prefault({}),
    output_schema: z
      .record(z.string(), z.unknown())
      .nullable()
      .default(null)
      .meta({ description: 'JSON Schema 2020-12 of the result, at most 32 KiB; null for text' }),
    labels,
  })
  .meta({
    id: 'StartAgentRun',
    examples: [
      {
        ...{ agent: 'forecaster', instructions: 'Answer in one sentence.', prompt: 'Do I need a coat in Cusco?' },
        limits: { steps: 5 },
      },
    ],
  });

/** Body of a fork. */
export const forkAgentRunBody = z
  .strictObject({
    call: z
      .int()
      .min(1)
      .max(AGENT_STEPS_MAX)
      .meta({ description: 'Number of the call of the program, from 1', examples: [1] }),
    answer: z.unknown().meta({
      description: 'Answer of that call in the new run, any JSON value; at most 32 KiB',
      examples: [{ paid: 7 }],
    }),
    labels,
  })
  .meta({ id: 'ForkAgentRun', examples: [{ call: 1, answer: { paid: 7 } }] });

export const cancelAgentRunBody = z
  .strictObject({
    reason: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'Why, for the audit', examples: ['wrong city'] }),
  })
  .meta({ id: 'CancelAgentRun', examples: [{ reason: 'wrong city' }] });

const runId = z.string().meta({ description: 'Id of the run', examples: [RUN_ID] });
const status = z.enum(agentRunStatuses).meta({ description: '`running`, or how it ended', examples: ['completed'] });
const time = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, RFC 3339`, examples: ['2026-02-01T09:00:00.000Z'] });
const nullable = (description: string, example: string | null = null) =>
  z
    .string()
    .nullable()
    .meta({ description, examples: [example] });
const cost = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, in the currency of the platform`, examples: ['0.000246800'] });
const tokens = z
  .object({ prompt: z.int(), completion: z.int() })
  .nullable()
  .meta({ description: 'Tokens; null before the end', examples: [{ prompt: 120, completion: 14 }] });
const labelList = (description: string) => z.array(z.string()).meta({ description, examples: [['untrusted']] });

const summary = {
  run_id: runId,
  agent: z
    .string()
    .nullable()
    .meta({ description: 'Name of the agent; null for a refused start', examples: ['forecaster'] }),
  status,
  principal: z.string().meta({ description: 'Who asked' }),
  parent_id: nullable('Run that handed off; null for a run that a user started'),
  steps: z.int().meta({ description: 'Answers that the model was asked for', examples: [2] }),
  code: nullable('Stable code of a failure or refusal'),
  detail: nullable('One sentence about a failure or refusal'),
  tokens,
  cost: cost('Cost of answers, calls and child runs; null before the end'),
  created_at: time('Time of the start'),
  ended_at: time('Time of the end; null before'),
};

/** Schema of a run in a list. */
export const agentRunSummary = z.object(summary).meta({ id: 'AgentRunSummary' });
export const agentRunPage = page(agentRunSummary, 'AgentRunPage');

const callBody = z
  .object({
    call_id: z
      .string()
      .meta({ description: 'Id of the call; `/v1/tool-calls/{call_id}` has all of it', examples: [CALL_ID] }),
    tool: nullable('Name of the tool; null for one that the run does not have', 'weather'),
    model_name: z.string().meta({ description: 'The tool, as the model named it', examples: ['weather'] }),
    arguments: z.string().meta({ description: 'Arguments as the model wrote them', examples: ['{"city":"Cusco"}'] }),
    status: z.string().meta({
      description: '`asked`, `succeeded`, `failed`, `unknown`, `refused` or `invalid`: nothing was called',
      examples: ['succeeded'],
    }),
    code: nullable('Stable code; null for a success'),
    detail: nullable('One sentence about the end', 'The call succeeded.'),
    result: nullable('What the model was shown, cut at 8 KiB; null before the end', '{"celsius":14}'),
    result_bytes: z
      .int()
      .nullable()
      .meta({ description: 'Size of the whole result', examples: [14] }),
    labels: labelList('Labels of the output'),
    cost: cost('Cost of the call'),
    child_run_id: nullable('Run that it was handed off to'),
    created_at: time('Time at which the model asked for it'),
    ended_at: time('Time of the end; null before'),
  })
  .meta({ id: 'AgentCall' });

const stepBody = z
  .object({
    step: z.int().meta({ description: 'Number, from 1', examples: [1] }),
    status: z.string().meta({ description: '`asked` or `answered`', examples: ['answered'] }),
    text: nullable('Text of the answer', ''),
    model_id: nullable('Model that answered', 'small'),
    finish_reason: nullable('Why the answer ended', 'tool_calls'),
    tokens,
    cost: cost('Cost of the answer'),
    latency_ms: z
      .int()
      .nullable()
      .meta({ description: 'Time at the provider', examples: [420] }),
    labels: labelList('Labels that policy found in what the model was shown'),
    snapshot: z
      .object({ digest: z.string(), bytes: z.int() })
      .nullable()
      .meta({
        description:
          'State of the program where it waits for its call, by sha256 and size; `fork` continues from it. Null where no program waits',
        examples: [null],
      }),
    moderation: answerModeration
      .nullable()
      .meta({ description: 'What rules found in the answer; null without rules of outputs', examples: [null] }),
    rejected: nullable('Why the answer does not fit the schema of the result'),
    decision_id: nullable('Decision that allowed the request to the model'),
    calls: z.array(callBody).meta({ description: 'Calls that it asks for, in its order' }),
    created_at: time('Time of the decision'),
    ended_at: time('Time of the answer'),
  })
  .meta({ id: 'AgentStep' });

/** Schema of a run. */
export const agentRunBody = z
  .object({
    ...summary,
    instructions: nullable('Instructions', 'Answer in one sentence.'),
    prompt: z
      .string()
      .nullable()
      .meta({ description: 'What it is to do', examples: ['Do I need a coat in Cusco?'] }),
    program: nullable('Program that takes the place of the model; null for a run of a model'),
    forked_from: nullable('Call of another run at which it began, as `<run>/<call>`; null for any other'),
    model: nullable('Model; null for the default'),
    tools: z.array(z.object({ name: z.string(), digest: z.string() })).meta({
      description: 'Tools with the sha256 of their manifests',
      examples: [[{ name: 'weather', digest: '…' }]],
    }),
    limits: z.unknown().meta({
      description: 'Limits',
      examples: [{ steps: 5, tokens: 200_000, cost: null, wall_ms: 3_600_000, identical_calls: 3 }],
    }),
    output_schema: z.unknown().meta({ description: 'JSON Schema of the result; null for text', examples: [null] }),
    depth: z
      .int()
      .nullable()
      .meta({ description: 'Runs above it', examples: [0] }),
    deadline: time('Time at which it ends at the latest'),
    output: nullable('The result; null unless it completed', 'Yes: it is 14 °C.'),
    labels: labelList('Labels of all that the run has seen; empty before the end'),
    decision_id: nullable('Decision on the start'),
    steps_taken: z.array(stepBody).meta({ description: 'Steps with their calls, in order; at most 200' }),
  })
  .meta({ id: 'AgentRun' });

/** Schema of a run that has begun this moment. */
export const agentRunStartedBody = z
  .object({
    run_id: runId,
    agent: agentName,
    status: z.literal('running').meta({ description: 'State', examples: ['running'] }),
    deadline: time('Time at which it ends at the latest'),
    events_url: z
      .string()
      .meta({ description: 'Stream of its events', examples: [`/v1/agents/runs/${RUN_ID}/events`] }),
    result_url: z.string().meta({ description: 'Its result', examples: [`/v1/agents/runs/${RUN_ID}/result`] }),
    decision_id: z.string().meta({ description: 'Decision that allowed it' }),
  })
  .meta({ id: 'AgentRunStarted' });

export const agentRunCancelledBody = z
  .object({ run_id: runId, status: z.literal('cancelled').meta({ description: 'State', examples: ['cancelled'] }) })
  .meta({ id: 'AgentRunCancelled' });

/** Schema of a result. */
export const agentRunResultBody = z
  .object({
    run_id: runId,
    status: z.literal('completed').meta({ description: 'State', examples: ['completed'] }),
    output: z.string().meta({ description: 'The last answer', examples: ['Yes: it is 14 °C.'] }),
  })
  .meta({ id: 'AgentRunResult' });

export const agentRunUnfinished = z
  .object({ run_id: runId, status: z.literal('running').meta({ description: 'State', examples: ['running'] }) })
  .meta({ id: 'AgentRunUnfinished' });

/** Fields that a 202 of a command adds. */
export const pendingRun = { id: 'AgentRunPending', shape: { run_id: runId } };
