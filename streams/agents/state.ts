import type { AgentCall, AgentRunStarted, ChatMessage, TokenUsage } from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';

export type AgentEvent = RecordOf<
  | 'AgentRunStarted'
  | 'AgentRunRefused'
  | 'AgentStepStarted'
  | 'AgentStepCompleted'
  | 'AgentCallEnded'
  | 'AgentAnswerRejected'
  | 'AgentFormatDropped'
  | 'AgentRunCompleted'
  | 'AgentRunFailed'
  | 'AgentRunCancelled'
>;

/** What the agents processor writes besides its events. */
export type AgentEffect = RecordOf<
  | 'AskAgentModel'
  | 'RunAgentProgram'
  | 'RunProgramSegment'
  | 'StartChildAgentRun'
  | 'CallTool'
  | 'SlmRequested'
  | 'CancelSlmRequest'
  | 'EndChildAgentRun'
  | 'CancelChildAgentRun'
>;

export type Output = AgentEvent | AgentEffect;

/** What a run is, from its start to its end. */
export type RunSpec = Pick<
  AgentRunStarted,
  | 'agent'
  | 'principal'
  | 'capabilities'
  | 'credential'
  | 'model'
  | 'maxTokens'
  | 'tools'
  | 'limits'
  | 'outputSchema'
  | 'parent'
  | 'depth'
  | 'deadline'
> & {
  /** Null for a run of a model; absent in a state from before programs. */
  readonly program?: string | null;
  /** Installed capsule that it runs; absent in a state from before capsules. */
  readonly capsule?: AgentRunStarted['capsule'];
};

/** A program between two segments. */
export interface ProgramState {
  /** Where it waits: base64, or the name of a content; null before its first segment. */
  readonly snapshot: string | null;
  /** What its next segment is given: `input` before the first one, then the answer of its call, JSON, or why it failed. */
  readonly given: { readonly answer: string } | { readonly error: string } | { readonly input: string };
  /** What it has printed, at most PROGRAM_PRINTED_BYTES_MAX. */
  readonly printed: string;
}

/** A call of the latest answer. */
export interface PendingCall extends AgentCall {
  /** What the model is shown; null until the call has ended. */
  readonly result: string | null;
}

/**
 * A run that has not ended.
 *
 * asking ──allowed──▶ asked ──answered──▶ calling ──all calls ended──▶ asking (the next step)
 *                                            └── no calls: the result, or asking again to repair it
 */
export interface Run {
  readonly status: 'running';
  readonly tenantId: string;
  readonly spec: RunSpec;
  /** Number of the step, from 1. */
  readonly step: number;
  /** Awaits the decision on a request to the model, its answer, or the ends of calls. */
  readonly phase: 'asking' | 'asked' | 'calling';
  /** True while answers are asked for in the form of the schema of the result. */
  readonly hasForm: boolean;
  /** All that the model was shown, oldest first: at most AGENT_HISTORY_BYTES_MAX, and one answer with its results. */
  readonly messages: readonly ChatMessage[];
  /** Calls of the latest answer, in its order; none once all have ended. */
  readonly calls: readonly PendingCall[];
  readonly repairs: number;
  readonly tokens: TokenUsage;
  /** A decimal with nine fraction digits. */
  readonly cost: string;
  /** Labels of all that it has seen. */
  readonly labels: readonly string[];
  /** Of a run whose program takes the place of the model: absent for any other. */
  readonly program?: ProgramState;
  /** The latest calls, by what they ask for; one that was asked for twice is there twice. */
  readonly seen: readonly string[];
}

export type RunState =
  | { readonly status: 'absent' }
  | Run
  /** Kept, so that a late repeat of its start runs nothing again. Some 40 bytes. */
  | { readonly status: 'ended'; readonly tenantId: string };

export const absent: RunState = { status: 'absent' };

export const isRunning = (state: RunState): state is Run => state.status === 'running';
