import { describe, expect, it } from 'vitest';
import {
  cancelJob,
  endChildJob,
  grantJobSlot,
  type JobAdmission,
  type JobLimits,
  jobCancelled,
  jobCompleted,
  jobFailed,
  jobPaused,
  jobQueued,
  jobResumed,
  jobRetried,
  jobRunEnded,
  pauseJob,
  refuseJobSlot,
  releaseJobSlot,
  requestJobSlot,
  resumeJob,
  retryJob,
  stopJobRun,
  supersedeJob,
  wakeJob,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import type { RecordOf } from '../kernel.ts';
import { decisionOn } from '../testing.ts';
import { noLimits } from './admission/limits.ts';
import { jobs } from './jobs.ts';
import { accepted, aStart, aSuspension, aType, endOf, JOB, ran, START_MS, work } from './testing.ts';

const { given } = scenarios(jobs, { startMs: START_MS });

const limits: JobLimits = { ...noLimits, max: 2 };
const slotKey = 'demo/report/report';
const admission: JobAdmission = { slotKey, limits };
const chain = {
  ...{ correlationId: '7f1f4a52-30bb-4a8c-9d5f-8f0a1f2b3c4d', requestDigest: null, time: START_MS },
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};
const PLACE = 'demo/1';
const queued = (request = 1, reason = 'start') => jobQueued({ jobId: JOB, slotKey, request, reason });
const asks = (request = 1, of: JobAdmission = admission) =>
  requestJobSlot({ slotKey: of.slotKey, jobId: JOB, request, lane: 'standard', limits: of.limits, batch: null });
const gives = (request = 1) => releaseJobSlot({ slotKey, jobId: JOB, request });
const grant = (request = 1) => grantJobSlot({ jobId: JOB, place: PLACE, slotKey, request, chain, batch: null });
const waits = [accepted({ admission }), queued()] as const;
const runs = [...waits, ran(1)] as const;
const asked = { jobId: JOB, principal: 'ana' };
const byAna = { ...asked, capabilities: ['*'], credential: null, labels: [] };
const pause = pauseJob({ ...asked, reason: 'lunch', mode: 'finish_step' });
const paused = jobPaused({ jobId: JOB, pausedBy: 'ana', reason: 'lunch' });
const stop = stopJobRun({ controlKey: `${JOB}/control`, jobId: JOB, generation: 1, mode: 'finish_step' });
const suspended = aSuspension(1, { code: 'JOURNAL_MISMATCH', detail: 'other code' });
const failure = { jobId: JOB, generation: 1, code: 'BROKEN', detail: 'it broke' };

describe('the start of a job with limits', () => {
  it('asks for a slot of its type before it runs', () => {
    given(aType({ limits })).when(decisionOn(aStart())).then(accepted({ admission }), queued(), asks());
  });

  it('asks for one of its concurrency key, and runs alone when its type has no limits', () => {
    const command = aStart({ concurrencyKey: 'customer-42' });
    const { decisionId } = decisionOn(command).data.decision;
    const own: JobAdmission = { slotKey: 'demo/report/customer-42', limits: { ...limits, max: 1 } };
    given(aType())
      .when(decisionOn(command))
      .then(
        accepted({ admission: own, concurrencyKey: 'customer-42', decisionId }),
        jobQueued({ jobId: JOB, slotKey: own.slotKey, request: 1, reason: 'start' }),
        asks(1, own),
      );
  });

  it('keeps the limits of its acceptance, within their bounds', () => {
    const { records } = given(aType({ limits: { ...limits, max: 0 } })).when(decisionOn(aStart()));
    expect(records[0]?.data).toMatchObject({ admission: { limits: { max: 1 } } });
  });
});

describe('a job that waits for its slot', () => {
  it('runs with the grant, once', () => {
    given(...waits)
      .when(grant())
      .then(ran(1), work(1));
    given(...runs)
      .when(grant())
      .then();
  });

  it('gives back a slot that it does not wait for', () => {
    given(...waits)
      .when(grant(2))
      .then(gives(2));
    given(...runs, jobCompleted({ jobId: JOB, generation: 1, output: '1' }))
      .when(grant())
      .then(gives());
    given().when(grant()).then(gives());
  });

  it('leaves the queue when it is cancelled or paused', () => {
    const cancel = cancelJob({ ...asked, reason: 'done' });
    given(...waits)
      .when(cancel)
      .then(jobCancelled({ jobId: JOB, cancelledBy: 'ana', reason: 'done' }), gives());
    given(...waits)
      .when(pause)
      .then(paused, gives());
  });

  it('fails with the code of a refusal, tells its parent, and asks again when it is retried', () => {
    const refusal = { code: 'JOB_QUEUE_FULL', detail: 'full' };
    const PARENT = '22222222-2222-4222-8222-222222222222';
    const failed = jobFailed({ jobId: JOB, generation: 0, ...refusal });
    given(accepted({ admission, parentId: PARENT }), queued())
      .when(refuseJobSlot({ jobId: JOB, place: PLACE, request: 1, ...refusal }))
      .then(failed, endChildJob({ jobId: PARENT, childId: JOB, outcome: 'failed', output: null, ...refusal }), gives());
    given(...waits, failed)
      .when(decisionOn(retryJob(byAna)))
      .then(jobRetried({ jobId: JOB, retriedBy: 'ana' }), queued(2, 'retry'), asks(2));
  });

  it('is cancelled by a newer one that replaces it, as is one that runs', () => {
    const by = '33333333-3333-4333-8333-333333333333';
    const reason = `The job ${by} of the same key replaces it.`;
    const supersede = (request: number) => supersedeJob({ jobId: JOB, place: PLACE, request, by });
    const cancelled = jobCancelled({ jobId: JOB, cancelledBy: by, reason });
    given(...waits)
      .when(supersede(1))
      .then(cancelled, gives());
    given(...runs)
      .when(supersede(1))
      .then(cancelled, stopJobRun({ ...stop.data, mode: 'stop' }), gives());
    given(...waits)
      .when(supersede(2))
      .then();
  });
});

describe('the slot of a job', () => {
  it('is given back when the job ends', () => {
    const end = endOf(1, 'completed', { output: '1' });
    given(...runs)
      .when(end)
      .then(jobCompleted({ jobId: JOB, generation: 1, output: '1' }), gives());
    given(...runs)
      .when(endOf(1, 'failed', { code: 'BROKEN', detail: 'it broke', retryable: false }))
      .then(jobFailed(failure), gives());
  });

  it('is kept while the job waits, and before it is run again', () => {
    const types = (outcome: string) =>
      given(...runs)
        .when(endOf(1, outcome))
        .records.map(({ type }) => type);
    expect(types('failed')).toEqual(['JobRunFailed']);
    expect(types('lost')).toEqual(['JobRunStarted', 'RunJob']);
  });

  it('of a run is given back when the run ends, and asked for again before the next one', () => {
    const perRun: JobAdmission = { slotKey, limits: { ...limits, isPerRun: true } };
    const held = [accepted({ admission: perRun }), queued(), ran(1)] as const;
    const { records } = given(...held).when(endOf(1, 'failed'));
    expect(records.map(({ type }) => type)).toEqual(['JobRunFailed', 'ReleaseJobSlot']);
    const failed = records[0] as RecordOf<'JobRunFailed'>;
    given(...held, failed)
      .when(wakeJob({ jobId: JOB, dueAt: failed.data.nextRunAt }))
      .then(queued(2, 'retry'), asks(2, perRun));
  });

  it('of a run is kept by the run that follows at once', () => {
    const perRun: JobAdmission = { slotKey, limits: { ...limits, isPerRun: true } };
    const { records } = given(accepted({ admission: perRun }), queued(), ran(1)).when(endOf(1, 'lost'));
    expect(records.map(({ type }) => type)).toEqual(['JobRunStarted', 'RunJob']);
  });

  it('is given back when the job is suspended, and asked for again when it is resumed', () => {
    given(...runs)
      .when(endOf(1, 'mismatch', { code: 'JOURNAL_MISMATCH', detail: 'other code' }))
      .then(suspended, gives());
    given(...runs, suspended)
      .when(decisionOn(resumeJob(byAna)))
      .then(jobResumed({ jobId: JOB, resumedBy: 'ana' }), queued(2, 'resume'), asks(2));
  });

  it('is kept by a job that is paused until its run has ended: no other one runs beside it', () => {
    given(...runs)
      .when(pause)
      .then(paused, stop);
    given(...runs, paused)
      .when(endOf(1, 'stopped'))
      .then(jobRunEnded({ jobId: JOB, generation: 1, outcome: 'stopped' }), gives());
  });

  it('is kept by a job that wants budget until its run has ended, and asked for again when its time has come', () => {
    const wanting = aSuspension(1, { code: 'BUDGET_EXCEEDED', detail: 'spent', resumeAt: START_MS + 1, callId: 'c' });
    const stopped = jobRunEnded({ jobId: JOB, generation: 1, outcome: 'stopped' });
    given(...runs, wanting)
      .when(endOf(1, 'stopped'))
      .then(stopped, gives());
    given(...runs, wanting, stopped)
      .when(wakeJob({ jobId: JOB, dueAt: START_MS + 1 }))
      .then(jobResumed({ jobId: JOB, resumedBy: 'jobs' }), queued(2, 'resume'), asks(2));
  });
});
