import { describe, expect, it } from 'vitest';
import { TestJob } from '../engine/testing.ts';
import { noFiles } from '../files/no-files.ts';
import { inferenceBatch } from './inference-batch.ts';

const answerTo = (text: string) => ({ text, model: 'm', finish_reason: 'stop', tokens: { prompt: 2, completion: 3 } });

/** Runs a batch; `answer` gives each prompt its answer, or the code of its failure. */
async function batch(input: unknown, answer: (prompt: string) => string | { readonly code: string }) {
  const test = new TestJob(inferenceBatch(noFiles), input);
  const atOnce: number[] = [];
  for (;;) {
    const end = await test.run();
    if (end.outcome !== 'waiting')
      return {
        test,
        atOnce,
        end,
        output: end.output === null ? null : (JSON.parse(end.output) as Record<string, unknown>),
      };
    atOnce.push(test.waits.size);
    for (const [key, { request }] of [...test.waits]) {
      const answered = answer((JSON.parse(request ?? '') as { prompt: string }).prompt);
      if (typeof answered === 'string') test.resolve(answerTo(answered), key);
      else test.resolve(null, key, [answered.code, 'it failed']);
    }
  }
}
const linesOf = (output: Record<string, unknown> | null) =>
  String(output?.['ndjson'])
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, unknown>);

describe('inference.batch', () => {
  it('answers each prompt, at most `concurrency` at once, in the order of the prompts', async () => {
    const prompts = Array.from({ length: 10 }, (_, n) => `prompt ${n}`);
    const { atOnce, output, test } = await batch({ prompts, concurrency: 4 }, (prompt) => `to ${prompt}`);
    expect(output).toMatchObject({ completed: 10, failed: 0, tokens: 50 });
    expect(linesOf(output).map(({ id, text }) => [id, text])).toEqual(prompts.map((p, n) => [`${n + 1}`, `to ${p}`]));
    expect(Math.max(...atOnce)).toBe(4);
    const progress = test.reports.filter((report) => report.kind === 'progress');
    expect(progress.at(-1)).toMatchObject({ percent: 100, message: '10 of 10 prompts' });
  });

  it('keeps a failed prompt as a line with its code', async () => {
    const ndjson = '{"id":"a","prompt":"good"}\n\n{"prompt":"bad"}\n';
    const { output } = await batch({ ndjson }, (prompt) => (prompt === 'bad' ? { code: 'POLICY_DENIED' } : 'yes'));
    expect(output).toMatchObject({ completed: 1, failed: 1 });
    expect(linesOf(output)).toEqual([
      { id: 'a', text: 'yes', code: null, tokens: 5 },
      { id: '2', text: null, code: 'POLICY_DENIED', tokens: 0 },
    ]);
  });

  it('gives model and bound of each answer to the model', async () => {
    const test = new TestJob(inferenceBatch(noFiles), { prompts: ['p'], model: 'small', max_tokens: 9 });
    await test.run();
    expect([...test.waits.values()].map(({ request }) => request)).toEqual([
      '{"prompt":"p","model":"small","max_tokens":9}',
    ]);
  });

  it('asks for the form of an answer, of all prompts or of one', async () => {
    const json_schema = { name: 'star', schema: { type: 'object' }, strict: true };
    const prompts = ['p', { prompt: 'q', response_format: { type: 'json_schema', json_schema } }];
    const test = new TestJob(inferenceBatch(noFiles), { prompts, response_format: { type: 'json_object' } });
    await test.run();
    expect([...test.waits.values()].map(({ request }) => JSON.parse(request ?? '') as unknown)).toEqual([
      { prompt: 'p', sampling: { response_format: { kind: 'json_object' } } },
      {
        prompt: 'q',
        sampling: {
          response_format: { kind: 'json_schema', name: 'star', schema: '{"type":"object"}', strict: true },
        },
      },
    ]);
    const ndjson = '{"prompt":"a","response_format":{"type":"grammar"}}';
    expect((await batch({ ndjson }, () => '')).end).toMatchObject({ detail: 'line 1 of ndjson is no prompt' });
  });

  it('cuts long answers so that all fit into the result', async () => {
    const { end, output } = await batch({ prompts: ['a', 'b', 'c'] }, () => 'ä'.repeat(30_000));
    expect(end.outcome).toBe('completed');
    for (const { text } of linesOf(output)) expect(String(text)).toMatch(/^ä{9000,}…$/);
  });

  it('refuses an input without prompts, a line that is none, and more than 500 prompts', async () => {
    for (const [input, detail] of [
      [{}, 'there are no prompts'],
      [{ ndjson: '{"prompt":"a"}\n{"text":"b"}' }, 'line 2 of ndjson is no prompt'],
      [{ ndjson: 'torn' }, 'line 1 of ndjson is no prompt'],
      [{ ndjson: '{"prompt":"a"}\n'.repeat(501) }, 'there are 501 prompts; at most 500'],
    ] as const) {
      const { end } = await batch(input, () => '');
      expect(end).toMatchObject({ outcome: 'failed', code: 'JOB_INPUT_INVALID', detail, retryable: false });
    }
  });
});
