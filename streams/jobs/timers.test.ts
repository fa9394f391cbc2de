import { describe, expect, it } from 'vitest';
import {
  cancelChildJob,
  endChildJob,
  jobDead,
  jobFailed,
  jobPaused,
  jobResumed,
  jobRunFailed,
  jobWaiting,
  stopJobRun,
  wakeJob,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn } from '../testing.ts';
import { evolve } from './evolve.ts';
import { jobs } from './jobs.ts';
import { childIdOf } from './keys.ts';
import { absent } from './state.ts';
import { accepted, aStart, aSuspension, aType, aWait, endOf, JOB, ran, START_MS, waitOf, work } from './testing.ts';
import { due } from './timers.ts';

const { given } = scenarios(jobs, { startMs: START_MS });
const wake = (dueAt: number) => wakeJob({ jobId: JOB, dueAt });
const listed = (...events: Parameters<typeof evolve>[1][]) =>
  due(
    events.reduce((state, event) => evolve(state, event), absent),
    JOB,
  ).map(({ atMs }) => atMs);
const waits = (kind: string, until: number | null, nth = 1) =>
  jobWaiting({ jobId: JOB, generation: 1, wait: aWait(kind, { until, signal: 's', nth }), startedAt: START_MS });
const PARENT = '22222222-2222-4222-8222-222222222222';

describe('the timers of a job', () => {
  it('are one: the next time at which something changes', () => {
    expect(listed(accepted())).toEqual([]);
    expect(listed(accepted({ runAt: 9_000, deadline: 8_000 }))).toEqual([8_000]);
    expect(listed(accepted({ deadline: 8_000 }), ran(1), waits('sleep', 7_000), waits('signal', 6_000))).toEqual([
      6_000,
    ]);
    expect(listed(accepted(), ran(1), waits('signal', null))).toEqual([]);
  });

  it('are not listed for what cannot happen now', () => {
    const paused = jobPaused({ jobId: JOB, pausedBy: 'ana', reason: '' });
    expect(listed(accepted({ runAt: 9_000 }), paused)).toEqual([]);
    expect(listed(accepted({ runAt: 9_000 }), paused, jobResumed({ jobId: JOB, resumedBy: 'ana' }))).toEqual([9_000]);
    expect(listed(accepted(), ran(1), waits('retry', 9_000))).toEqual([]);
    expect(
      listed(accepted({ deadline: 1 }), ran(1), jobDead({ jobId: JOB, generation: 1, code: '', detail: '' })),
    ).toEqual([]);
    expect(due(absent, JOB)).toEqual([]);
  });

  it('end each wait at its own time, also when a later one comes first', () => {
    const { records } = given(
      ...[accepted(), ran(1), waits('sleep', START_MS + 1_000), waits('sleep', START_MS + 2_000, 2)],
    ).when(wake(START_MS + 2_000));
    const ends = records.flatMap((record) => (record.type === 'JobStepCompleted' ? [record.data.endedAt] : []));
    expect(ends).toEqual([START_MS + 1_000, START_MS + 2_000]);
  });

  it('are of a time, whatever a worker gives', () => {
    expect(listed(accepted(), ran(1), waits('sleep', -5))).toEqual([0]);
    expect(listed(accepted({ runAt: 2 ** 53 }))).toEqual([]);
  });

  it('lead from one time to the next, each once', () => {
    const first = START_MS + 1_000;
    const second = START_MS + 2_000;
    const sleeping = [
      ...[aType(), decisionOn(aStart()), waitOf(1, aWait('sleep', { until: first }))],
      ...[waitOf(1, aWait('sleep', { until: second, nth: 2 })), endOf(1, 'waiting')],
    ];
    const { records } = given(...sleeping).after(3_000);
    expect(records.map(({ type }) => type)).toEqual([
      ...['WakeJob', 'KeepJobEntry', 'JobStepCompleted', 'JobRunStarted', 'SendJobEntries', 'RunJob'],
      ...['WakeJob', 'KeepJobEntry', 'JobStepCompleted'],
    ]);
  });

  it('that came late, or too early, change nothing', () => {
    given(accepted(), ran(1)).when(wake(START_MS)).then();
    given(accepted({ runAt: START_MS + 2 }))
      .when(wake(START_MS + 1))
      .then();
    given().when(wake(START_MS)).then();
    given(accepted(), ran(1), jobDead({ jobId: JOB, generation: 1, code: '', detail: '' }))
      .when(wake(START_MS))
      .then();
  });

  it('begin the run after one that failed', () => {
    const failed = jobRunFailed({ jobId: JOB, generation: 1, code: 'X', detail: 'x', nextRunAt: START_MS + 5 });
    given(accepted(), ran(1), failed)
      .when(wake(START_MS + 5))
      .then(ran(2, 'retry', 2), work(2, { attempt: 2 }));
  });
});

describe('the deadline of a job', () => {
  const deadline = START_MS + 10_000;
  const detail = 'The job did not end before its deadline.';
  const failed = (generation: number) => jobFailed({ jobId: JOB, generation, code: 'JOB_DEADLINE', detail });
  const stop = stopJobRun({ controlKey: `${JOB}/control`, jobId: JOB, generation: 1, mode: 'stop' });

  it('fails it for good, whatever else is due, and stops its run', () => {
    const wait = aWait('child', { childType: 'report', request: '1' });
    const outcome = given(
      ...[accepted({ deadline, parentId: PARENT, depth: 1 }), ran(1), waits('sleep', deadline)],
      jobWaiting({ jobId: JOB, generation: 1, wait, startedAt: START_MS }),
    ).when(wake(deadline));
    outcome.then(
      ...[failed(1), stop],
      cancelChildJob({
        ...{ jobId: childIdOf(JOB, wait), parentId: JOB },
        reason: 'The job that waited for it has reached its deadline.',
      }),
      endChildJob({ jobId: PARENT, childId: JOB, outcome: 'failed', output: null, code: 'JOB_DEADLINE', detail }),
    );
    expect(outcome.state).toEqual({ status: 'closed', tenantId: 'demo' });
  });

  it('holds while the job is scheduled, paused or suspended', () => {
    given(accepted({ deadline, runAt: deadline + 1 }))
      .when(wake(deadline))
      .then(failed(0));
    const paused = jobPaused({ jobId: JOB, pausedBy: 'ana', reason: '' });
    given(accepted({ deadline }), ran(1), paused).when(wake(deadline)).then(failed(1), stop);
    const suspended = aSuspension(1, { code: 'X', detail: 'x' });
    given(accepted({ deadline }), ran(1), suspended).when(wake(deadline)).then(failed(1));
  });

  it('comes with the time alone', () => {
    const { records } = given(aType(), decisionOn(aStart({ deadline }))).after(10_000);
    expect(records.map(({ type }) => type)).toEqual(['WakeJob', 'JobFailed', 'StopJobRun']);
  });
});
