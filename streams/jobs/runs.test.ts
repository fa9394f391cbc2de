import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_DETAIL_CHARS_MAX, JOB_PAYLOAD_BYTES_MAX, JOB_RUNS_LOST_MAX } from '../../schemas/contexts/jobs.ts';
import {
  dropJobEntries,
  endChildJob,
  jobCompleted,
  jobDead,
  jobFailed,
  jobProgressed,
  jobRunEnded,
  jobRunFailed,
  jobStepAttempted,
  jobStepCompleted,
  jobWaiting,
  keepJobEntry,
  recordJobProgress,
  sendJobEntries,
  wakeJob,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn } from '../testing.ts';
import { jobs } from './jobs.ts';
import { delayMs } from './runs.ts';
import {
  accepted,
  anEntry,
  aStart,
  aSuspension,
  aType,
  aWait,
  completedStep,
  endOf,
  JOB,
  ran,
  START_MS,
  stepOf,
  waitOf,
  work,
} from './testing.ts';

const { given } = scenarios(jobs, { startMs: START_MS });
const running = [accepted(), ran(1)] as const;
const PARENT = '22222222-2222-4222-8222-222222222222';
const ofParent = [accepted({ parentId: PARENT, depth: 1 }), ran(1)] as const;
const chunk = { chunkId: `${JOB}/0`, jobId: JOB };
const sent = (generation: number) => sendJobEntries({ ...chunk, generation, page: 0 });
const place = (generation: number) => ({ jobId: JOB, generation });

describe('a step', () => {
  it('is kept in the journal with its result', () => {
    const entry = anEntry('fetch', { output: '{"rows":3}' });
    given(...running)
      .when(stepOf(1, entry))
      .then(keepJobEntry({ ...chunk, entry }), completedStep(1, entry, 10));
  });

  it('that is to be run again is kept as an attempt, without a result', () => {
    const failure = { outcome: 'attempted', code: 'FETCH_FAILED', detail: 'no answer', attempts: 2 } as const;
    given(...running)
      .when(stepOf(1, anEntry('fetch', { ...failure, output: '"partial"' })))
      .then(
        keepJobEntry({ ...chunk, entry: anEntry('fetch', { ...failure, output: null }) }),
        jobStepAttempted({
          ...{ ...place(1), path: '', name: 'fetch', nth: 1 },
          ...{ code: 'FETCH_FAILED', detail: 'no answer', attempts: 2 },
        }),
      );
    const bare = given(...running).when(stepOf(1, anEntry('fetch', { outcome: 'attempted' })));
    expect(bare.records[1]?.data).toMatchObject({ code: 'JOB_STEP_FAILED', detail: '' });
  });

  it('fails when its result is larger than 64 KiB', () => {
    const { records } = given(...running).when(
      stepOf(1, anEntry('fetch', { output: `"${'x'.repeat(JOB_PAYLOAD_BYTES_MAX)}"` })),
    );
    const failure = { outcome: 'failed', output: null, code: 'JOB_OUTPUT_TOO_LARGE' };
    expect(records[0]?.data).toMatchObject({ entry: failure });
    expect(records[1]?.data).toMatchObject({ outcome: 'failed', code: 'JOB_OUTPUT_TOO_LARGE', outputBytes: 0 });
  });

  it('has a detail within bounds', () => {
    const detail = 'x'.repeat(JOB_DETAIL_CHARS_MAX + 1);
    const { records } = given(...running).when(stepOf(1, anEntry('fetch', { outcome: 'failed', code: 'X', detail })));
    expect(records[1]?.data).toMatchObject({ detail: 'x'.repeat(JOB_DETAIL_CHARS_MAX) });
  });

  it('of an earlier run, of a run that has ended, and of no job, is dropped', () => {
    given(accepted(), ran(1), ran(2))
      .when(stepOf(1, anEntry('fetch')))
      .then();
    given(accepted(), ran(1), ran(2))
      .when(stepOf(3, anEntry('fetch')))
      .then();
    given(...running, jobRunEnded({ ...place(1), outcome: 'waiting' }))
      .when(stepOf(1, anEntry('fetch')))
      .then();
    given(accepted(), jobCompleted({ ...place(1), output: '1' }))
      .when(stepOf(1, anEntry('fetch')))
      .then();
    given()
      .when(stepOf(1, anEntry('fetch')))
      .then();
  });
});

describe('the progress of a run', () => {
  const progress = (percent: number | null) => recordJobProgress({ ...place(1), percent, message: 'half' });

  it('is recorded, between 0 and 100', () => {
    given(...running)
      .when(progress(50))
      .then(jobProgressed({ ...place(1), percent: 50, message: 'half' }));
    given(...running)
      .when(progress(null))
      .then(jobProgressed({ ...place(1), percent: null, message: 'half' }));
    given(...running)
      .when(progress(-1))
      .then(jobProgressed({ ...place(1), percent: 0, message: 'half' }));
    given(...running)
      .when(progress(101))
      .then(jobProgressed({ ...place(1), percent: 100, message: 'half' }));
  });
});

describe('a run that completes', () => {
  it('ends the job with its result, for good', () => {
    const outcome = given(...running).when(endOf(1, 'completed', { output: '"done"' }));
    outcome.then(jobCompleted({ ...place(1), output: '"done"' }));
    expect(outcome.state).toEqual({ status: 'closed', tenantId: 'demo' });
  });

  it('drops the journal and tells the parent', () => {
    given(...ofParent, completedStep(1, anEntry('fetch'), 1))
      .when(endOf(1, 'completed'))
      .then(
        jobCompleted({ ...place(1), output: 'null' }),
        dropJobEntries(chunk),
        endChildJob({ jobId: PARENT, childId: JOB, outcome: 'completed', output: 'null', code: null, detail: null }),
      );
  });

  it('fails when its result is larger than 64 KiB', () => {
    const { records } = given(...running).when(
      endOf(1, 'completed', { output: `"${'x'.repeat(JOB_PAYLOAD_BYTES_MAX)}"` }),
    );
    expect(records).toMatchObject([{ type: 'JobFailed', data: { code: 'JOB_OUTPUT_TOO_LARGE' } }]);
  });
});

describe('a run that fails', () => {
  const failure = { code: 'NO_DISK', detail: 'the disk is full' };
  const failedRun = (generation: number, nextRunAt: number) =>
    jobRunFailed({ ...place(generation), ...failure, nextRunAt });

  it('is followed by another one after a delay that doubles', () => {
    given(...running)
      .when(endOf(1, 'failed', failure))
      .then(failedRun(1, START_MS + 1_000));
    given(...running, failedRun(1, START_MS + 1_000), ran(2, 'retry', 2))
      .when(endOf(2, 'failed', failure))
      .then(failedRun(2, START_MS + 2_000));
    given(aType(), decisionOn(aStart()), endOf(1, 'failed', failure))
      .after(1_000)
      .then(wakeJob({ jobId: JOB, dueAt: START_MS + 1_000 }), ran(2, 'retry', 2), work(2, { attempt: 2 }));
  });

  it('delays within the bound of its retry, however often it fails', () => {
    const retry = { attemptsMax: 9, firstDelayMs: 200, delayMaxMs: 60_000 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (failures) => {
        const delay = delayMs(retry, failures);
        expect(Number.isSafeInteger(delay)).toBe(true);
        expect(delay).toBe(failures < 10 ? Math.min(60_000, 200 * 2 ** (failures - 1)) : 60_000);
      }),
    );
  });

  it('leaves the job dead when its retry allows no other, and tells the parent', () => {
    const outcome = given(...ofParent, failedRun(1, START_MS), failedRun(1, START_MS), ran(2)).when(
      endOf(2, 'failed', failure),
    );
    outcome.then(
      jobDead({ ...place(2), ...failure }),
      endChildJob({ jobId: PARENT, childId: JOB, outcome: 'failed', output: null, ...failure }),
    );
    expect(outcome.state).toMatchObject({ status: 'dead' });
  });

  it('leaves the job failed when another one would fail as well', () => {
    const outcome = given(...running).when(endOf(1, 'failed', { ...failure, retryable: false }));
    outcome.then(jobFailed({ ...place(1), ...failure }));
    expect(outcome.state).toMatchObject({ status: 'failed', run: 'ended' });
  });

  it('has a code also when its worker gives none', () => {
    given(...running)
      .when(endOf(1, 'failed', { retryable: false }))
      .then(jobFailed({ ...place(1), code: 'JOB_RUN_FAILED', detail: 'The run failed.' }));
  });
});

describe('a run that waits', () => {
  const waiting = jobWaiting({ ...place(1), wait: aWait('signal', { signal: 'go' }), startedAt: START_MS });

  it('ends, and no other follows', () => {
    given(...running, waiting)
      .when(endOf(1, 'waiting'))
      .then(jobRunEnded({ ...place(1), outcome: 'waiting' }));
  });

  it('is followed at once by another one when a wait has ended meanwhile', () => {
    const entry = anEntry('signal', { kind: 'signal' });
    given(...running, waiting, completedStep(1, entry, 1))
      .when(endOf(1, 'waiting'))
      .then(ran(2, 'wake'), sent(2), work(2, { pages: 1 }));
  });

  it('for nothing suspends the job', () => {
    given(...running)
      .when(endOf(1, 'waiting'))
      .then(aSuspension(1, { code: 'JOB_WAITS_FOR_NOTHING', detail: 'The run ended with nothing to wait for.' }));
  });
});

describe('a run that was lost', () => {
  it('is followed at once by another one with the whole journal', () => {
    given(...running, completedStep(1, anEntry('fetch'), 1))
      .when(endOf(1, 'lost'))
      .then(ran(2, 'takeover'), sent(2), work(2, { pages: 1 }));
  });

  it('suspends the job when it is the last of many in a row that recorded nothing', () => {
    const lost = Array.from({ length: JOB_RUNS_LOST_MAX }, (_, n) => ran(n + 2, 'takeover'));
    const generation = JOB_RUNS_LOST_MAX + 1;
    const detail = '11 runs in a row were lost before they recorded anything.';
    given(...running, ...lost)
      .when(endOf(generation, 'lost'))
      .then(aSuspension(generation, { code: 'JOB_RUNS_LOST', detail }));
    const { records } = given(...running, ...lost, completedStep(generation, anEntry('fetch'), 1)).when(
      endOf(generation, 'lost'),
    );
    expect(records[0]?.type).toBe('JobRunStarted');
  });

  it('takes over from a worker that stopped it unasked', () => {
    given(...running)
      .when(endOf(1, 'stopped'))
      .then(ran(2, 'takeover'), work(2));
  });
});

describe('a run that does not fit', () => {
  it('suspends the job: the journal is of other code', () => {
    const mismatch = { code: 'JOURNAL_MISMATCH', detail: 'fetch is a step, load is none' };
    given(...running)
      .when(endOf(1, 'mismatch', mismatch))
      .then(aSuspension(1, { ...mismatch }));
    given(...running)
      .when(endOf(1, 'mismatch'))
      .then(aSuspension(1, { code: 'JOURNAL_MISMATCH', detail: 'The code does not fit the journal.' }));
  });

  it('suspends the job: its worker may not run it now', () => {
    const stopped = { code: 'KILL_SWITCH', detail: 'Stopped by the kill switch global.' };
    given(...running)
      .when(endOf(1, 'suspended', stopped))
      .then(aSuspension(1, { ...stopped }));
    given(...running)
      .when(endOf(1, 'suspended'))
      .then(aSuspension(1, { code: 'JOB_SUSPENDED', detail: 'The worker may not run the job now.' }));
  });

  it('suspends the job: its worker knows an outcome that this processor does not', () => {
    const { records } = given(...running).when(endOf(1, 'forked'));
    expect(records).toMatchObject([{ type: 'JobSuspended', data: { code: 'JOB_OUTCOME_UNKNOWN' } }]);
  });

  it('of another generation changes nothing', () => {
    given(accepted(), ran(1), ran(2)).when(endOf(1, 'completed')).then();
  });
});

describe('a long journal', () => {
  const entries = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, n) => completedStep(1, anEntry('row', { nth: n + 1 }), bytes));

  it('is cut into parts of 64 entries', () => {
    const full = given(...running, ...entries(64, 1)).when(stepOf(1, anEntry('row', { nth: 65 })));
    expect(full.records[0]?.data).toMatchObject({ chunkId: `${JOB}/1` });
    const almost = given(...running, ...entries(63, 1)).when(stepOf(1, anEntry('row', { nth: 64 })));
    expect(almost.records[0]?.data).toMatchObject({ chunkId: `${JOB}/0` });
  });

  it('is cut into parts of 256 KiB', () => {
    const large = given(...running, ...entries(4, 65_000)).when(
      stepOf(1, anEntry('row', { nth: 5, output: `"${'x'.repeat(4_000)}"` })),
    );
    expect(large.records[0]?.data).toMatchObject({ chunkId: `${JOB}/1` });
  });

  it('is sent whole, part by part, and dropped so', () => {
    const history = [...running, ...entries(130, 1)];
    const { records } = given(...history).when(endOf(1, 'lost'));
    expect(records.map(({ type }) => type)).toEqual([
      ...['JobRunStarted', 'SendJobEntries', 'SendJobEntries', 'SendJobEntries', 'RunJob'],
    ]);
    expect(records.flatMap(({ type, data }) => (type === 'SendJobEntries' ? [data.chunkId] : []))).toEqual([
      ...[`${JOB}/0`, `${JOB}/1`, `${JOB}/2`],
    ]);
    expect(records.at(-1)?.data).toMatchObject({ pages: 3 });
    const done = given(...history).when(endOf(1, 'completed'));
    expect(done.records.filter(({ type }) => type === 'DropJobEntries')).toHaveLength(3);
  });
});

describe('a step that is repeated after a while', () => {
  const until = START_MS + 30_000;
  const again = aWait('retry', { name: 'fetch', until });

  it('leads to another run at its time', () => {
    given(aType(), decisionOn(aStart()), waitOf(1, again), endOf(1, 'waiting'))
      .after(30_000)
      .then(wakeJob({ jobId: JOB, dueAt: until }), ran(2, 'wake'), work(2));
  });

  it('leads to none while a run goes on: that run ends first', () => {
    given(aType(), decisionOn(aStart()), waitOf(1, again)).after(30_000).then();
    given(aType(), decisionOn(aStart()), waitOf(1, again), wakeJob({ jobId: JOB, dueAt: until }))
      .when(endOf(1, 'waiting'))
      .then(jobRunEnded({ ...place(1), outcome: 'waiting' }));
  });

  it('is decided again by every run', () => {
    const { state } = given(...running, jobWaiting({ ...place(1), wait: again, startedAt: START_MS }), ran(2)).when(
      stepOf(2, anEntry('other')),
    );
    expect(state).toMatchObject({ waits: [], isWoken: false });
    const kept = jobStepCompleted(completedStep(1, anEntry('fetch'), 1).data);
    const done = given(...running, jobWaiting({ ...place(1), wait: again, startedAt: START_MS }), kept).when(
      stepOf(1, anEntry('other')),
    );
    expect(done.state).toMatchObject({ waits: [], isWoken: false });
  });
});
