import { describe, expect, it } from 'vitest';
import { batchCountsIn } from '../../../schemas/contexts/jobs/batch.ts';
import { TestJob } from '../engine/testing.ts';
import { MemoryFiles } from '../files/testing.ts';
import { inferenceBatch } from './inference-batch.ts';

const chat = (id: string, content: string, more: object = {}) => ({
  ...{ custom_id: id, method: 'POST', url: '/v1/chat/completions' },
  body: { model: 'default', messages: [{ role: 'user', content }], ...more },
});

interface Asked {
  readonly prompt: string;
  readonly part?: { readonly from: number; readonly to: number; readonly line: number };
}

/** Runs a part: every request is answered with its text in capitals, unless that is `deny`. */
async function partOf(files: MemoryFiles, input: object): Promise<object> {
  const test = new TestJob(inferenceBatch(files), input);
  for (;;) {
    const end = await test.run();
    if (end.outcome === 'completed') return JSON.parse(end.output ?? '{}') as object;
    if (end.outcome !== 'waiting') throw new Error(`${end.code}: ${end.detail}`);
    for (const [key, { request }] of [...test.waits]) {
      const { prompt, input: texts } = JSON.parse(request ?? '') as Asked & { readonly input?: readonly string[] };
      const tokens = { prompt: 2, completion: 3 };
      if (prompt === 'deny') test.resolve(null, key, ['POLICY_DENIED', 'no']);
      else if (texts !== undefined)
        test.resolve(
          {
            ...{ vectors: texts.map(() => Buffer.from(new Float32Array([0.5, -1]).buffer).toString('base64')) },
            ...{ model: 'm', tokens: { prompt: 2, completion: 0 } },
          },
          key,
        );
      else test.resolve({ text: prompt.toUpperCase(), model: 'm', finish_reason: 'stop', tokens }, key);
    }
  }
}

interface BatchOptions {
  readonly endpoint?: string;
  /** Number of parts after whose end the batch is cancelled. */
  readonly cancelAfter?: number;
  /** Changes the journal before each run. */
  readonly onRun?: (test: TestJob) => void;
}

/** Runs a batch over lines; its parts are run as the jobs that they are. */
async function batchOf(
  lines: readonly (object | string)[],
  { endpoint = '/v1/chat/completions', cancelAfter, onRun }: BatchOptions = {},
) {
  const files = new MemoryFiles();
  const content = files.add(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  const batch = { file: { ...content, file_id: 'f', lines: lines.length }, endpoint };
  const test = new TestJob(inferenceBatch(files), { batch });
  const atOnce: number[] = [];
  let ended = 0;
  for (;;) {
    onRun?.(test);
    const end = await test.run();
    if (end.outcome !== 'waiting') {
      const output = end.output === null ? null : (JSON.parse(end.output) as Record<string, string | number | null>);
      const linesIn = (name: string) =>
        files
          .textOf(String(output?.[name]))
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as { readonly custom_id: string; readonly [field: string]: unknown });
      return { test, files, end, output, atOnce, answers: linesIn('output_file_id'), errors: linesIn('error_file_id') };
    }
    const parts = [...test.waits].filter(([, { kind }]) => kind === 'child');
    atOnce.push(parts.length);
    for (const [key, { request }] of parts) {
      if (ended === cancelAfter) test.resolve(null, '/batch.cancel/1');
      test.resolve(await partOf(files, JSON.parse(request ?? '')), key);
      ended += 1;
    }
  }
}

describe('a batch over a file', () => {
  it('answers each request once, in their order, in parts of 50 lines, four at once', async () => {
    const ids = Array.from({ length: 420 }, (_, n) => `r${n}`);
    const { output, answers, errors, atOnce, test, files } = await batchOf(ids.map((id) => chat(id, `say ${id}`)));
    expect(output).toMatchObject({ completed: 420, failed: 0, tokens: 2_100, error_file_id: null });
    expect(answers.map(({ custom_id: id }) => id)).toEqual(ids);
    expect(errors).toEqual([]);
    expect(Math.max(...atOnce)).toBe(4);
    expect(answers[7]).toMatchObject({
      response: {
        status_code: 200,
        body: {
          ...{ object: 'chat.completion', model: 'm' },
          choices: [{ index: 0, message: { role: 'assistant', content: 'SAY R7' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
        },
      },
      error: null,
    });
    const messages = test.reports.flatMap((each) => (each.kind === 'progress' ? [batchCountsIn(each.message)] : []));
    expect(messages.at(-1)).toEqual({ total: 420, completed: 420, failed: 0 });
    expect([...files.files.values()]).toMatchObject([{ purpose: 'batch_output', lines: 420 }]);
  });

  it('puts lines that are no requests, and requests that fail, into the error file with their numbers', async () => {
    const { answers, errors, output } = await batchOf([
      chat('a', 'one'),
      'torn',
      '',
      { ...chat('b', 'two'), url: '/v1/embeddings' },
      chat('c', 'three', { tools: [] }),
      chat('d', 'deny'),
      { custom_id: 'e', method: 'GET', url: '/v1/chat/completions', body: {} },
      chat('f', 'x'.repeat(70_000)),
      { method: 'POST' },
    ]);
    expect(answers.map(({ custom_id: id }) => id)).toEqual(['a']);
    expect(output).toMatchObject({ completed: 1, failed: 7 });
    expect(errors.map(({ custom_id: id, response, error }) => [id, response, error])).toEqual([
      [null, null, { code: 'BATCH_LINE_INVALID', message: expect.any(String) as string, line: 2 }],
      ...[
        ['b', 4, 'url: expected /v1/chat/completions, the endpoint of the batch'],
        ['c', 5, 'body: Unrecognized key: "tools"'],
      ].map(([id, line, message]) => [id, null, { code: 'BATCH_LINE_INVALID', message, line }]),
      ['d', null, { code: 'POLICY_DENIED', message: 'no', line: 6 }],
      ['e', null, { code: 'BATCH_LINE_INVALID', message: expect.stringMatching(/^method: /) as string, line: 7 }],
      ['f', null, { code: 'JOB_INPUT_TOO_LARGE', message: expect.any(String) as string, line: 8 }],
      [null, null, { code: 'BATCH_LINE_INVALID', message: expect.any(String) as string, line: 9 }],
    ]);
  });

  it('shows a model the earlier messages, and how the answer is sampled', async () => {
    const files = new MemoryFiles();
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    ];
    const body = { model: 'small', messages, max_completion_tokens: 9, temperature: 0, seed: 4, stop: '.' };
    const form = { type: 'json_schema', json_schema: { name: 'a', schema: {}, description: 'A thing' } };
    const content = files.add(JSON.stringify({ ...chat('a', ''), body: { ...body, response_format: form } }));
    const part = { content, endpoint: '/v1/chat/completions', from: 0, to: content.bytes, line: 1 };
    const test = new TestJob(inferenceBatch(files), { part });
    await test.run();
    expect([...test.waits.values()].map(({ request }) => JSON.parse(request ?? '') as unknown)).toEqual([
      {
        ...{ prompt: 'Hello', model: 'small', max_tokens: 9, earlier: [{ role: 'system', content: 'Be brief.' }] },
        sampling: {
          ...{ temperature: 0, seed: 4, stop: ['.'] },
          response_format: { kind: 'json_schema', name: 'a', schema: '{}', description: 'A thing' },
        },
      },
    ]);
  });

  it('computes embeddings, in both encodings', async () => {
    const embed = (id: string, more: object) => ({
      ...{ custom_id: id, method: 'POST', url: '/v1/embeddings', body: { model: 'default', ...more } },
    });
    const lines = [embed('a', { input: 'x' }), embed('b', { input: ['x', 'y'], encoding_format: 'base64' })];
    const { answers } = await batchOf(lines, { endpoint: '/v1/embeddings' });
    const packed = Buffer.from(new Float32Array([0.5, -1]).buffer).toString('base64');
    expect(answers.map(({ response }) => (response as { body: { data: unknown } }).body.data)).toEqual([
      [{ object: 'embedding', index: 0, embedding: [0.5, -1] }],
      [0, 1].map((index) => ({ object: 'embedding', index, embedding: packed })),
    ]);
  });

  it.each([
    [
      'a custom_id that comes twice',
      [chat('a', 'x'), chat('b', 'x'), chat('a', 'y')],
      'line 3 has the custom_id of line 1',
    ],
    ['no request', ['', ' '], 'the file has no requests'],
  ])('fails whole for %s', async (_, lines, detail) => {
    const { end } = await batchOf(lines);
    expect(end).toMatchObject({ outcome: 'failed', code: 'BATCH_INVALID', detail, retryable: false });
  });

  it('fails whole for a content that is not that of its digest', async () => {
    const files = new MemoryFiles();
    const content = files.add(JSON.stringify(chat('a', 'x')));
    files.contents.set(content.digest, Buffer.from(JSON.stringify(chat('b', 'y'))));
    const batch = { file: { ...content, file_id: 'f', lines: 1 }, endpoint: '/v1/chat/completions' };
    const end = await new TestJob(inferenceBatch(files), { batch }).run();
    expect(end).toMatchObject({ outcome: 'failed', code: 'FILE_DAMAGED' });
  });
});

describe('a batch that is cancelled', () => {
  const lines = Array.from({ length: 510 }, (_, n) => (n === 3 ? chat('r3', 'deny') : chat(`r${n}`, `say ${n}`)));

  it('ends the parts that run, and has their answers; the requests that were not asked are in the error file', async () => {
    const { output, answers, errors, atOnce, test } = await batchOf(lines, { cancelAfter: 0 });
    expect(atOnce).toEqual([4]);
    expect(output).toMatchObject({ completed: 199, failed: 1, cancelled: 310 });
    expect(answers.map(({ custom_id: id }) => id)).toEqual(
      lines.slice(0, 200).flatMap(({ custom_id: id }) => (id === 'r3' ? [] : [id])),
    );
    expect(errors[0]).toMatchObject({ custom_id: 'r3', error: { code: 'POLICY_DENIED', line: 4 } });
    expect(errors.slice(1).map(({ custom_id, response, error }) => [custom_id, response, error])).toEqual(
      lines
        .slice(200)
        .map(({ custom_id: id }, at) => [
          ...[id, null],
          { code: 'batch_cancelled', message: expect.any(String) as string, line: 201 + at },
        ]),
    );
    // A run over the whole journal has the same result, and begins nothing.
    const again = await test.run();
    expect(JSON.parse(again.output ?? '')).toEqual(output);
  });

  it('asks for no part after the signal; with all parts asked, it is cancelled with all answers', async () => {
    const early = await batchOf(lines, { cancelAfter: 1 });
    expect(early.atOnce).toEqual([4, 1]);
    expect(early.output).toMatchObject({ completed: 249, failed: 1, cancelled: 260 });
    const late = await batchOf(lines, { cancelAfter: 10 });
    expect(late.output).toMatchObject({ completed: 509, failed: 1, cancelled: 0 });
  });

  it('keeps lines of blank text out, and requests without an id', async () => {
    const many = [...Array.from({ length: 250 }, (_, n) => chat(`r${n}`, 'x')), '', 'torn'];
    const { errors, output } = await batchOf(many, { cancelAfter: 0 });
    expect(output).toMatchObject({ completed: 200, failed: 0, cancelled: 51 });
    expect(errors.at(-1)).toMatchObject({ custom_id: null, error: { code: 'batch_cancelled', line: 252 } });
  });

  it('goes on to its end when its journal is one of before: the code does not look for the signal', async () => {
    // The first run was one of the code of before: it recorded no change, and waited for no signal.
    const before = (test: TestJob): void => {
      test.entries = test.entries.filter(({ kind }) => kind !== 'patch');
      test.waits.delete('/batch.cancel/1');
    };
    const { output } = await batchOf(lines, { onRun: before });
    expect(output).toMatchObject({ completed: 509, failed: 1 });
    expect(output).not.toHaveProperty('cancelled');
  });
});
