import { describe, expect, it } from 'vitest';
import {
  cancelChildJob,
  cancelJob,
  cancelSlmRequest,
  dropJobEntries,
  endChildJob,
  jobCancelled,
  jobCompleted,
  jobDead,
  jobPaused,
  jobRefused,
  jobRunEnded,
  jobRunFailed,
  jobWaiting,
  pauseJob,
  stopJobRun,
  wakeJob,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { jobs } from './jobs.ts';
import { callIdOf, childIdOf } from './keys.ts';
import { accepted, anEntry, aSuspension, aWait, completedStep, endOf, JOB, ran, START_MS, stepOf } from './testing.ts';

const { given, when } = scenarios(jobs, { startMs: START_MS });

const PARENT = '22222222-2222-4222-8222-222222222222';
const cancel = cancelJob({ jobId: JOB, principal: 'ana', reason: 'not needed' });
const pause = (mode = 'finish_step') => pauseJob({ jobId: JOB, principal: 'ana', reason: 'lunch', mode });
const paused = jobPaused({ jobId: JOB, pausedBy: 'ana', reason: 'lunch' });
const running = [accepted(), ran(1)] as const;
const stop = (mode: string, generation = 1) =>
  stopJobRun({ controlKey: `${JOB}/control`, jobId: JOB, generation, mode });
const cancelled = jobCancelled({ jobId: JOB, cancelledBy: 'ana', reason: 'not needed' });
const waitsFor = (kind: string, more = {}) =>
  jobWaiting({ jobId: JOB, generation: 1, wait: aWait(kind, more), startedAt: START_MS });
const idle = jobRunEnded({ jobId: JOB, generation: 1, outcome: 'waiting' });
const refused = (code: string, detail: string) =>
  jobRefused({ jobId: JOB, principal: 'ana', code, detail, decision: null, shortfall: null });

describe('every control of a job', () => {
  it.each([cancel, pause()])('is refused where there is none, and where another tenant has it: $type', (control) => {
    const unknown = refused('RESOURCE_UNKNOWN', 'No job of this id exists.');
    when(control).then(unknown);
    given(accepted({ tenantId: 'another' }))
      .when(control)
      .then(unknown);
  });

  it.each([cancel, pause()])('is refused to a job that has ended: $type', (control) => {
    const failure = { jobId: JOB, generation: 1, code: 'X', detail: 'x' };
    for (const end of [jobDead(failure), jobCompleted({ jobId: JOB, generation: 1, output: '1' }), cancelled])
      given(...running, end)
        .when(control)
        .then(refused('JOB_ENDED', 'The job has ended.'));
  });
});

describe('a job that is cancelled', () => {
  it('has ended at once; its run is stopped, and its late reports change nothing', () => {
    const outcome = given(...running).when(cancel);
    outcome.then(cancelled, stop('stop'));
    expect(outcome.state).toEqual({ status: 'closed', tenantId: 'demo' });
    given(...running, cancelled)
      .when(stepOf(1, anEntry('late')))
      .then();
    given(...running, cancelled)
      .when(endOf(1, 'completed'))
      .then();
  });

  it('withdraws what it waits for, drops its journal and tells its parent', () => {
    const child = childIdOf(JOB, aWait('child'));
    const call = callIdOf(JOB, aWait('model'));
    given(
      ...[accepted({ parentId: PARENT, depth: 1 }), ran(1), completedStep(1, anEntry('a'), 1)],
      ...[waitsFor('child', { childType: 'report', request: '1' }), waitsFor('model', { request: '{}' })],
      ...[waitsFor('sleep', { until: START_MS + 60_000 }), idle],
    )
      .when(cancel)
      .then(
        cancelled,
        cancelChildJob({ jobId: child, parentId: JOB, reason: 'The job that waited for it was cancelled.' }),
        cancelSlmRequest({ subjectId: call, origin: 'jobs', requestId: call, reason: 'JOB_CANCELLED' }),
        dropJobEntries({ chunkId: `${JOB}/0`, jobId: JOB }),
        endChildJob({
          ...{ jobId: PARENT, childId: JOB, outcome: 'failed', output: null, code: 'JOB_CANCELLED' },
          detail: 'The job was cancelled: not needed.',
        }),
      );
  });

  it('may be scheduled, waiting, paused or suspended', () => {
    given(accepted({ runAt: START_MS + 1 }))
      .when(cancel)
      .then(cancelled);
    given(...running, waitsFor('sleep', { until: START_MS + 60_000 }), idle)
      .when(cancel)
      .then(cancelled);
    given(...running, paused)
      .when(cancel)
      .then(cancelled, stop('stop'));
    given(...running, aSuspension(1, { code: 'X', detail: 'x' }))
      .when(cancel)
      .then(cancelled);
  });

  it('may be ended by its parent, which receives no end of it', () => {
    const byParent = cancelChildJob({ jobId: JOB, parentId: PARENT, reason: 'done' });
    const ended = jobCancelled({ jobId: JOB, cancelledBy: PARENT, reason: 'done' });
    given(accepted({ parentId: PARENT }), ran(1))
      .when(byParent)
      .then(ended, stop('stop'));
    given(...running)
      .when(byParent)
      .then();
    given(accepted({ parentId: PARENT }), ran(1), cancelled)
      .when(byParent)
      .then();
    when(byParent).then();
  });
});

describe('a job that is paused', () => {
  it.each(['finish_step', 'stop'])('ends its run by the mode %s', (mode) => {
    given(...running)
      .when(pause(mode))
      .then(paused, stop(mode));
  });

  it('still records the steps of the run that is ending', () => {
    const outcome = given(...running, paused).when(stepOf(1, anEntry('last')));
    expect(outcome.records.map(({ type }) => type)).toEqual(['KeepJobEntry', 'JobStepCompleted']);
    expect(outcome.state).toMatchObject({ status: 'paused', run: 'stopping' });
  });

  it('stays so however its run ends before the job does', () => {
    for (const outcome of ['stopped', 'lost']) {
      const ended = given(...running, paused).when(endOf(1, outcome));
      ended.then(jobRunEnded({ jobId: JOB, generation: 1, outcome }));
      expect(ended.state).toMatchObject({ status: 'paused', run: 'ended' });
    }
    const waiting = given(...running, waitsFor('sleep', { until: START_MS + 60_000 }), paused).when(
      endOf(1, 'waiting'),
    );
    waiting.then(jobRunEnded({ jobId: JOB, generation: 1, outcome: 'waiting' }));
    const failed = given(...running, paused).when(endOf(1, 'failed'));
    expect(failed.records.map(({ type }) => type)).toEqual(['JobRunFailed']);
    expect(failed.state).toMatchObject({ status: 'paused', failures: 1 });
  });

  it('ends with the run that ends it', () => {
    const { state } = given(...running, paused).when(endOf(1, 'completed'));
    expect(state).toMatchObject({ status: 'closed' });
  });

  it('is paused again, so that a second command may be stricter', () => {
    given(...running, paused)
      .when(pause('stop'))
      .then(paused, stop('stop'));
    given(...running, paused, jobRunEnded({ jobId: JOB, generation: 1, outcome: 'stopped' }))
      .when(pause())
      .then(paused);
  });

  it('does not run at the time of its next run', () => {
    const runAt = START_MS + 1_000;
    given(accepted({ runAt }), paused)
      .when(wakeJob({ jobId: JOB, dueAt: runAt }))
      .then();
    const failed = jobRunFailed({ jobId: JOB, generation: 1, code: 'X', detail: 'x', nextRunAt: runAt });
    given(...running, failed, paused)
      .when(wakeJob({ jobId: JOB, dueAt: runAt }))
      .then();
  });
});
