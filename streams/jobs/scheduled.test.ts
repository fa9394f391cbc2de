import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  cancelJob,
  cancelScheduledJob,
  endScheduledJob,
  jobCompleted,
  jobRefused,
  type StartScheduledJob,
  startScheduledJob,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { jobs } from './jobs.ts';
import { accepted, aStart, aType, endOf, JOB, ran, START_MS, work } from './testing.ts';

const { given, when } = scenarios(jobs, { startMs: START_MS });

const scheduleId = 'demo/nightly';
const dueAt = START_MS - 5;
const aScheduled = (changes: Partial<StartScheduledJob> = {}) => {
  const { runAt: _, ...job } = aStart().data;
  return startScheduledJob({ ...job, scheduleId, dueAt, ...changes });
};
const { decisionId } = decisionOn(aScheduled()).data.decision;
const begun = accepted({ scheduleId, dueAt, decisionId });
const end = (outcome: string, code: string | null = null) => endScheduledJob({ scheduleId, jobId: JOB, outcome, code });

describe('the start of a job by a schedule', () => {
  it('is accepted like any other, with the schedule and the due time', () => {
    given(aType()).when(decisionOn(aScheduled())).then(begun, ran(1), work(1));
  });

  it('is refused, and the schedule learns of it', () => {
    const decision = decisionOn(aScheduled(), denied);
    const refusal = refusalOf(decision.data);
    given(aType())
      .when(decision)
      .then(jobRefused({ jobId: JOB, principal: 'key-1', ...refusal }), end('refused', refusal.code));
    const unknown = when(decisionOn(aScheduled())).records;
    expect(unknown.map(({ data }) => data)).toMatchObject([
      { code: 'JOB_TYPE_UNKNOWN' },
      { scheduleId, outcome: 'refused', code: 'JOB_TYPE_UNKNOWN' },
    ]);
  });

  it('is not repeated: the schedule learns of an end of before, and awaits one to come', () => {
    given(aType(), begun, ran(1)).when(decisionOn(aScheduled())).then();
    const over = jobCompleted({ jobId: JOB, generation: 1, output: '1' });
    given(aType(), begun, ran(1), over).when(decisionOn(aScheduled())).then(end('ended'));
  });
});

describe('the end of a job of a schedule', () => {
  it.each([
    ['completed', endOf(1, 'completed', { output: '1' }), end('completed')],
    ['failed', endOf(1, 'failed', { code: 'BROKEN', retryable: false }), end('failed', 'BROKEN')],
    ['cancelled', cancelJob({ jobId: JOB, principal: 'ana', reason: 'no' }), end('cancelled', 'JOB_CANCELLED')],
  ])('is given to the schedule when it is %s', (_, record, ended) => {
    expect(given(begun, ran(1)).when(record).records.at(-1)).toEqual(ended);
  });

  it('comes with the next run of the schedule, which learns of it: a backfill may have asked for the job again', () => {
    const cancel = cancelScheduledJob({ jobId: JOB, scheduleId, reason: 'the next run' });
    const { records } = given(aType(), begun, ran(1), decisionOn(aScheduled())).when(cancel);
    expect(records.map(({ type }) => type)).toEqual(['JobCancelled', 'StopJobRun', 'EndScheduledJob']);
    expect(records.at(-1)).toEqual(end('cancelled', 'JOB_CANCELLED'));
    given(begun, ran(1))
      .when(cancelScheduledJob({ ...cancel.data, scheduleId: 'demo/other' }))
      .then();
    given(accepted(), ran(1)).when(cancel).then();
  });
});
