import { describe, expect, it } from 'vitest';
import { reviewId } from './review.ts';
import { type Answers, answerAll, ended, workflowJob } from './testing.ts';

const header = { dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0' };
const jobOf = (tasks: readonly object[], metadata?: object, input: unknown = null) =>
  workflowJob(JSON.stringify({ document: { ...header, ...(metadata && { metadata }) }, do: tasks }), input);
const ask = { call: 'model', with: { prompt: 'four', max_tokens: 80 } };
const answer =
  (used: number): Answers =>
  ({ kind }) =>
    kind === 'model' ? { output: { text: 'x', tokens: { prompt: used, completion: 0 }, cost: '0.1' } } : { output: 1 };

describe('a budget of a node', () => {
  it('refuses the call whose worst case does not fit, and the rest of a call is there again', async () => {
    // A call may use 100 tokens: with 30 used of each, the fourth of 160 has no room for its worst case.
    const job = jobOf([{ all: { do: [{ a: ask }, { b: ask }, { c: ask }, { d: ask }] } }], { budget: { tokens: 160 } });
    expect(await ended(job, answer(30))).toMatchObject({
      ...{ outcome: 'failed', code: 'WORKFLOW_BUDGET_EXCEEDED' },
      detail: expect.stringContaining('It may use 100 tokens, and 70 are left.'),
    });
    expect(job.entries.filter(({ kind }) => kind === 'model')).toHaveLength(3);
  });

  it('is reserved from the budget around it before the node, and returned after it', async () => {
    const slice = (tokens: number) => ({ do: [{ ask }], metadata: { budget: { tokens } } });
    const fits = jobOf([{ a: slice(150) }, { b: slice(150) }], { budget: { tokens: 200 } });
    expect(await ended(fits, answer(10))).toMatchObject({ outcome: 'completed' });
    const both = { fork: { branches: [{ a: slice(150) }, { b: slice(150) }] } };
    expect(await ended(jobOf([{ both }], { budget: { tokens: 200 } }), answer(10))).toMatchObject({
      ...{ outcome: 'failed', code: 'WORKFLOW_BUDGET_EXCEEDED' },
    });
  });

  it('is an error that a workflow handles', async () => {
    const guarded = {
      try: [{ ask: { ...ask, metadata: { budget: { tokens: 10 } } } }],
      catch: { errors: { with: { status: 403 } }, do: [{ less: { set: { code: '${ $error.code }' } } }] },
    };
    expect(await ended(jobOf([{ guarded }]), answer(1))).toMatchObject({
      output: '{"code":"WORKFLOW_BUDGET_EXCEEDED"}',
    });
  });

  it('bounds the limits of an agent, and holds money by the prices of the start', async () => {
    const agent = { call: 'agent', with: { prompt: 'x' }, metadata: { budget: { tokens: 500, cost: '0.2' } } };
    let limits: unknown;
    const answers: Answers = ({ kind, request }) => {
      if (kind === 'agent') ({ limits } = request as { limits: unknown });
      return { output: { text: 'x', tokens: { prompt: 1, completion: 1 }, cost: '0.1' } };
    };
    expect(await ended(jobOf([{ agent }]), answers)).toMatchObject({ outcome: 'completed' });
    expect(limits).toMatchObject({ tokens: 500, cost: '0.200000000' });
    expect(await ended(jobOf([{ a: { ...ask, metadata: { budget: { cost: '1' } } } }]), answer(1))).toMatchObject({
      code: 'WORKFLOW_BUDGET_UNPRICED',
    });
  });

  it('is the same in a run that died between any two commits', async () => {
    const tasks = [
      { each: { for: { in: '[1, 2, 3, 4, 5]' }, metadata: { parallel: 2, budget: { tokens: 320 } }, do: [{ ask }] } },
    ];
    const whole = await ended(jobOf(tasks), answer(60));
    for (let commits = 0; commits < 6; commits += 1)
      expect(await ended(jobOf(tasks), answer(60), [commits, commits])).toMatchObject({
        ...{ outcome: whole.outcome, code: whole.code },
      });
  });
});

describe('a review of a node', () => {
  const tell = { call: 'model', with: { prompt: '${ .text }' }, metadata: { review: true } };

  it('waits with its input for the approval of exactly that', async () => {
    const job = jobOf([{ tell }], undefined, { text: 'Hello' });
    await job.run();
    const signals = () => [...job.waits.values()].map(({ signal }) => signal);
    const id = reviewId('/do/0/tell', { text: 'Hello' });
    expect(signals()).toEqual([`review.${id}`]);
    expect(job.entries.find(({ name }) => name === 'do.0.tell.review')?.output).toBe(
      JSON.stringify({ review_id: id, input: { text: 'Hello' } }),
    );
    expect(id).not.toBe(reviewId('/do/0/tell', { text: 'Bye' }));
    answerAll(job, () => ({ output: { outcome: 'approve', by: 'ana', note: '' } }));
    expect(await ended(job, answer(1))).toMatchObject({ outcome: 'completed' });
  });

  it('ends the node when it is rejected, before it has asked for anything', async () => {
    const job = jobOf([{ tell }], undefined, { text: 'Hello' });
    const answers: Answers = ({ kind }) =>
      kind === 'signal' ? { output: { outcome: 'reject', by: 'ana', note: 'too short' } } : undefined;
    expect(await ended(job, answers)).toMatchObject({
      ...{ outcome: 'failed', code: 'WORKFLOW_REVIEW_REJECTED' },
      detail: expect.stringContaining('Rejected by ana: too short'),
    });
    expect(job.entries.some(({ kind }) => kind === 'model')).toBe(false);
  });
});
