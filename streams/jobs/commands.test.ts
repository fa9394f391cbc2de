import { describe, expect, it } from 'vitest';
import { JOB_PAYLOAD_BYTES_MAX, JOB_SIGNALS_MAX } from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  jobCompleted,
  jobDead,
  jobFailed,
  jobPaused,
  jobRefused,
  jobResumed,
  jobRetried,
  jobRunEnded,
  jobRunFailed,
  jobSignalled,
  jobWaiting,
  keepJobEntry,
  resumeJob,
  retryJob,
  type SignalJob,
  sendJobEntries,
  signalJob,
  wakeJob,
} from '../../schemas/generated/records.ts';
import type { GovernedCommand } from '../../schemas/governed.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { SEEN_SIGNALS_MAX } from './evolve.ts';
import { jobs } from './jobs.ts';
import {
  accepted,
  anEntry,
  aSuspension,
  aWait,
  completedStep,
  endOf,
  JOB,
  ran,
  START_MS,
  waitOf,
  work,
} from './testing.ts';

const { given, when } = scenarios(jobs, { startMs: START_MS });

const asked = { jobId: JOB, principal: 'key-2', capabilities: ['jobs:control'], credential: null, labels: [] };
const resume = resumeJob(asked);
const retry = retryJob(asked);
const aSignal = (changes: Partial<SignalJob> = {}) =>
  signalJob({ ...asked, name: 'go', payload: '{"ok":1}', ...changes });
const refused = (command: GovernedCommand, code: string, detail: string) => {
  const { decision } = decisionOn(command).data;
  return jobRefused({ jobId: JOB, principal: 'key-2', code, detail, decision, shortfall: null });
};
const running = [accepted(), ran(1)] as const;
const paused = jobPaused({ jobId: JOB, pausedBy: 'ana', reason: 'lunch' });
const stopped = jobRunEnded({ jobId: JOB, generation: 1, outcome: 'stopped' });
const resumed = jobResumed({ jobId: JOB, resumedBy: 'key-2' });
const failure = { jobId: JOB, generation: 1, code: 'X', detail: 'x' };

describe('every command to a job', () => {
  it.each([resume, retry, aSignal()])(
    'is refused where there is none, and where another tenant has it: $type',
    (command) => {
      const unknown = refused(command, 'RESOURCE_UNKNOWN', 'No job of this id exists.');
      when(decisionOn(command)).then(unknown);
      given(accepted({ tenantId: 'another' }))
        .when(decisionOn(command))
        .then(unknown);
    },
  );

  it.each([resume, retry, aSignal()])('is refused with the decision of policy: $type', (command) => {
    const decision = decisionOn(command, denied);
    given(...running)
      .when(decision)
      .then(jobRefused({ jobId: JOB, principal: 'key-2', ...refusalOf(decision.data) }));
  });
});

describe('a job that is resumed', () => {
  it('goes on with a run when it was paused', () => {
    given(...running, paused, stopped)
      .when(decisionOn(resume))
      .then(resumed, ran(2, 'resume'), work(2));
  });

  it('goes on when it was suspended', () => {
    given(...running, completedStep(1, anEntry('a'), 1), aSuspension(1, failure))
      .when(decisionOn(resume))
      .then(
        resumed,
        ran(2, 'resume'),
        sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 2, page: 0 }),
        work(2, { pages: 1 }),
      );
  });

  it('goes on once the run that is being stopped has ended, so that no step runs twice', () => {
    given(...running, paused)
      .when(decisionOn(resume))
      .then(resumed);
    given(...running, paused, resumed)
      .when(endOf(1, 'stopped'))
      .then(ran(2, 'resume'), work(2));
    const waiting = jobWaiting({ jobId: JOB, generation: 1, wait: aWait('signal', { signal: 'go' }), startedAt: 1 });
    given(...running, waiting, paused, resumed)
      .when(endOf(1, 'waiting'))
      .then(ran(2, 'resume'), work(2));
  });

  it('waits for its time again, when that is to come', () => {
    const runAt = START_MS + 60_000;
    const outcome = given(accepted({ runAt }), paused).when(decisionOn(resume));
    outcome.then(resumed);
    expect(outcome.state).toMatchObject({ status: 'scheduled', nextRunAt: runAt });
    given(accepted({ runAt: START_MS }), paused)
      .when(decisionOn(resume))
      .then(resumed, ran(1, 'resume'), work(1));
  });

  it('is not when nothing holds it, or when it has ended', () => {
    given(...running)
      .when(decisionOn(resume))
      .then(refused(resume, 'JOB_NOT_SUSPENDED', 'The job is neither paused nor suspended.'));
    const ended = refused(resume, 'JOB_ENDED', 'The job has ended.');
    for (const end of [jobFailed(failure), jobDead(failure), jobCompleted({ jobId: JOB, generation: 1, output: '1' })])
      given(...running, end)
        .when(decisionOn(resume))
        .then(ended);
  });
});

describe('a job that is retried', () => {
  const retried = jobRetried({ jobId: JOB, retriedBy: 'key-2' });

  it.each([jobFailed(failure), jobDead(failure)])(
    'runs again from its journal after $type, with all its attempts',
    (end) => {
      const failed = jobRunFailed({ ...failure, nextRunAt: START_MS });
      const outcome = given(...running, completedStep(1, anEntry('a'), 1), failed, end).when(decisionOn(retry));
      outcome.then(
        retried,
        ran(2, 'retry'),
        sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 2, page: 0 }),
        work(2, { pages: 1 }),
      );
      expect(outcome.state).toMatchObject({ status: 'running', failures: 0 });
    },
  );

  it('is refused unless it has failed', () => {
    const refusal = refused(retry, 'JOB_NOT_RETRYABLE', 'Only a job that has failed is retried.');
    given(...running)
      .when(decisionOn(retry))
      .then(refusal);
    given(...running, jobCompleted({ jobId: JOB, generation: 1, output: '1' }))
      .when(decisionOn(retry))
      .then(refusal);
    given(...running, jobFailed({ ...failure, code: 'JOB_DEADLINE' }))
      .when(decisionOn(retry))
      .then(refusal);
  });

  it('is refused when its deadline has passed since', () => {
    given(accepted({ deadline: START_MS }), ran(1), jobDead(failure))
      .when(decisionOn(retry))
      .then(refused(retry, 'JOB_NOT_RETRYABLE', 'Its deadline has passed.'));
  });
});

describe('a signal', () => {
  const signalled = (command = aSignal()) =>
    jobSignalled({
      ...{ jobId: JOB, name: command.data.name, payload: command.data.payload, sentBy: 'key-2' },
      decisionId: decisionOn(command).data.decision.decisionId,
    });
  const waiting = (name = 'go', nth = 1) =>
    jobWaiting({ jobId: JOB, generation: 1, wait: aWait('signal', { signal: name, nth }), startedAt: START_MS });
  const entry = anEntry('signal', { kind: 'signal', output: '{"ok":1}' });
  const kept = keepJobEntry({ chunkId: `${JOB}/0`, jobId: JOB, entry });
  const idle = jobRunEnded({ jobId: JOB, generation: 1, outcome: 'waiting' });

  it('ends the wait for it, and lets the job run', () => {
    given(...running, waiting(), idle)
      .when(decisionOn(aSignal()))
      .then(
        ...[signalled(), kept, completedStep(1, entry, 8), ran(2, 'wake')],
        sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 2, page: 0 }),
        work(2, { pages: 1 }),
      );
  });

  it('is kept while a run goes on, which a later run knows', () => {
    const outcome = given(...running, waiting()).when(decisionOn(aSignal()));
    outcome.then(signalled(), kept, completedStep(1, entry, 8));
    expect(outcome.state).toMatchObject({ isWoken: true, waits: [], signals: [] });
  });

  it('waits until the handler asks for it, however long', () => {
    given(...running)
      .when(decisionOn(aSignal()))
      .then(signalled());
    given(...running, signalled())
      .when(waitOf(1, aWait('signal', { signal: 'go' })))
      .then(waiting(), kept, completedStep(1, entry, 8));
    const other = given(...running, signalled()).when(waitOf(1, aWait('signal', { signal: 'stop' })));
    other.then(waiting('stop'));
  });

  it('is taken once, the oldest first, by the oldest wait', () => {
    const two = aSignal({ payload: '2' });
    const history = [...running, signalled(), signalled(two)];
    const first = given(...history).when(waitOf(1, aWait('signal', { signal: 'go' })));
    expect(first.records[1]?.data).toMatchObject({ entry: { output: '{"ok":1}' } });
    const second = given(...history, waiting(), completedStep(1, entry, 8)).when(
      waitOf(1, aWait('signal', { signal: 'go', nth: 2 })),
    );
    expect(second.records[1]?.data).toMatchObject({ entry: { output: '2', nth: 2 } });
    expect(second.state).toMatchObject({ signals: [] });
    const shared = given(...running, waiting('go', 1), waiting('go', 2)).when(decisionOn(aSignal()));
    expect(shared.state).toMatchObject({ waits: [{ nth: 2 }] });
  });

  it('is kept while the job is paused, which does not run', () => {
    const outcome = given(...running, waiting(), idle, paused).when(decisionOn(aSignal()));
    outcome.then(signalled(), kept, completedStep(1, entry, 8));
    expect(outcome.state).toMatchObject({ status: 'paused' });
  });

  it('is taken once when it is repeated, as far back as clients repeat', () => {
    given(...running, signalled())
      .when(decisionOn(aSignal()))
      .then();
    const later = Array.from({ length: SEEN_SIGNALS_MAX }, (_, n) => signalled(aSignal({ payload: `${n}` })));
    const { state } = given(...running, signalled(), ...later).when(endOf(1, 'lost'));
    expect((state as { seenSignals: readonly string[] }).seenSignals).toHaveLength(SEEN_SIGNALS_MAX);
  });

  it('is refused when too many wait, or too large ones', () => {
    const many = Array.from({ length: JOB_SIGNALS_MAX }, (_, n) => signalled(aSignal({ payload: `${n}` })));
    const full = (count: number) =>
      refused(aSignal(), 'JOB_SIGNALS_FULL', `${count} signals wait already; send it again later.`);
    given(...running, ...many)
      .when(decisionOn(aSignal()))
      .then(full(JOB_SIGNALS_MAX));
    const payload = `"${'x'.repeat(JOB_PAYLOAD_BYTES_MAX - 2)}"`;
    const large = Array.from({ length: 4 }, (_, n) => signalled(aSignal({ payload, name: `${n}` })));
    given(...running, ...large)
      .when(decisionOn(aSignal()))
      .then(full(4));
    const huge = aSignal({ payload: `${payload} ` });
    given(...running)
      .when(decisionOn(huge))
      .then(refused(huge, 'JOB_INPUT_TOO_LARGE', 'The payload has 65537 bytes; 65536 are allowed.'));
  });

  it('is refused to a job that has ended', () => {
    given(...running, jobDead(failure))
      .when(decisionOn(aSignal()))
      .then(refused(aSignal(), 'JOB_ENDED', 'The job has ended.'));
  });

  it('that does not come in time fails its wait', () => {
    const until = START_MS + 5_000;
    const timed = aWait('signal', { signal: 'go', until });
    const late = { outcome: 'failed', code: 'SIGNAL_TIMEOUT', detail: 'The signal go did not come in time.' };
    const failed = anEntry('signal', { kind: 'signal', output: null, ...late, endedAt: until });
    given(
      ...running,
      jobWaiting({ jobId: JOB, generation: 1, wait: timed, startedAt: START_MS }),
      idle,
      signalled(aSignal({ name: 'other' })),
    )
      .when(wakeJob({ jobId: JOB, dueAt: until }))
      .then(
        keepJobEntry({ chunkId: `${JOB}/0`, jobId: JOB, entry: failed }),
        ...[completedStep(1, failed, 0), ran(2, 'wake')],
        sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 2, page: 0 }),
        work(2, { pages: 1 }),
      );
  });
});
