import { describe, expect, it } from 'vitest';
import { JOB_FORK_ENTRIES_MAX } from '../../schemas/contexts/jobs.ts';
import {
  type AnyRecord,
  askJobModel,
  cancelJob,
  type DecisionSummary,
  dropJobEntries,
  type ForkJob,
  forkJob,
  type JobEntry,
  type JobWait,
  jobCancelled,
  jobFailed,
  jobSimulationDecided,
  jobWaiting,
  keepJobEntry,
  pauseJob,
  resumeJob,
  retryJob,
  sendJobEntries,
  signalJob,
  simulateCommand,
  startJob,
  trialDecided,
  trialRefused,
} from '../../schemas/generated/records.ts';
import { uuidV5 } from '../../schemas/ids.ts';
import { audit } from '../audit/audit.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn } from '../testing.ts';
import { jobs } from './jobs.ts';
import {
  accepted,
  anEntry,
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

const { given } = scenarios(jobs, { startMs: START_MS, places: 1 });

const SOURCE = '99999999-9999-4999-8999-999999999999';
const simulation = { constitutionVersion: '2', constitutionDigest: 'd2', sourceId: SOURCE, results: 1, pages: 0 };
const forkedFrom = { jobId: SOURCE, path: '', name: '', nth: 0 };
const said = (text: string): Partial<JobEntry> => ({ kind: 'model', output: JSON.stringify({ text }) });
const answered = anEntry('ask', { ...said('knots'), startedAt: 7, endedAt: 9 });
const asking = { principal: 'key-1', capabilities: ['*'], credential: null, labels: [] };
const aFork = (changes: Partial<ForkJob> = {}) =>
  decisionOn(
    forkJob({
      ...{ ...asking, jobId: JOB, type: 'report', input: '{"of":"may"}', lane: 'standard', concurrencyKey: 'one' },
      ...{ tags: [], forkedFrom, entries: [], simulation, recorded: [answered], ...changes },
    }),
  );
const verdict = (outcome: 'allow' | 'deny', changes: Partial<DecisionSummary> = {}): DecisionSummary => ({
  ...{ decisionId: 'trial', outcome, score: 1, threshold: 0.5, clauses: outcome === 'allow' ? [] : ['models'] },
  reasons: [outcome === 'allow' ? 'PERMITTED' : 'MODEL_NOT_ALLOWED'],
  ...{ constitutionVersion: '2', constitutionDigest: 'd2', ...changes },
});
const START = '//0';
const trial = (key: string, outcome: 'allow' | 'deny' = 'allow', changes: Partial<DecisionSummary> = {}) =>
  trialDecided({
    ...{ trialId: `${JOB}/${key}`, principal: 'key-1', commandType: 'x', decision: verdict(outcome, changes) },
    ...{ features: [], labels: [], findings: [], changes: [] },
  });
const request = JSON.stringify({ prompt: 'What is a khipu?' });
const modelWait = (recorded: JobEntry | null = answered) =>
  aWait('model', { name: 'ask', request, recorded, until: null });
const begun: readonly AnyRecord[] = [aType(), aFork(), trial(START)];
const decided = (wait: Pick<JobWait, 'name' | 'kind'>, changes: object = {}) =>
  jobSimulationDecided({
    ...{ jobId: JOB, generation: 1, path: '', name: wait.name, nth: 1, kind: wait.kind, decision: verdict('allow') },
    ...{ code: null, detail: null, recordedOutcome: 'allow', differs: false, isAnswered: true, ...changes },
  });
const denialText =
  'Refused by constitution 2: the model is not in the constitution [MODEL_NOT_ALLOWED, clause models].';
const denied = { code: 'POLICY_DENIED', detail: denialText };

describe('a simulated fork', () => {
  it('asks first whether its constitution allows the start, and takes no slot of its key', () => {
    const fork = aFork();
    given(aType())
      .when(fork)
      .then(
        accepted({
          ...{ forkedFrom, decisionId: fork.data.decision.decisionId, concurrencyKey: 'one', admission: null },
          simulation: { ...simulation, pages: 1 },
          retry: { attemptsMax: 1, firstDelayMs: 0, delayMaxMs: 0 },
        }),
        keepJobEntry({ chunkId: `${JOB}/record/0`, jobId: JOB, entry: answered }),
        simulateCommand({
          ...{ trialId: `${JOB}/${START}`, principal: 'key-1', capabilities: ['*'], constitutionVersion: '2' },
          commandId: uuidV5(JOB, START),
          command: startJob({
            ...{ ...asking, jobId: JOB, type: 'report', input: '{"of":"may"}', lane: 'standard' },
            ...{ runAt: null, deadline: null, concurrencyKey: null, retry: null, tags: [] },
          }),
        }),
      );
  });

  it('runs when it is allowed, with the record behind the journal', () => {
    given(aType(), aFork())
      .when(trial(START))
      .then(
        jobSimulationDecided({
          ...{ jobId: JOB, generation: 0, path: '', name: '', nth: 0, kind: 'start', decision: verdict('allow') },
          ...{ code: null, detail: null, recordedOutcome: 'allow', differs: false, isAnswered: true },
        }),
        ran(1),
        sendJobEntries({ chunkId: `${JOB}/record/0`, jobId: JOB, generation: 1, page: 0 }),
        work(1, { pages: 1, simulation: { ...simulation, pages: 1 } }),
      );
  });

  it('ends with the refusal when it is denied, and asks again when it is retried', () => {
    const { records } = given(aType(), aFork()).when(trial(START, 'deny'));
    expect(records[0]?.data).toMatchObject({ kind: 'start', differs: true, code: 'POLICY_DENIED' });
    expect(records[1]).toEqual(jobFailed({ jobId: JOB, generation: 0, ...denied }));
    const again = decisionOn(retryJob({ ...asking, jobId: JOB }));
    const retried = given(aType(), aFork(), trial(START, 'deny')).when(again);
    expect(retried.records.map(({ type }) => type)).toEqual(['JobRetried', 'SimulateCommand']);
  });

  it.each([
    [
      'is not published',
      trialRefused({ trialId: `${JOB}/${START}`, principal: 'k', code: 'CONSTITUTION_UNKNOWN', detail: 'x' }),
      'CONSTITUTION_UNKNOWN',
    ],
    ['has another document', trial(START, 'allow', { constitutionDigest: 'other' }), 'SIMULATION_CONSTITUTION_CHANGED'],
  ] as const)('ends when its constitution %s', (_, answer, code) => {
    const { records } = given(aType(), aFork()).when(answer);
    expect(records.map(({ type, data }) => [type, (data as { readonly code: string }).code])).toEqual([
      ['JobFailed', code],
    ]);
  });

  it('that is not verified is refused as everything is', () => {
    const unverified = {
      reasons: ['CONSTITUTION_UNVERIFIED', 'SIGNATURE_INVALID'],
      clauses: [],
      constitutionDigest: '',
    };
    const { records } = given(aType(), aFork()).when(trial(START, 'deny', unverified));
    expect(records.at(-1)?.data).toMatchObject({ code: 'POLICY_DENIED' });
  });

  it('is refused above 1,000 results of both kinds', () => {
    const many = Array.from({ length: JOB_FORK_ENTRIES_MAX }, (_, n) => anEntry('load', { nth: n + 1 }));
    const { records } = given(aType()).when(aFork({ entries: [anEntry('a')], recorded: many }));
    expect(records[0]?.data).toMatchObject({ code: 'JOB_FORK_TOO_LARGE' });
  });

  it('is paused before its start is decided, and runs when it is resumed', () => {
    const pause = pauseJob({ jobId: JOB, principal: 'key-1', reason: 'a test', mode: 'stop' });
    const held = given(aType(), aFork(), pause).when(trial(START));
    expect(held.records.map(({ type }) => type)).toEqual(['JobSimulationDecided']);
    const resumed = given(aType(), aFork(), pause, trial(START)).when(decisionOn(resumeJob({ ...asking, jobId: JOB })));
    expect(resumed.records.map(({ type }) => type)).toEqual([
      'JobResumed',
      'JobRunStarted',
      'SendJobEntries',
      'RunJob',
    ]);
  });
});

describe('a request of a simulated job', () => {
  it('is tried, and nothing is sent', () => {
    const wait = modelWait();
    given(...begun)
      .when(waitOf(1, wait))
      .then(
        jobWaiting({ jobId: JOB, generation: 1, wait, startedAt: START_MS }),
        simulateCommand({
          ...{ trialId: `${JOB}//ask/1`, principal: 'key-1', capabilities: ['*'], constitutionVersion: '2' },
          commandId: uuidV5(JOB, '/ask/1'),
          command: askJobModel({
            ...{ ...asking, callId: `${JOB}//ask/1`, jobId: JOB, path: '', name: 'ask', nth: 1 },
            ...{ prompt: 'What is a khipu?', model: null, maxTokens: null, earlier: [], sampling: null },
          }),
        }),
      );
  });

  it('that is allowed has the recorded answer, at its recorded times', () => {
    const wait = modelWait();
    const entry = { ...answered, generation: 2 };
    given(...begun, waitOf(1, wait))
      .when(trial('/ask/1'))
      .then(
        decided(wait),
        keepJobEntry({ chunkId: `${JOB}/0`, jobId: JOB, entry }),
        completedStep(1, entry, Buffer.byteLength(answered.output ?? '')),
      );
  });

  it('that is denied fails with the code of the decision, which differs from the record', () => {
    const wait = modelWait();
    const { records } = given(...begun, waitOf(1, wait)).when(trial('/ask/1', 'deny'));
    expect(records[0]).toEqual(decided(wait, { decision: verdict('deny'), ...denied, differs: true }));
    expect(records[2]?.data).toMatchObject({ kind: 'model', outcome: 'failed', ...denied });
  });

  it('that the record was denied as well has no answer when it is allowed: the job diverges', () => {
    const refused = { ...answered, outcome: 'failed', output: null, ...denied };
    const wait = modelWait(refused);
    const { records } = given(...begun, waitOf(1, wait), endOf(1, 'waiting')).when(trial('/ask/1'));
    expect(records).toEqual([
      decided(wait, { recordedOutcome: 'deny', differs: true, isAnswered: false }),
      jobFailed({
        ...{ jobId: JOB, generation: 1, code: 'SIMULATION_DIVERGED' },
        detail: "The record has no answer to model 'ask', and nothing else ends it.",
      }),
    ]);
  });

  it('without a result in the record is denied like any other, and otherwise waits for what else the job does', () => {
    const wait = modelWait(null);
    const refusal = given(...begun, waitOf(1, wait)).when(trial('/ask/1', 'deny'));
    expect(refusal.records[0]).toMatchObject({ data: { recordedOutcome: 'none', differs: true, isAnswered: true } });
    const nap = aWait('sleep', { until: 1, recorded: anEntry('sleep', { kind: 'sleep', output: null }) });
    const allowed = given(...begun, waitOf(1, wait), waitOf(1, nap), trial('/ask/1')).when(endOf(1, 'waiting'));
    expect(allowed.records.map(({ type }) => type)).toContain('RunJob');
    const stuck = given(...begun, waitOf(1, wait), trial('/ask/1')).when(endOf(1, 'waiting'));
    expect(stuck.records[0]?.data).toMatchObject({ code: 'SIMULATION_DIVERGED' });
  });

  it('for a child starts none, and a cancelled job withdraws nothing', () => {
    const wait = aWait('child', { name: 'part', childType: 'report', request: '1' });
    const { records } = given(...begun).when(waitOf(1, wait));
    expect(records.map(({ type }) => type)).toEqual(['JobWaiting', 'SimulateCommand']);
    expect(records[1]?.data).toMatchObject({
      command: { type: 'StartChildJob', data: { type: 'report', parentId: JOB } },
    });
    const cancel = cancelJob({ jobId: JOB, principal: 'key-1', reason: 'a test' });
    given(...begun, endOf(1, 'waiting'))
      .when(cancel)
      .then(
        jobCancelled({ jobId: JOB, cancelledBy: 'key-1', reason: 'a test' }),
        dropJobEntries({ chunkId: `${JOB}/record/0`, jobId: JOB }),
      );
    const waiting = given(...begun, waitOf(1, wait)).when(cancel);
    expect(waiting.records.map(({ type }) => type)).toEqual(['JobCancelled', 'StopJobRun', 'DropJobEntries']);
  });

  it('is decided once: a repeated answer changes nothing', () => {
    given(...begun, waitOf(1, modelWait()), trial('/ask/1'))
      .when(trial('/ask/1', 'deny'))
      .then();
  });
});

describe('a wait of a simulated job', () => {
  it('for a time ends at once, at the recorded time', () => {
    const recorded = anEntry('nap', { kind: 'sleep', output: null, startedAt: 5, endedAt: 86_400_005 });
    const { records } = given(...begun).when(
      waitOf(1, aWait('sleep', { name: 'nap', until: START_MS + 1e9, recorded })),
    );
    expect(records.map(({ type }) => type)).toEqual(['JobWaiting', 'KeepJobEntry', 'JobStepCompleted']);
    expect(records.at(-1)?.data).toMatchObject({ startedAt: 5, endedAt: 86_400_005 });
  });

  const signalWait = (changes: Partial<JobWait> = {}) =>
    aWait('signal', {
      ...{ name: 'approved', signal: 'approved' },
      recorded: anEntry('approved', { kind: 'signal', output: '"yes"' }),
      ...changes,
    });

  it('for a signal is tried with the recorded payload; one that did not come in time is not', () => {
    const { records } = given(...begun).when(waitOf(1, signalWait()));
    expect(records[1]?.data).toMatchObject({ command: { type: 'SignalJob', data: { payload: '"yes"' } } });
    const late = anEntry('approved', { kind: 'signal', outcome: 'failed', output: null, code: 'SIGNAL_TIMEOUT' });
    const timedOut = given(...begun).when(waitOf(1, signalWait({ recorded: late })));
    expect(timedOut.records.at(-1)?.data).toMatchObject({ outcome: 'failed', code: 'SIGNAL_TIMEOUT' });
  });

  it('for a refused signal runs into its time-out, as it would: without one, the job diverges', () => {
    const timed = signalWait({ until: START_MS + 9 });
    const { records } = given(...begun, waitOf(1, timed)).when(trial('/approved/1', 'deny'));
    expect(records.at(-1)?.data).toMatchObject({ outcome: 'failed', code: 'SIGNAL_TIMEOUT' });
    const stuck = given(...begun, waitOf(1, signalWait()), endOf(1, 'waiting')).when(trial('/approved/1', 'deny'));
    expect(stuck.records.at(-1)?.data).toMatchObject({
      ...{ code: 'SIMULATION_DIVERGED', detail: expect.stringContaining("signal 'approved'") },
    });
  });

  it('takes no signal of a user', () => {
    const signal = decisionOn(signalJob({ ...asking, jobId: JOB, name: 'approved', payload: '1' }));
    const { records } = given(...begun).when(signal);
    expect(records[0]?.data).toMatchObject({ code: 'JOB_SIMULATED' });
  });
});

describe('the records of a simulated job', () => {
  it('say so, whatever causes them; those of a job that runs do not', () => {
    const driver = createDriver({ processors: [jobs, audit], startMs: START_MS, places: 1 });
    const cancel = cancelJob({ jobId: JOB, principal: 'key-1', reason: 'a test' });
    for (const record of [...begun, waitOf(1, modelWait()), trial('/ask/1'), stepOf(1, anEntry('send')), cancel])
      driver.append(record);
    driver.run();
    const events = driver.records('jobs.events');
    expect(events.map(({ record }) => record.type)).toContain('JobCancelled');
    expect(new Set(events.map(({ meta }) => meta.simulation))).toEqual(new Set(['d2']));
    const lines = driver
      .records('audit.events')
      .flatMap(({ record }) =>
        record.type === 'AuditRecorded' && record.data.topic === 'jobs.events' ? [record.data] : [],
      );
    expect(lines.length).toBe(events.length);
    for (const { summary } of lines) expect(summary).toMatch(/^simulated under constitution d2: /);
    const real = createDriver({ processors: [jobs], startMs: START_MS, places: 1 });
    for (const record of [aType(), aFork({ simulation: null, recorded: [] }), cancel]) real.append(record);
    real.run();
    expect(real.records('jobs.events').map(({ meta }) => meta.simulation)).not.toContain('d2');
  });

  it('never ask a model, start a child, or take a slot, whatever the handler asks for', () => {
    const waits = [modelWait(), modelWait(null), aWait('child', { childType: 'report', request: '1' })];
    const effects = ['AskJobModel', 'AskJobEmbedding', 'SlmRequested', 'SlmEmbeddingRequested', 'StartChildJob'];
    const ends = ['CancelSlmRequest', 'CancelChildJob', 'RequestJobSlot', 'ReleaseJobSlot', 'EndChildJob'];
    for (const wait of waits)
      for (const outcome of ['allow', 'deny'] as const) {
        const inputs = [waitOf(1, wait), endOf(1, 'waiting'), trial(`/${wait.name}/1`, outcome)];
        const types = inputs.flatMap((input, at) =>
          given(...begun, ...inputs.slice(0, at))
            .when(input)
            .records.map(({ type }) => type),
        );
        for (const type of [...effects, ...ends]) expect(types).not.toContain(type);
      }
  });
});
