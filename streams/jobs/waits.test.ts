import { describe, expect, it } from 'vitest';
import { JOB_PAYLOAD_BYTES_MAX, JOB_WAITS_MAX } from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { noTools, textMessage } from '../../schemas/contexts/slm/messages.ts';
import {
  type AnswerModeration,
  type AskJobModel,
  askJobEmbedding,
  askJobModel,
  type DecisionSummary,
  endChildJob,
  type JobEntry,
  type JobWait,
  jobCompleted,
  jobDead,
  jobPaused,
  jobResumed,
  jobRunEnded,
  jobWaiting,
  keepJobEntry,
  sendJobEntries,
  slmCompleted,
  slmEmbedded,
  slmEmbeddingRequested,
  slmFailed,
  slmRequested,
  startChildJob,
  stopJobRun,
  wakeJob,
} from '../../schemas/generated/records.ts';
import { requestOf } from '../../schemas/governed.ts';
import { seedOf } from '../kernel/seed.ts';
import { scenarios } from '../kernel/testing.ts';
import { aFinding, decisionOn, denied } from '../testing.ts';
import { jobs } from './jobs.ts';
import { callIdOf, childIdOf } from './keys.ts';
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
  stepOf,
  waitOf,
  work,
} from './testing.ts';

const { given, when } = scenarios(jobs, { startMs: START_MS });
const running = [accepted({ labels: ['mail'] }), ran(1)] as const;
const idle = jobRunEnded({ jobId: JOB, generation: 1, outcome: 'waiting' });
const began = (wait: JobWait) => jobWaiting({ jobId: JOB, generation: 1, wait, startedAt: START_MS });
const kept = (entry: JobEntry) => keepJobEntry({ chunkId: `${JOB}/0`, jobId: JOB, entry });
const secondRun = [
  ran(2, 'wake'),
  sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 2, page: 0 }),
  work(2, { pages: 1 }),
];
const failedAs = (kind: string, code: string, detail: string, changes: Partial<JobEntry> = {}) =>
  anEntry(kind, { kind, outcome: 'failed', output: null, code, detail, ...changes });
const dead = jobDead({ jobId: JOB, generation: 1, code: 'X', detail: 'x' });

describe('a wait', () => {
  const sleep = aWait('sleep', { until: START_MS + 60_000 });

  it('begins once: a later run that asks again waits for the same end', () => {
    given(...running)
      .when(waitOf(1, sleep))
      .then(began(sleep));
    const again = { ...sleep, until: START_MS + 90_000 };
    given(...running, began(sleep), ran(2))
      .when(waitOf(2, again))
      .then();
  });

  it('fails when a thousand are open', () => {
    const open = Array.from({ length: JOB_WAITS_MAX }, (_, n) => began({ ...sleep, nth: n + 1 }));
    const one = aWait('signal', { signal: 'go' });
    const failed = failedAs('signal', 'JOB_WAITS_FULL', 'The job has 1000 waits already.');
    const outcome = given(...running, ...open).when(waitOf(1, one));
    outcome.then(began(one), kept(failed), completedStep(1, failed, 0));
    expect(outcome.state).toMatchObject({ isWoken: true });
  });

  it.each([
    [aWait('sleep'), 'The wait has no time.'],
    [aWait('retry'), 'The wait has no time.'],
    [aWait('signal'), 'The wait names no signal.'],
    [aWait('child', { childType: 'report' }), 'The wait names no type or input.'],
    [aWait('child', { request: '1' }), 'The wait names no type or input.'],
    [aWait('moon'), 'There are no waits of the kind moon.'],
  ])('fails when it cannot end: %o', (wait, detail) => {
    const failed = failedAs(wait.kind, 'JOB_WAIT_INVALID', detail);
    given(...running)
      .when(waitOf(1, wait))
      .then(began(wait), kept(failed), completedStep(1, failed, 0));
  });
});

describe('a sleep', () => {
  const until = START_MS + 60_000;
  const sleep = aWait('sleep', { until });
  const slept = anEntry('sleep', { kind: 'sleep', output: null, endedAt: until });

  it('ends at its time, and the job runs again', () => {
    given(...running, began(sleep), idle)
      .when(wakeJob({ jobId: JOB, dueAt: until }))
      .then(kept(slept), completedStep(1, slept, 0), ...secondRun);
  });

  it('ends while a run goes on, which is followed by another', () => {
    const outcome = given(...running, began(sleep)).when(wakeJob({ jobId: JOB, dueAt: until }));
    outcome.then(kept(slept), completedStep(1, slept, 0));
    expect(outcome.state).toMatchObject({ isWoken: true, status: 'running' });
    given(...running, began(sleep), completedStep(1, slept, 0))
      .when(endOf(1, 'waiting'))
      .then(...secondRun);
  });

  it('ends while the job is paused, which does not run', () => {
    const paused = jobPaused({ jobId: JOB, pausedBy: 'ana', reason: 'lunch' });
    given(...running, began(sleep), idle, paused)
      .when(wakeJob({ jobId: JOB, dueAt: until }))
      .then(kept(slept), completedStep(1, slept, 0));
  });

  it('does not end before its time, and several end together', () => {
    const later = { ...sleep, nth: 2, until: until + 1 };
    const earlier = { ...sleep, nth: 3, until: until - 1 };
    const outcome = given(...running, began(sleep), began(later), began(earlier), idle).when(
      wakeJob({ jobId: JOB, dueAt: until }),
    );
    expect(outcome.records.map(({ type }) => type)).toEqual([
      ...['KeepJobEntry', 'JobStepCompleted', 'KeepJobEntry', 'JobStepCompleted'],
      ...['JobRunStarted', 'SendJobEntries', 'RunJob'],
    ]);
    expect(outcome.state).toMatchObject({ waits: [{ nth: 2 }], journal: { entries: 2 } });
  });
});

describe('a child', () => {
  const wait = aWait('child', { path: 'left/2', name: 'part', nth: 3, childType: 'report', request: '{"of":"june"}' });
  const childId = childIdOf(JOB, wait);
  const end = (changes = {}) =>
    endChildJob({ jobId: JOB, childId, outcome: 'completed', output: '7', code: null, detail: null, ...changes });
  const entry = anEntry('part', { path: 'left/2', nth: 3, kind: 'child', output: '7' });

  it('is asked for with the principal, the capabilities and the labels of its parent', () => {
    given(...running)
      .when(waitOf(1, wait))
      .then(
        began(wait),
        startChildJob({
          ...{ jobId: childId, principal: 'key-1', capabilities: ['*'], credential: null, type: 'report' },
          ...{
            input: '{"of":"june"}',
            parentId: JOB,
            path: 'left/2',
            name: 'part',
            nth: 3,
            lane: 'standard',
            depth: 1,
            labels: ['mail'],
          },
        }),
      );
  });

  it('has an id of its own for each use of a name, and the same one in each run', () => {
    const ids = [wait, { ...wait, nth: 4 }, { ...wait, path: 'left' }, { ...wait, name: '2' }];
    expect(new Set(ids.map((each) => childIdOf(JOB, each))).size).toBe(4);
    expect(childIdOf(JOB, { path: 'a/b', name: 'c', nth: 1 })).not.toBe(
      childIdOf(JOB, { path: 'a', name: 'b/c', nth: 1 }),
    );
    expect(childIdOf(JOB, { ...wait })).toBe(childId);
  });

  it('gives its result to the job that waits, which runs', () => {
    given(...running, began(wait), idle)
      .when(end())
      .then(kept(entry), completedStep(1, entry, 1), ...secondRun);
  });

  it('gives its failure as well', () => {
    const failure = { outcome: 'failed', output: null, code: 'JOB_CANCELLED', detail: 'by ana' };
    const outcome = given(...running, began(wait)).when(end(failure));
    outcome.then(kept({ ...entry, ...failure }), completedStep(1, { ...entry, ...failure }, 0));
  });

  it('gives its result to a job that has failed: a retry finds it', () => {
    given(...running, began(wait), dead)
      .when(end())
      .then(kept(entry), completedStep(1, entry, 1));
  });

  it('that nothing waits for changes nothing', () => {
    given(...running)
      .when(end())
      .then();
    given(...running, jobCompleted({ jobId: JOB, generation: 1, output: '1' }))
      .when(end())
      .then();
    when(end()).then();
  });
});

describe('a request to a model', () => {
  const request = JSON.stringify({ prompt: 'What is a khipu?', model: 'small', max_tokens: 20 });
  const wait = aWait('model', { path: 'left', request });
  const callId = callIdOf(JOB, wait);
  const ask = (changes: Partial<AskJobModel> = {}) =>
    askJobModel({
      ...{ callId, jobId: JOB, principal: 'key-1', capabilities: ['*'], credential: null, model: 'small' },
      ...{
        prompt: 'What is a khipu?',
        maxTokens: 20,
        path: 'left',
        name: 'model',
        nth: 1,
        labels: ['mail'],
        earlier: [],
        sampling: null,
        ...changes,
      },
    });
  const answer = { subjectId: callId, origin: 'jobs', requestId: callId, attempt: 1 };
  const answered = (text: string, origin = 'jobs', moderation: AnswerModeration | null = null) =>
    slmCompleted({
      moderation,
      ...{ ...answer, origin, text, modelId: 'small-1', finishReason: 'stop', toolCalls: [], latencyMs: 9, cost: null },
      tokensConsumed: { prompt: 5, completion: 7 },
    });
  const output = JSON.stringify({
    ...{ text: 'knots', model: 'small-1', finish_reason: 'stop', tokens: { prompt: 5, completion: 7 } },
  });
  const entry = anEntry('model', { path: 'left', kind: 'model', output });

  it('says what the rules of outputs found in the answer, with the names of the wire', () => {
    const { records } = given(...running, began(wait)).when(answered('[redacted]', 'jobs', aFinding));
    const kept = records.flatMap((record) => (record.type === 'KeepJobEntry' ? [record.data.entry] : []));
    expect(JSON.parse(kept[0]?.output ?? '{}')).toMatchObject({
      text: '[redacted]',
      moderation: { constitution_version: '1', redacted: 1, findings: [{ rule: 'violence', outcome: 'redact' }] },
    });
  });

  it('is put to policy first', () => {
    given(...running)
      .when(waitOf(1, wait))
      .then(began(wait), ask());
    const bare = { ...wait, request: '{"prompt":"?"}' };
    given(...running)
      .when(waitOf(1, bare))
      .then(began(bare), ask({ prompt: '?', model: null, maxTokens: null }));
  });

  it.each([
    null,
    'torn',
    '1',
    'null',
    '{}',
    '{"prompt":1}',
    '{"prompt":"?","model":1}',
    '{"prompt":"?","max_tokens":"9"}',
  ])('fails when it is none: %s', (torn) => {
    const none = { ...wait, request: torn };
    const failed = failedAs('model', 'JOB_WAIT_INVALID', 'The request is not one to a model.', { path: 'left' });
    given(...running)
      .when(waitOf(1, none))
      .then(began(none), kept(failed), completedStep(1, failed, 0));
  });

  it.each([0, -1, 1.5, 2 ** 31])('fails with a bound of %s tokens', (tokens) => {
    const none = { ...wait, request: JSON.stringify({ prompt: '?', max_tokens: tokens }) };
    const { records } = given(...running).when(waitOf(1, none));
    expect(records.map(({ type }) => type)).toEqual(['JobWaiting', 'KeepJobEntry', 'JobStepCompleted']);
  });

  it('goes to the model when policy allows it, outside of any session', () => {
    given(...running, began(wait))
      .when(decisionOn(ask()))
      .then(
        slmRequested({
          ...{
            subjectId: callId,
            origin: 'jobs',
            requestId: callId,
            sessionId: null,
            turnId: null,
            turnSequence: null,
            lane: 'standard',
          },
          ...{ principal: 'key-1', model: 'small', messages: [textMessage('user', 'What is a khipu?')] },
          ...{ maxTokens: 20, temperature: 0.2, seed: seedOf(callId), stop: [], responseFormat: null },
          ...noTools,
          decisionId: decisionOn(ask()).data.decision.decisionId,
        }),
      );
  });

  it('is not made when nothing waits for it any more', () => {
    given(...running)
      .when(decisionOn(ask()))
      .then();
    given(...running, jobCompleted({ jobId: JOB, generation: 1, output: '1' }))
      .when(decisionOn(ask()))
      .then();
    when(decisionOn(ask())).then();
  });

  it('fails with the decision when policy denies it', () => {
    const decision = decisionOn(ask(), denied);
    const { code, detail } = refusalOf(decision.data);
    const failed = failedAs('model', code, detail, { path: 'left' });
    given(...running, began(wait), idle)
      .when(decision)
      .then(kept(failed), completedStep(1, failed, 0), ...secondRun);
  });

  it('gives its answer to the job that waits, which runs', () => {
    given(...running, began(wait), idle)
      .when(answered('knots'))
      .then(kept(entry), completedStep(1, entry, Buffer.byteLength(output)), ...secondRun);
  });

  it('gives its failure, and fails when the answer is larger than 64 KiB', () => {
    const failed = failedAs('model', 'SLM_UNAVAILABLE', 'no model answers', { path: 'left' });
    given(...running, began(wait))
      .when(slmFailed({ ...answer, code: 'SLM_UNAVAILABLE', detail: 'no model answers', refusal: null }))
      .then(kept(failed), completedStep(1, failed, 0));
    const { records } = given(...running, began(wait)).when(answered('x'.repeat(JOB_PAYLOAD_BYTES_MAX)));
    expect(records[0]?.data).toMatchObject({ entry: { outcome: 'failed', code: 'JOB_OUTPUT_TOO_LARGE' } });
  });

  it('carries earlier messages and how the answer is sampled to the model', () => {
    const texts = [{ role: 'system', content: 'Be brief.' }];
    const earlier = [textMessage('system', 'Be brief.')];
    const sampling = { temperature: 1, seed: 3, stop: ['.'] };
    const said = { ...wait, request: JSON.stringify({ prompt: '?', earlier: texts, sampling }) };
    const asked = ask({
      ...{
        prompt: '?',
        model: null,
        maxTokens: null,
        earlier,
        sampling: { ...sampling, responseFormat: null, ...noTools },
      },
    });
    given(...running)
      .when(waitOf(1, said))
      .then(began(said), asked);
    const { records } = given(...running, began(said)).when(decisionOn(asked));
    expect(records).toMatchObject([{ type: 'SlmRequested', data: { temperature: 1, seed: 3, stop: ['.'] } }]);
    expect(records[0]?.data).toMatchObject({ messages: [...earlier, textMessage('user', '?')] });
  });

  it('carries the form of the answer to the model, and policy reads its schema', () => {
    const response_format = { kind: 'json_schema', name: 'a', schema: '{"title":"gold"}', strict: true };
    const responseFormat = { ...response_format, kind: 'json_schema', description: null } as const;
    const sampled = { temperature: null, seed: null, stop: [] };
    const said = { ...wait, request: JSON.stringify({ prompt: '?', sampling: { response_format } }) };
    const asked = ask({
      ...{
        prompt: '?',
        model: null,
        maxTokens: null,
        earlier: [],
        sampling: { ...sampled, responseFormat, ...noTools },
      },
    });
    given(...running)
      .when(waitOf(1, said))
      .then(began(said), asked);
    const { records } = given(...running, began(said)).when(decisionOn(asked));
    expect(records[0]?.data).toMatchObject({ responseFormat });
    expect(requestOf(asked)).toMatchObject({ text: '{"title":"gold"}\n?' });
    const any = { ...wait, request: '{"prompt":"?","sampling":{"response_format":{"kind":"json_object"}}}' };
    const form = given(...running).when(waitOf(1, any)).records[1]?.data;
    expect(form).toMatchObject({ sampling: { responseFormat: { kind: 'json_object', schema: null } } });
  });

  it.each([
    '{"prompt":"?","earlier":[{"role":"tool","content":"x"}]}',
    '{"prompt":"?","earlier":{}}',
    '{"prompt":"?","sampling":{"response_format":"json"}}',
    '{"prompt":"?","sampling":{"response_format":{"kind":"grammar"}}}',
    '{"prompt":"?","sampling":{"response_format":{"kind":"json_schema","name":"a"}}}',
    '{"prompt":"?","sampling":{"response_format":{"kind":"json_schema","name":"a","schema":"{}","description":1}}}',
    '{"prompt":"?","sampling":{"response_format":{"kind":"json_schema","name":"a","schema":"{}","strict":1}}}',
    '{"prompt":"?","sampling":1}',
    '{"prompt":"?","sampling":{"stop":"."}}',
    '{"prompt":"?","sampling":{"temperature":-1}}',
    '{"input":[]}',
    '{"input":["a",1]}',
    '{"input":["a"],"model":1}',
  ])('fails when what surrounds the prompt is nothing of the kind: %s', (request) => {
    const { records } = given(...running).when(waitOf(1, { ...wait, request }));
    expect(records[1]?.data).toMatchObject({ entry: { outcome: 'failed', code: 'JOB_WAIT_INVALID' } });
  });

  it('for embeddings is put to policy, goes to the model, and gives the vectors as 32-bit floats', () => {
    const embedding = { ...wait, request: '{"input":["a cord"],"model":"small"}' };
    const { prompt, maxTokens, earlier, sampling, ...common } = ask().data;
    const asked = askJobEmbedding({ ...common, input: ['a cord'] });
    given(...running)
      .when(waitOf(1, embedding))
      .then(began(embedding), asked);
    given(...running, began(embedding))
      .when(decisionOn(asked))
      .then(
        slmEmbeddingRequested({
          ...{ subjectId: callId, origin: 'jobs', requestId: callId, sessionId: null, turnId: null },
          ...{ principal: 'key-1', model: 'small', input: ['a cord'], lane: 'standard' },
          decisionId: decisionOn(asked).data.decision.decisionId,
        }),
      );
    const embedded = { vectors: [[1, -2]], modelId: 'e', tokensConsumed: { prompt: 1, completion: 0 }, latencyMs: 1 };
    const { records } = given(...running, began(embedding)).when(
      slmEmbedded({ subjectId: callId, origin: 'jobs', requestId: callId, ...embedded }),
    );
    const vectors = [Buffer.from(new Float32Array([1, -2]).buffer).toString('base64')];
    const { entry: kept } = (records[0]?.data ?? {}) as { readonly entry?: JobEntry };
    expect(JSON.parse(kept?.output ?? '')).toEqual({ vectors, model: 'e', tokens: embedded.tokensConsumed });
  });

  it('ignores answers to others, and answers that nothing waits for', () => {
    given(...running, began(wait))
      .when(answered('knots', 'inference'))
      .then();
    given(...running)
      .when(answered('knots'))
      .then();
    given(...running, jobCompleted({ jobId: JOB, generation: 1, output: '1' }))
      .when(answered('knots'))
      .then();
  });

  describe('that no budget has room for', () => {
    const spent: DecisionSummary = { ...denied, reasons: ['BUDGET_EXCEEDED'], clauses: ['budget:day:tokens'] };
    const decision = decisionOn(ask(), spent);
    const { code, detail } = refusalOf(decision.data);
    const suspension = (generation: number, pauseMs: number) =>
      aSuspension(generation, { code, detail, resumeAt: START_MS + pauseMs, callId });
    const stop = stopJobRun({ controlKey: `${JOB}/control`, jobId: JOB, generation: 1, mode: 'finish_step' });
    const resumed = jobResumed({ jobId: JOB, resumedBy: 'jobs' });
    const at = (ms: number) => wakeJob({ jobId: JOB, dueAt: START_MS + ms });

    it('suspends the job, which runs and asks again after a minute', () => {
      given(...running, began(wait), idle)
        .when(decision)
        .then(suspension(1, 60_000));
      given(...running, began(wait), idle, suspension(1, 60_000))
        .when(at(60_000))
        .then(resumed, ran(2, 'resume'), work(2));
      given(...running, began(wait), idle, suspension(1, 60_000), resumed, ran(2, 'resume'))
        .when(waitOf(2, wait))
        .then(jobWaiting({ jobId: JOB, generation: 2, wait, startedAt: START_MS }), ask());
    });

    it('ends the run after its running steps, whose results are kept', () => {
      const step = anEntry('beside');
      given(...running, began(wait))
        .when(decision)
        .then(suspension(1, 60_000), stop);
      const held = [...running, began(wait), suspension(1, 60_000)] as const;
      given(...held)
        .when(stepOf(1, step))
        .then(kept(step), completedStep(1, step, 1));
      given(...held)
        .when(endOf(1, 'stopped'))
        .then(jobRunEnded({ jobId: JOB, generation: 1, outcome: 'stopped' }));
      given(...held)
        .when(endOf(1, 'waiting'))
        .then(idle);
    });

    it('asks later and later, a quarter of an hour at most, until a request is answered', () => {
      const again = jobWaiting({ jobId: JOB, generation: 2, wait, startedAt: START_MS });
      const twice = [...running, began(wait), idle, suspension(1, 60_000), resumed, ran(2, 'resume'), again] as const;
      given(...twice)
        .when(decision)
        .then(suspension(2, 120_000), { ...stop, data: { ...stop.data, generation: 2 } });
      const often = Array.from({ length: 9 }, () => suspension(1, 60_000));
      const { records } = given(...running, ...often, resumed, ran(2, 'resume'), again).when(decision);
      expect(records[0]?.data).toMatchObject({ resumeAt: START_MS + 900_000 });
      const answer = completedStep(2, entry, Buffer.byteLength(output));
      const other = { ...wait, nth: 2 };
      const second = decisionOn(askJobModel({ ...ask().data, callId: callIdOf(JOB, other), nth: 2 }), spent);
      const after = given(...twice, answer, { ...again, data: { ...again.data, wait: other } }).when(second);
      expect(after.records[0]?.data).toMatchObject({ resumeAt: START_MS + 60_000 });
    });

    it('goes on at once when it is resumed, and not twice', () => {
      given(...running, began(wait), idle, suspension(1, 60_000), resumed)
        .when(at(60_000))
        .then();
      given(...running, began(wait), idle, suspension(1, 60_000))
        .when(at(59_999))
        .then();
    });

    it('fails as any other when the job has failed before', () => {
      const failed = failedAs('model', code, detail, { path: 'left' });
      given(...running, began(wait), dead)
        .when(decision)
        .then(kept(failed), completedStep(1, failed, 0));
    });
  });
});
