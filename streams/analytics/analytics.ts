import { bucketOf } from '../../schemas/contexts/analytics/sketch.ts';
import { type Kind, WINDOW_MS, windowOf } from '../../schemas/contexts/analytics.ts';
import { type SlmMetered, sourceJoined, type WindowMeasured, windowMeasured } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, processor, type RecordOf, type RecordsOf } from '../kernel.ts';

const inputs = [topics.policyDecisions, topics.sessionsEvents, topics.slmMetrics, topics.toolsCalls] as const;
type Input = RecordsOf<typeof inputs>;
type Output = RecordOf<'WindowMeasured' | 'SourceJoined'>;
type Read = Pick<Meta, 'timeMs'>;

/** What later records of a session or a call do not say. */
export type SourceState =
  | { readonly status: 'absent' }
  | { readonly status: 'session'; readonly persona: string }
  | { readonly status: 'waiting'; readonly sinceMs: number };

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
  figures: Partial<Omit<WindowMeasured, 'sourceId' | 'kind' | 'subject' | 'windowStart'>>,
): RecordOf<'WindowMeasured'> =>
  windowMeasured({ ...none, ...figures, sourceId, kind, subject, windowStart: windowOf(timeMs) });

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

/** Returns the wait for an approval that has ended; nothing without one. */
const waited = (state: SourceState, { timeMs }: Read) =>
  state.status === 'waiting' ? { approvals: 1, approvalWaitMs: Math.max(0, timeMs - state.sinceMs) } : {};

/** Decides on a record of the past: each adds to the windows of what it is of. */
export function decide(state: SourceState, { type, data }: Input, meta: Read): readonly Output[] {
  switch (type) {
    case 'SessionStarted':
      return [sourceJoined({ sourceId: data.sessionId, persona: data.persona, waitsSince: null })];
    case 'PolicyDecided': {
      const { subjectId, decision, persona } = data;
      const isAllowed = decision.outcome === 'allow';
      const verdict = { runs: 1, successes: isAllowed ? 1 : 0, refusals: isAllowed ? 0 : 1 };
      const clauses = [...new Set(decision.clauses)].slice(0, CLAUSES_MAX);
      return [
        ...clauses.map((clause) => part(subjectId, 'policies', clause, meta, verdict)),
        ...(persona === null || isAllowed
          ? []
          : [part(subjectId, 'personas', persona.name, meta, { runs: 1, refusals: 1 })]),
      ];
    }
    case 'SlmMetered':
      return usedModel(state, data, meta);
    case 'ToolCallWaiting':
      return [sourceJoined({ sourceId: data.callId, persona: null, waitsSince: meta.timeMs })];
    case 'ToolCallRequested': {
      const wait = waited(state, meta);
      return state.status === 'waiting' ? [part(data.callId, 'tools', data.toolId, meta, wait)] : [];
    }
    case 'ToolCallCompleted': {
      const { callId, toolId, outcome, cost, latencyMs } = data;
      const figures = { runs: 1, successes: outcome === 'succeeded' ? 1 : 0, cost, ...latency(latencyMs) };
      return [part(callId, 'tools', toolId, meta, figures)];
    }
    case 'ToolCallRefused': {
      const figures = { runs: 1, refusals: 1, ...waited(state, meta) };
      return [part(data.callId, 'tools', data.toolId, meta, figures)];
    }
    default:
      return [];
  }
}

/** Folds one event into the state of its source. */
export function evolve(state: SourceState, event: Output): SourceState {
  switch (event.type) {
    case 'SourceJoined': {
      const { persona, waitsSince } = event.data;
      if (persona !== null) return { status: 'session', persona };
      return waitsSince === null ? state : { status: 'waiting', sinceMs: waitsSince };
    }
    case 'WindowMeasured':
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
 * Measures runs, calls and decisions in windows of event time. Its records are parts of windows, which add up in any
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
