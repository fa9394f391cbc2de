import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf } from '../../schemas/contexts/analytics/sketch.ts';
import { WINDOW_MS, windowOf } from '../../schemas/contexts/analytics.ts';
import {
  agentRunCancelled,
  agentRunCompleted,
  agentRunFailed,
  agentRunStarted,
  policyDecided,
  sessionStarted,
  slmMetered,
  startAgentRun,
  toolCallCompleted,
  toolCallRequested,
  toolCallWaiting,
  type WindowMeasured,
} from '../../schemas/generated/records.ts';
import { recordOf } from '../../schemas/testing.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord } from '../kernel.ts';
import { allowed, aTurn, denied } from '../testing.ts';
import { analytics } from './analytics.ts';

const NOW = Date.UTC(2026, 10, 25, 12) + 31_000;
const { given, when } = scenarios(analytics, { startMs: NOW });
/** Any record of the schema, with these fields. */
const like = <R extends AnyRecord>(make: (data: R['data']) => R, data: Partial<R['data']>): R => {
  const [sample] = fc.sample(recordOf(make({} as R['data']).type), { numRuns: 1, seed: 1 });
  return make({ ...((sample as R).data as object), ...data } as R['data']);
};
const started = like(sessionStarted as never, { sessionId: 's', persona: 'guide' } as never) as AnyRecord;
const metered = slmMetered({
  ...{ subjectId: 's', origin: 'conversation', requestId: 'r', tenantId: 'demo', sessionId: 's', turnId: 'r' },
  ...{ provider: 'p', modelId: 'small', outcome: 'completed', tokensConsumed: { prompt: 7, completion: 2 } },
  ...{ latencyMs: 250, timeToFirstTokenMs: 1, cost: '0.000001800', currency: 'USD', deltas: null },
});
const partsOf = (records: readonly AnyRecord[]) =>
  records.filter(({ type }) => type === 'WindowMeasured').map(({ data }) => data as WindowMeasured);

describe('use of a model', () => {
  it('is measured for the model and for the persona of its session, in the window of its time', () => {
    const figures = { runs: 1, successes: 1, tokens: 9, cost: '0.000001800', latencyBucket: bucketOf(250) };
    const window = { windowStart: windowOf(NOW), windowMs: WINDOW_MS };
    expect(partsOf(given(started).when(metered).records)).toMatchObject([
      { kind: 'models', subject: 'small', ...window, ...figures },
      { kind: 'personas', subject: 'guide', ...window, ...figures },
    ]);
  });

  it('outside of a session is that of the model alone', () => {
    expect(partsOf(when(metered).records).map(({ kind }) => kind)).toEqual(['models']);
  });
});

describe('a decision', () => {
  it.each([
    ['allow', allowed, { successes: 1, refusals: 0 }],
    ['deny', denied, { successes: 0, refusals: 1 }],
  ])('to %s counts once for each clause that decided', (_, decision, figures) => {
    const command = { subjectId: 's', commandId: 'c', commandType: 'khipu.sessions.SubmitTurn', command: aTurn('t') };
    const decided = like(policyDecided as never, { ...command, decision, persona: null } as never) as AnyRecord;
    expect(partsOf(when(decided).records)).toMatchObject(
      decision.clauses.map((subject) => ({ kind: 'policies', subject, runs: 1, ...figures })),
    );
  });
});

describe('a call of a tool', () => {
  const waiting = like(
    toolCallWaiting as never,
    { callId: 'c', toolId: 'demo/pay', chain: null, capsuleId: null } as never,
  ) as AnyRecord;
  const requested = like(
    toolCallRequested as never,
    { callId: 'c', toolId: 'demo/pay', chain: null } as never,
  ) as AnyRecord;
  const completed = (outcome: string) =>
    like(
      toolCallCompleted as never,
      {
        ...{ callId: 'c', toolId: 'demo/pay', outcome, cost: '0.010000000', latencyMs: 40 },
      } as never,
    ) as AnyRecord;

  it('that waited for an approval is measured with its wait', () => {
    const driver = createDriver({ processors: [analytics], startMs: NOW });
    driver.append(waiting, { place: 'demo/0' });
    driver.run();
    driver.advance(90_000);
    driver.append(requested, { place: 'demo/0' });
    driver.append(completed('succeeded'), { place: 'demo/0' });
    driver.run();
    expect(partsOf(driver.records('analytics.events').map(({ record }) => record))).toMatchObject([
      { kind: 'tools', subject: 'demo/pay', runs: 0, approvals: 1, approvalWaitMs: 90_000 },
      { kind: 'tools', subject: 'demo/pay', runs: 1, successes: 1, cost: '0.010000000' },
    ]);
  });

  it('that failed is a run without a success', () => {
    expect(partsOf(when(completed('failed')).records)).toMatchObject([{ runs: 1, successes: 0, refusals: 0 }]);
  });
});

describe('a run of a capsule', () => {
  const capsule = { installId: 'demo/brief', capsuleId: 'acme/brief@1.0.0', digest: 'd1', price: null };
  const used = { runId: 'run', tokens: { prompt: 30, completion: 12 }, cost: '0.004000000' };
  const began = (changes: object = {}) =>
    like(agentRunStarted as never, { runId: 'run', capsule, parent: null, ...changes } as never) as AnyRecord;
  const completed = like(agentRunCompleted as never, used as never) as AnyRecord;
  const failed = like(agentRunFailed as never, used as never) as AnyRecord;
  const cancelled = like(agentRunCancelled as never, used as never) as AnyRecord;
  /** Returns the parts of capsules of records, each a second after the one before it. */
  const measured = (...records: readonly AnyRecord[]) => {
    const driver = createDriver({ processors: [analytics], startMs: NOW });
    for (const record of records) {
      driver.append(record, { place: 'demo/0' });
      driver.run();
      driver.advance(1_000);
    }
    const parts = partsOf(driver.records('analytics.events').map(({ record }) => record));
    return parts.filter(({ kind }) => kind === 'capsules');
  };

  it.each([
    ['completed', completed, 1],
    ['failed', failed, 0],
    ['was cancelled', cancelled, 0],
  ])('that %s is measured with what it used and how long it took', (_, end, successes) => {
    const ofRun = { kind: 'capsules', subject: 'acme/brief@1.0.0', runs: 1, successes, refusals: 0 };
    // Requests to models are measured under the id of the run as well: they do not end it.
    const asking = slmMetered({ ...metered.data, sessionId: null, subjectId: 'run' });
    expect(measured(began(), asking, end)).toMatchObject([
      { ...ofRun, tokens: 42, cost: '0.004000000', latencyMs: 2_000, latencyBucket: bucketOf(2_000) },
    ]);
  });

  it('counts once: the end of a child run, and one of no capsule, count for none', () => {
    const parent = { runId: 'other', callId: 'c' };
    expect(measured(began({ parent }), completed, began({ capsule: null }), completed)).toEqual([]);
    expect(measured(began(), completed, completed)).toHaveLength(1);
  });

  it('that policy refuses is a run and a refusal of its capsule', () => {
    const decided = (decision: typeof allowed) =>
      like(
        policyDecided as never,
        {
          ...{ subjectId: 'run', commandId: 'c', commandType: 'khipu.agents.StartAgentRun', persona: null, decision },
          command: like(startAgentRun as never, { runId: 'run', capsule } as never),
        } as never,
      ) as AnyRecord;
    expect(measured(decided(denied))).toMatchObject([{ subject: 'acme/brief@1.0.0', runs: 1, refusals: 1 }]);
    expect(measured(decided(allowed))).toEqual([]);
  });

  it('has the waits for approvals of its calls', () => {
    const ofCall = { callId: 'c', toolId: 'demo/pay', chain: null };
    const waits = (capsuleId: string | null) =>
      like(toolCallWaiting as never, { ...ofCall, capsuleId } as never) as AnyRecord;
    const requested = like(toolCallRequested as never, ofCall as never) as AnyRecord;
    expect(measured(waits('acme/brief@1.0.0'), requested)).toMatchObject([
      { subject: 'acme/brief@1.0.0', runs: 0, approvals: 1, approvalWaitMs: 1_000 },
    ]);
    expect(measured(waits(null), requested)).toEqual([]);
  });
});
