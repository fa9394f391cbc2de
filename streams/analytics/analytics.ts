import { bucketOf } from '../../schemas/contexts/analytics/sketch.ts';
import { type Kind, WINDOW_MS, windowOf } from '../../schemas/contexts/analytics.ts';
import {
  type AgentRunCancelled,
  type PolicyDecided,
  type SlmMetered,
  sourceJoined,
  type ToolCallRefused,
  type WindowMeasured,
  windowMeasured,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type AnyRecord, assertNever, type Meta, processor, type RecordOf, type RecordsOf } from '../kernel.ts';

const inputs = [
  ...[topics.policyDecisions, topics.sessionsEvents, topics.slmMetrics, topics.toolsCalls, topics.agentsEvents],
] as const;
type Input = RecordsOf<typeof inputs>;
type Output = RecordOf<'WindowMeasured' | 'SourceJoined'>;
type Read = Pick<Meta, 'timeMs'>;

/** What later records of a session, a call or a run do not say. */
export type SourceState =
  | { readonly status: 'absent' }
  | { readonly status: 'session'; readonly persona: string }
  /** `capsule`: that of the run that asked for the call; null for any other caller. */
  | { readonly status: 'waiting'; readonly sinceMs: number; readonly capsule: string | null }
  | { readonly status: 'running'; readonly sinceMs: number; readonly capsule: string };

const absent: SourceState = { status: 'absent' };

/** Bound on clauses of one decision that are counted. */
const CLAUSES_MAX = 8;
const TOKENS_MAX = 2 ** 52 - 1;
const none = {
  ...{ runs: 0, successes: 0, refusals: 0, approvals: 0, approvalWaitMs: 0, tokens: 0, cost: '0.000000000' },
  ...{ latencyMs: null, latencyBucket: null, windowMs: WINDOW_MS },
} as const;

/** Returns the part of the window of a record, by its own time: late records go where they belong. */
const part = (
  sourceId: string,
  kind: Kind,
  subject: string,
  { timeMs }: Read,
  figures: Figures,
): RecordOf<'WindowMeasured'> =>
  windowMeasured({ ...none, ...figures, sourceId, kind, subject, windowStart: windowOf(timeMs) });

type Figures = Partial<Omit<WindowMeasured, 'sourceId' | 'kind' | 'subject' | 'windowStart'>>;
type Call = Pick<ToolCallRefused, 'callId' | 'toolId'>;
type RunEnd = Pick<AgentRunCancelled, 'runId' | 'tokens' | 'cost'>;

const nothingKnown = { persona: null, waitsSince: null, capsuleId: null, startedAt: null };

const latency = (ms: number) => ({ latencyMs: Math.max(0, ms) + 0, latencyBucket: bucketOf(ms) });

function usedModel(state: SourceState, data: SlmMetered, meta: Read): readonly Output[] {
  const { subjectId, modelId, outcome, tokensConsumed, cost, latencyMs } = data;
  const sourceId = data.sessionId ?? subjectId;
  const figures = {
    ...{ runs: 1, successes: outcome === 'completed' ? 1 : 0, cost, ...latency(latencyMs) },
    tokens: Math.max(-TOKENS_MAX, Math.min(TOKENS_MAX, tokensConsumed.prompt + tokensConsumed.completion)),
  };
  const ofModel = part(sourceId, 'models', modelId, meta, figures);
  return state.status === 'session' ? [ofModel, part(sourceId, 'personas', state.persona, meta, figures)] : [ofModel];
}

/** Returns the wait for an approval that has ended, for its tool and for the capsule that asked; nothing without one. */
function waited(state: SourceState, { callId, toolId }: Call, meta: Read, ofTool: Figures = {}): readonly Output[] {
  if (state.status !== 'waiting')
    return Object.keys(ofTool).length > 0 ? [part(callId, 'tools', toolId, meta, ofTool)] : [];
  const wait = { approvals: 1, approvalWaitMs: Math.max(0, meta.timeMs - state.sinceMs) };
  const { capsule } = state;
  return [
    part(callId, 'tools', toolId, meta, { ...ofTool, ...wait }),
    ...(capsule === null ? [] : [part(callId, 'capsules', capsule, meta, wait)]),
  ];
}

/** Returns what a run of a capsule was when it has ended; its cost and tokens have those of its child runs. */
function ended(state: SourceState, { runId, tokens, cost }: RunEnd, meta: Read, successes: number): readonly Output[] {
  if (state.status !== 'running') return [];
  const used = Math.min(TOKENS_MAX, tokens.prompt + tokens.completion);
  const figures = { runs: 1, successes, tokens: used, cost, ...latency(meta.timeMs - state.sinceMs) };
  return [part(runId, 'capsules', state.capsule, meta, figures)];
}

/** Returns the capsule whose run a decision refuses; null for any other decision. */
function refusedCapsule({ command, decision }: PolicyDecided): string | null {
  const { type, data } = command as AnyRecord;
  return type === 'StartAgentRun' && decision.outcome !== 'allow' ? (data.capsule?.capsuleId ?? null) : null;
}

/** Decides on a record of the past: each adds to the windows of what it is of. */
export function decide(state: SourceState, { type, data }: Input, meta: Read): readonly Output[] {
  switch (type) {
    case 'SessionStarted':
      return [sourceJoined({ ...nothingKnown, sourceId: data.sessionId, persona: data.persona })];
    case 'PolicyDecided': {
      const { subjectId, decision, persona } = data;
      const isAllowed = decision.outcome === 'allow';
      const verdict = { runs: 1, successes: isAllowed ? 1 : 0, refusals: isAllowed ? 0 : 1 };
      const clauses = [...new Set(decision.clauses)].slice(0, CLAUSES_MAX);
      const capsule = refusedCapsule(data);
      return [
        ...clauses.map((clause) => part(subjectId, 'policies', clause, meta, verdict)),
        ...(persona === null || isAllowed
          ? []
          : [part(subjectId, 'personas', persona.name, meta, { runs: 1, refusals: 1 })]),
        ...(capsule === null ? [] : [part(subjectId, 'capsules', capsule, meta, { runs: 1, refusals: 1 })]),
      ];
    }
    case 'SlmMetered':
      return usedModel(state, data, meta);
    case 'ToolCallWaiting':
      return [
        sourceJoined({ ...nothingKnown, sourceId: data.callId, waitsSince: meta.timeMs, capsuleId: data.capsuleId }),
      ];
    case 'ToolCallRequested':
      return waited(state, data, meta);
    case 'ToolCallCompleted': {
      const { callId, toolId, outcome, cost, latencyMs } = data;
      const figures = { runs: 1, successes: outcome === 'succeeded' ? 1 : 0, cost, ...latency(latencyMs) };
      return [part(callId, 'tools', toolId, meta, figures)];
    }
    case 'ToolCallRefused':
      return waited(state, data, meta, { runs: 1, refusals: 1 });
    case 'AgentRunStarted': {
      const { runId: sourceId, capsule, parent } = data;
      // What a child run uses is in the end of the run that it is of.
      if (capsule === null || parent !== null) return [];
      return [sourceJoined({ ...nothingKnown, sourceId, capsuleId: capsule.capsuleId, startedAt: meta.timeMs })];
    }
    case 'AgentRunCompleted':
      return ended(state, data, meta, 1);
    case 'AgentRunFailed':
    case 'AgentRunCancelled':
      return ended(state, data, meta, 0);
    default:
      return [];
  }
}

/** Folds one event into the state of its source. */
export function evolve(state: SourceState, event: Output): SourceState {
  switch (event.type) {
    case 'SourceJoined': {
      const { persona, waitsSince, capsuleId: capsule, startedAt } = event.data;
      if (persona !== null) return { status: 'session', persona };
      if (waitsSince !== null) return { status: 'waiting', sinceMs: waitsSince, capsule };
      return startedAt === null || capsule === null ? state : { status: 'running', sinceMs: startedAt, capsule };
    }
    case 'WindowMeasured':
      // Requests of a run are measured under its id as well: only its own end is that of the run.
      if (state.status === 'running') return event.data.kind === 'capsules' ? absent : state;
      return state.status === 'waiting' ? absent : state;
    default:
      return assertNever(event);
  }
}

/** Simulated records report nothing that happened, so they are in no window. */
function keyOf(record: Input, { key, simulation }: Pick<Meta, 'key' | 'simulation'>): string | null {
  if (simulation !== undefined) return null;
  return record.type === 'SlmMetered' ? (record.data.sessionId ?? record.data.subjectId) : key;
}

/**
 * Measures runs, calls, decisions and capsules in windows of event time. Its records are parts of windows, which add up in any
 * order, so that no window is ever closed and no late record is dropped.
 */
export const analytics = processor({
  name: 'analytics',
  inputs,
  outputs: [topics.analyticsEvents],
  state: topics.analyticsState,
  initial: absent as SourceState,
  finished: ({ status }) => status === 'absent',
  // No caller waits for a figure.
  lingerMs: 100,
  key: keyOf,
  decide,
  evolve,
});
