/** Steps of a run: the model is asked, and what its answer leads to. */

import { beyond } from '../../schemas/amount.ts';
import {
  AGENT_ANSWER_TOKENS_DEFAULT,
  AGENT_CALLS_MAX,
  AGENT_REPAIRS_MAX,
  agentCallId,
} from '../../schemas/contexts/agents.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { carriedLabels } from '../../schemas/contexts/policy/flow.ts';
import { textMessage } from '../../schemas/contexts/slm/messages.ts';
import { PROGRAM_TEMPERATURE } from '../../schemas/contexts/slm/models.ts';
import { boundedMaxTokens } from '../../schemas/contexts/slm/token-bounds.ts';
import {
  type AgentCall,
  type AskAgentModel,
  agentAnswerRejected,
  agentFormatDropped,
  agentStepCompleted,
  agentStepStarted,
  askAgentModel,
  type ChatMessage,
  type PolicyDecided,
  type SlmCompleted,
  type SlmFailed,
  slmRequested,
} from '../../schemas/generated/records.ts';
import { seedOf } from '../kernel/seed.ts';
import { begun, isLoop } from './calls/begin.ts';
import { completed, failed, ORIGIN } from './ends.ts';
import { isTooLong } from './history.ts';
import { inTurn } from './in-turn.ts';
import type { At } from './inputs.ts';
import { requestIdOf } from './keys.ts';
import { askProgram } from './programs/ask.ts';
import { resultIn, schemaMessage } from './result.ts';
import type { Output, Run } from './state.ts';

const tokensOf = ({ tokens: { prompt, completion } }: Run): number => prompt + completion;

/** Returns why a run may begin nothing more; null while it may. */
function exhausted(run: Run): { readonly code: string; readonly detail: string } | null {
  const { limits } = run.spec;
  const amount = { tokens: tokensOf(run), cost: run.cost };
  if (limits.tokens !== null && amount.tokens >= limits.tokens)
    return { code: 'AGENT_TOKENS_EXHAUSTED', detail: `The run has used ${amount.tokens} of ${limits.tokens} tokens.` };
  if (beyond(amount, { tokensMax: null, costMax: limits.cost }).length > 0)
    return { code: 'AGENT_COST_EXHAUSTED', detail: `The run has cost ${run.cost}, more than ${limits.cost}.` };
  return null;
}

const stepsExhausted = ({ spec: { limits } }: Run) => ({
  code: 'AGENT_STEPS_EXHAUSTED',
  detail: `The run has no result after ${limits.steps} steps.`,
});

/** Asks the model, or the program, for the answer of the current step; ends a run that has reached a limit. */
export function ask(run: Run, runId: string): readonly Output[] {
  const { spec, step, labels } = run;
  const end = step > spec.limits.steps ? stepsExhausted(run) : exhausted(run);
  if (end !== null) return failed({ ...run, step: step - 1 }, runId, end.code, end.detail);
  if (run.program !== undefined) return askProgram({ ...run, program: run.program }, runId);
  const messages = messagesOf(run);
  if (isTooLong(messages))
    return failed(run, runId, 'AGENT_HISTORY_EXHAUSTED', 'What the model would be shown has more than 48 KiB.');
  const { agent, principal, capabilities, credential, model, tools, outputSchema: schema, capsule = null } = spec;
  return [
    askAgentModel({
      ...{ callId: requestIdOf(runId, run), runId, principal, capabilities, credential, agent, step, model, messages },
      ...{ tools: tools.map(({ name }) => name), maxTokens: answerTokensOf(run), labels, capsule },
      responseFormat:
        schema !== null && run.hasForm
          ? { kind: 'json_schema', name: 'result', description: null, schema, strict: true }
          : null,
    }),
  ];
}

const answerTokensOf = ({ spec: { maxTokens, limits }, ...run }: Run): number => {
  const left =
    limits.tokens === null ? Number.POSITIVE_INFINITY : limits.tokens - tokensOf({ spec: { limits }, ...run } as Run);
  return Math.max(1, Math.min(boundedMaxTokens(maxTokens ?? AGENT_ANSWER_TOKENS_DEFAULT), left));
};

/** A message has the schema where the answers of the provider have no form. */
function messagesOf({ messages, hasForm, spec: { outputSchema } }: Run): readonly ChatMessage[] {
  if (outputSchema === null || hasForm) return messages;
  const at = messages.findIndex(({ role }) => role !== 'system');
  return [...messages.slice(0, at), textMessage('system', schemaMessage(outputSchema)), ...messages.slice(at)];
}

/** Decides on a request to the model. One that the run waits for no more is not made. */
export function asked(run: Run, command: AskAgentModel, decided: PolicyDecided): readonly Output[] {
  const { runId, callId: requestId, step, principal, model, messages, maxTokens, responseFormat } = command;
  if (run.phase !== 'asking' || requestId !== requestIdOf(runId, run)) return [];
  const { decision } = decided;
  if (decision.outcome === 'deny') {
    const { code, detail } = refusalOf(decided);
    // The model was not asked in this step.
    return failed({ ...run, step: step - 1 }, runId, code, detail);
  }
  const { decisionId } = decision;
  return [
    agentStepStarted({ runId, step, requestId, labels: carriedLabels([], decided), decisionId }),
    slmRequested({
      ...{ subjectId: requestId, origin: ORIGIN, requestId, sessionId: null, turnId: null, turnSequence: null },
      ...{ principal, model, messages, maxTokens: boundedMaxTokens(maxTokens), temperature: PROGRAM_TEMPERATURE },
      ...{ seed: seedOf(requestId), stop: [], responseFormat, decisionId, lane: 'standard' },
      tools: run.spec.tools.map(({ modelName: name, description, parameters }) => ({ name, description, parameters })),
      ...{ toolChoice: null, parallelToolCalls: true },
    }),
  ];
}

/** Decides on a failure of the model. Workers have tried again already; only the form of the answer can be dropped. */
export function unanswered(run: Run, runId: string, { requestId, code, detail }: SlmFailed): readonly Output[] {
  if (run.phase !== 'asked' || requestId !== requestIdOf(runId, run)) return [];
  const { step } = run;
  return code === 'SLM_FORMAT_UNSUPPORTED' && run.hasForm
    ? inTurn(
        run,
        () => [agentFormatDropped({ runId, step })],
        (again) => ask(again, runId),
      )
    : failed(run, runId, code, detail);
}

/** Decides on an answer: its calls begin at once, or it has the result. A repeat changes nothing. */
export function answered(run: Run, runId: string, answer: SlmCompleted, at: At): readonly Output[] {
  const { requestId, text, toolCalls, modelId, finishReason, tokensConsumed, cost, latencyMs, moderation } = answer;
  if (run.phase !== 'asked' || requestId !== requestIdOf(runId, run)) return [];
  const { step } = run;
  const calls = callsOf(run, runId, toolCalls);
  return inTurn(
    run,
    () => [
      agentStepCompleted({
        ...{ runId, step, requestId, text, calls, callsLeftOut: toolCalls.length - calls.length },
        ...{ modelId, finishReason, tokensConsumed, cost: cost ?? '0.000000000', latencyMs, snapshot: null },
        moderation,
      }),
    ],
    (after) => (calls.length === 0 ? concluded(after, runId, text, at) : called(after, runId, at)),
    (after) => (after.phase === 'asking' ? ask(after, runId) : []),
  );
}

/** Returns the calls of an answer under ids of ours. The names that a model gives its calls may be empty or equal. */
function callsOf(
  { step, spec: { tools } }: Run,
  runId: string,
  asked: SlmCompleted['toolCalls'],
): readonly AgentCall[] {
  return asked.slice(0, AGENT_CALLS_MAX).map(({ id, name: modelName, arguments: given }, nth, all) => {
    const isUnique = id !== '' && all.findIndex((other) => other.id === id) === nth;
    return {
      ...{ callId: agentCallId(runId, step, nth), modelCallId: isUnique ? id : `call_${step}_${nth}`, modelName },
      tool: tools.find((tool) => tool.modelName === modelName)?.name ?? null,
      arguments: given.trim() === '' ? '{}' : given,
    };
  });
}

/** Begins the calls of an answer, unless no later step would read their results. */
export function called(run: Run, runId: string, at: At): readonly Output[] {
  const end = run.step >= run.spec.limits.steps ? stepsExhausted(run) : exhausted(run);
  if (end !== null) return failed(run, runId, end.code, end.detail);
  const { identicalCalls } = run.spec.limits;
  if (run.program === undefined && isLoop(run))
    return failed(run, runId, 'AGENT_LOOP_DETECTED', `The model asked for the same call ${identicalCalls} times.`);
  return begun(run, runId, at);
}

/** Ends a run with its result; asks again for one that does not fit its schema. */
function concluded(run: Run, runId: string, text: string, { problemsOf }: At): readonly Output[] {
  const { spec, step, repairs } = run;
  if (spec.outputSchema === null) return completed(run, runId, text);
  const found = resultIn(text, spec.outputSchema, problemsOf);
  if ('json' in found) return completed(run, runId, found.json);
  if (repairs >= AGENT_REPAIRS_MAX) return failed(run, runId, 'SCHEMA_VIOLATION', found.detail);
  return [agentAnswerRejected({ runId, step, repair: repairs + 1, detail: found.detail })];
}
