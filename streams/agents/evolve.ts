import { plus } from '../../schemas/amount.ts';
import { AGENT_SEEN_MAX } from '../../schemas/contexts/agents.ts';
import { textMessage } from '../../schemas/contexts/slm/messages.ts';
import type {
  AgentCall,
  AgentCallEnded,
  AgentRunStarted,
  AgentStepCompleted,
  ChatMessage,
  TokenUsage,
} from '../../schemas/generated/records.ts';
import { assertNever } from '../kernel.ts';
import { seenAs } from './calls/seen.ts';
import { answerMessage, bounded, firstMessages, resultMessage, withoutArguments } from './history.ts';
import { programAnswered, programCalled, programStarted } from './programs/evolve.ts';
import { repairMessage } from './result.ts';
import { isRunning, type Output, type PendingCall, type Run, type RunState } from './state.ts';

const INT_MAX = 2 ** 31 - 1;
const sum = (a: number, b: number): number => Math.min(INT_MAX, Math.max(0, a) + Math.max(0, b));

/** Returns the sum of two uses, within an int. */
const used = (a: TokenUsage, b: TokenUsage): TokenUsage => ({
  prompt: sum(a.prompt, b.prompt),
  completion: sum(a.completion, b.completion),
});

const costOf = (a: string, b: string): string => plus({ tokens: 0, cost: a }, { tokens: 0, cost: b }).cost;

const union = (labels: readonly string[], more: readonly string[]): readonly string[] =>
  more.every((label) => labels.includes(label)) ? labels : [...new Set([...labels, ...more])];

/** Folds one output into the state of its run. */
export function evolve(state: RunState, event: Output): RunState {
  if (event.type === 'AgentRunStarted') return startedRun(event.data);
  if (!isRunning(state)) return state;
  switch (event.type) {
    case 'AgentStepStarted':
      return { ...state, phase: 'asked', labels: union(state.labels, event.data.labels) };
    case 'AgentStepCompleted':
      return answered(state, event.data);
    case 'AgentCallEnded':
      return callEnded(state, event.data);
    case 'AgentAnswerRejected': {
      const messages = [...state.messages, textMessage('user', repairMessage(event.data.detail))];
      return { ...state, ...nextStep(state, messages), repairs: event.data.repair };
    }
    case 'AgentFormatDropped':
      return { ...state, phase: 'asking', hasForm: false };
    case 'AgentRunCompleted':
    case 'AgentRunFailed':
    case 'AgentRunCancelled':
      return { status: 'ended', tenantId: state.tenantId };
    case 'AgentRunRefused':
    case 'AskAgentModel':
    case 'RunAgentProgram':
    case 'RunProgramSegment':
    case 'StartChildAgentRun':
    case 'CallTool':
    case 'SlmRequested':
    case 'CancelSlmRequest':
    case 'EndChildAgentRun':
    case 'CancelChildAgentRun':
      return state;
    default:
      return assertNever(event);
  }
}

/** Returns the state of a run that has begun. */
export function startedRun(data: AgentRunStarted): Run {
  const { tenantId, agent, principal, capabilities, credential, model, maxTokens, tools, limits, labels } = data;
  const { outputSchema, parent, depth, deadline, instructions, prompt, capsule } = data;
  return {
    ...{ status: 'running', tenantId, step: 1, phase: 'asking', hasForm: outputSchema !== null },
    spec: {
      ...{ agent, principal, capabilities, credential, model, maxTokens, tools, limits },
      ...{ outputSchema, parent, depth, deadline, program: data.program, ...(capsule !== null && { capsule }) },
    },
    ...(data.program === null
      ? { messages: firstMessages(instructions, prompt) }
      : { messages: [], program: programStarted(data) }),
    ...{ calls: [], repairs: 0, tokens: { prompt: 0, completion: 0 }, cost: '0.000000000', labels, seen: [] },
  };
}

const nextStep = ({ step }: Run, messages: readonly ChatMessage[]) => ({
  ...{ step: step + 1, phase: 'asking' as const, calls: [], messages: bounded(messages) },
});

function answered(run: Run, event: AgentStepCompleted): Run {
  const { text, calls, tokensConsumed, cost } = event;
  if (run.program !== undefined) return programAnswered({ ...run, program: run.program }, event);
  return {
    ...run,
    phase: 'calling',
    messages: [...run.messages, answerMessage(text, calls)],
    calls: calls.map((call: AgentCall): PendingCall => ({ ...call, result: null })),
    tokens: used(run.tokens, tokensConsumed),
    cost: costOf(run.cost, cost),
    seen: [...run.seen, ...calls.map(seenAs)].slice(-AGENT_SEEN_MAX),
  };
}

/** The order of results is that of the answer, whichever call ends first. */
function callEnded(run: Run, event: AgentCallEnded): Run {
  const { callId, code, result, labels, tokensConsumed, cost } = event;
  const calls = run.calls.map((call) => (call.callId === callId && call.result === null ? { ...call, result } : call));
  const ended = run.calls.find((call) => call.callId === callId);
  const messages =
    ended !== undefined && code === 'POLICY_DENIED' ? withoutArguments(run.messages, ended.modelCallId) : run.messages;
  const spent = {
    ...{ tokens: used(run.tokens, tokensConsumed), cost: costOf(run.cost, cost) },
    labels: union(run.labels, labels),
  };
  if (run.program !== undefined)
    return { ...run, ...spent, ...nextStep(run, []), program: programCalled(run.program, event) };
  const results = calls.flatMap((call) => (call.result === null ? [] : [resultMessage(call.modelCallId, call.result)]));
  return results.length < calls.length || calls.length === 0
    ? { ...run, ...spent, messages, calls }
    : { ...run, ...spent, ...nextStep(run, [...messages, ...results]) };
}
