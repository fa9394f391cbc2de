import { createHash } from 'node:crypto';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filePieceRows } from '../../../projections/files/queries.ts';
import { FILE_PIECE_BYTES, pieceIdOf } from '../../../schemas/contexts/files.ts';
import { type ApiClient, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { openAiOf } from './support/client.ts';

let platform: Harness;
let client: OpenAI;
let other: OpenAI;
beforeAll(async () => {
  platform = await startHarness({ KHIPU_FILE_BYTES_MAX: '3000000' });
  client = openAiOf(platform, platform.api);
  other = openAiOf(platform, await platform.clientWith('acme', ['*']));
});
afterAll(() => platform.close());

const line = (id: string) =>
  JSON.stringify({
    ...{ custom_id: id, method: 'POST', url: '/v1/chat/completions' },
    body: { model: 'default', messages: [{ role: 'user', content: `Describe ${id}.` }] },
  });
const upload = async (content: string | Uint8Array, purpose: OpenAI.FilePurpose = 'batch', name = 'prompts.jsonl') =>
  client.files.create({ file: await toFile(Buffer.from(content), name), purpose });

const refusal = (status: number, code: string, more: object = {}) => ({ status, code, ...more });

describe('a file', () => {
  test('is uploaded, found, listed, read byte for byte, and deleted', async () => {
    const content = `${line('a')}\n${line('b')}\n`;
    const file = await upload(content);
    expect(file).toMatchObject({
      ...{ object: 'file', bytes: content.length, filename: 'prompts.jsonl', purpose: 'batch', status: 'processed' },
    });
    expect(await client.files.retrieve(file.id)).toEqual(file);
    expect((await client.files.list()).data).toContainEqual(file);
    expect(await (await client.files.content(file.id)).text()).toBe(content);
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
    await expect(client.files.content(file.id)).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
    await expect(client.files.delete(file.id)).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
  });

  test('of 2 MB goes to the log in pieces of 512 KiB, and comes back byte for byte', async () => {
    const bytes = Buffer.alloc(2_000_001, 'khipu ');
    bytes.writeUInt32LE(4_294_967_295, FILE_PIECE_BYTES - 2);
    const file = await upload(bytes, 'user_data', 'cords.bin');
    const read = Buffer.from(await (await client.files.content(file.id)).arrayBuffer());
    expect(read.equals(bytes)).toBe(true);
    const again = await upload(bytes, 'user_data', 'again.bin');
    expect(again.id).not.toBe(file.id);
    const { body } = await platform.api.call<{ items: readonly { readonly type: string; readonly data: object }[] }>(
      ...(['GET', `/v1/sessions/${file.id}/events`] as const),
    );
    // The events of a file are in the event store by its id; its pieces are not.
    expect(body.items.map(({ type }) => type)).toEqual(['khipu.policy.PolicyDecided', 'khipu.files.FileCreated']);
    expect(body.items[1]?.data).toMatchObject({ bytes: bytes.length, pieces: 4, lines: null });
    const digest = createHash('sha256').update(bytes).digest('hex');
    const piece = await platform.readModel.row('demo', filePieceRows, pieceIdOf(digest, 3));
    expect(Buffer.from(piece?.bytes ?? '', 'base64')).toEqual(bytes.subarray(3 * FILE_PIECE_BYTES));
  });

  test('without a byte is a file', async () => {
    const file = await upload('', 'user_data', 'nothing.txt');
    expect(file.bytes).toBe(0);
    expect(await (await client.files.content(file.id)).text()).toBe('');
  });

  test('of another tenant does not exist', async () => {
    const { id } = await upload('secret', 'user_data', 'secret.txt');
    await expect(other.files.retrieve(id)).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
    await expect(other.files.content(id)).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
    await expect(other.files.delete(id)).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
    expect((await other.files.list()).data).toEqual([]);
    await expect(
      other.batches.create({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' }),
    ).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
  });

  test('is listed by its purpose, in pages that the client follows', async () => {
    const names = ['one.txt', 'two.txt', 'three.txt'];
    for (const name of names) await upload('x', 'user_data', name);
    const listed: string[] = [];
    for await (const file of client.files.list({ purpose: 'user_data', limit: 2 })) listed.push(file.filename);
    expect(listed.slice(0, 3)).toEqual(names.toReversed());
    expect(listed.length).toBeGreaterThan(3);
    for await (const file of client.files.list({ purpose: 'batch' })) expect(file.purpose).toBe('batch');
  });
});

describe('an upload is refused', () => {
  test.each([
    ['a line that is no JSON', `${line('a')}\n\n{"torn`, 3],
    ['a line that is no object', `${line('a')}\n7\n`, 2],
    ['a line that is too long', `${line('a')}\n"${'x'.repeat(300_000)}"\n`, 2],
    ['no line', '\n\n', 1],
  ])('for a batch with %s, which is named', async (_, content, number) => {
    const error = await upload(content).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(refusal(422, 'FILE_INVALID', { error: { line: number } }));
  });

  test.each([
    ['names no boundary', 'multipart/form-data', '--b\r\n'],
    [
      'ends too early',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbat',
    ],
    ['has a torn header', 'multipart/form-data; boundary=b', '--b\r\n0.0--b--\r\n'],
  ])('for a form that %s', async (_, type, body) => {
    const headers = { authorization: `Bearer ${platform.api.apiKey}`, 'content-type': type };
    const answer = await fetch(`${platform.url}/v1/files`, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'REQUEST_MALFORMED' } }]);
  });

  test('for an unknown purpose, a content that is too large, and what is no multipart', async () => {
    await expect(upload('x', 'vision')).rejects.toMatchObject(
      refusal(422, 'FILE_PURPOSE_UNKNOWN', { param: 'purpose' }),
    );
    await expect(upload(Buffer.alloc(3_000_001), 'user_data')).rejects.toMatchObject(refusal(413, 'FILE_TOO_LARGE'));
    const call = (api: ApiClient, body: unknown) => api.call('POST', '/v1/files', { body });
    expect(await call(platform.api, { purpose: 'batch' })).toMatchObject({
      ...{ status: 415, body: { error: { code: 'MEDIA_TYPE_UNSUPPORTED' } } },
    });
    const form = new FormData();
    form.set('purpose', 'batch');
    expect(await call(platform.api, form)).toMatchObject({
      ...{ status: 400, body: { error: { code: 'REQUEST_INVALID', param: 'file' } } },
    });
  });

  test('without the capability, before its content is read; and by policy', async () => {
    const reader = openAiOf(platform, await platform.clientWith('demo', ['files:read']));
    const file = await toFile(Buffer.from('x'), 'x.txt');
    await expect(reader.files.create({ file, purpose: 'user_data' })).rejects.toMatchObject(
      refusal(403, 'CAPABILITY_MISSING'),
    );
    const forbidden = { file: await toFile(Buffer.from('x'), 'how to build a pipe bomb.txt'), purpose: 'user_data' };
    await expect(client.files.create(forbidden as OpenAI.FileCreateParams)).rejects.toMatchObject(
      refusal(403, 'POLICY_DENIED'),
    );
  });
});

describe('a batch', () => {
  const create = async (more: object = {}) => {
    const { id } = await upload(`${line('a')}\n`);
    return client.batches.create({
      ...{ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h', ...more },
    });
  };

  test('is created with its file, found and listed; one that is held is cancelled at once', async () => {
    const batch = await create({ metadata: { team: 'cords' } });
    expect(batch).toMatchObject({
      ...{ object: 'batch', endpoint: '/v1/chat/completions', completion_window: '24h', errors: null },
      ...{ output_file_id: null, error_file_id: null, metadata: { team: 'cords' } },
      request_counts: { total: 1, completed: 0, failed: 0 },
    });
    expect((batch.expires_at ?? 0) - batch.created_at).toBeGreaterThanOrEqual(86_399);
    expect(await client.batches.retrieve(batch.id)).toMatchObject({ id: batch.id });
    await until(
      async () => (await client.batches.list()).data,
      (listed) => listed.some(({ id }) => id === batch.id),
    );
    await platform.api.call('POST', `/v1/jobs/${batch.id}/pause`, { body: { reason: 'a test' } });
    await until(
      () => platform.api.call('GET', `/v1/jobs/${batch.id}`),
      ({ body }) => body['status'] === 'paused',
    );
    const cancelled = await client.batches.cancel(batch.id);
    expect(cancelled).toMatchObject({ id: batch.id, status: 'cancelled' });
    expect(cancelled.cancelled_at).toBeGreaterThanOrEqual(batch.created_at);
    await expect(client.batches.cancel(batch.id)).rejects.toMatchObject(refusal(409, 'JOB_ENDED'));
  });

  test('that has begun is cancelling until its parts have ended, also when it is cancelled again', async () => {
    const { id } = await create();
    await until(
      () => client.batches.retrieve(id),
      ({ status }) => status === 'in_progress',
    );
    const first = await client.batches.cancel(id);
    expect(first).toMatchObject({ id, status: 'cancelling', cancelled_at: null, output_file_id: null });
    expect(first.cancelling_at).toBeGreaterThanOrEqual(first.created_at);
    expect(await client.batches.cancel(id)).toEqual(first);
    expect(await client.batches.retrieve(id)).toMatchObject({
      status: 'cancelling',
      cancelling_at: first.cancelling_at,
    });
    const { body } = await platform.api.call('GET', `/v1/jobs/${id}`);
    expect(['running', 'waiting']).toContain(body['status']);
  });

  test('is refused for a file that is not for batches, an unknown window, and without the right to start it', async () => {
    const { id } = await upload('x', 'user_data', 'x.txt');
    await expect(create({ input_file_id: id })).rejects.toMatchObject(
      refusal(400, 'REQUEST_INVALID', { param: 'input_file_id' }),
    );
    await expect(create({ completion_window: '1h' })).rejects.toMatchObject(
      refusal(400, 'REQUEST_INVALID', { param: 'completion_window' }),
    );
    await expect(create({ input_file_id: 'file-none' })).rejects.toMatchObject(refusal(404, 'FILE_NOT_FOUND'));
    const { id: input } = await upload(`${line('a')}\n`);
    const reader = openAiOf(platform, await platform.clientWith('demo', ['files:*', 'slm:*']));
    await expect(
      reader.batches.create({ input_file_id: input, endpoint: '/v1/chat/completions', completion_window: '24h' }),
    ).rejects.toMatchObject(refusal(403, 'POLICY_DENIED'));
  });

  test('of another tenant does not exist, nor does a job that is no batch', async () => {
    const { id } = await create();
    await expect(other.batches.retrieve(id)).rejects.toMatchObject(refusal(404, 'RESOURCE_UNKNOWN'));
    await expect(other.batches.cancel(id)).rejects.toMatchObject(refusal(404, 'RESOURCE_UNKNOWN'));
    expect((await other.batches.list()).data).toEqual([]);
    const { body: job } = await platform.api.call('POST', '/v1/jobs/start', {
      body: { type: 'inference.batch', input: { prompts: ['?'] }, run_at: '2030-01-01T00:00:00Z' },
    });
    await expect(client.batches.retrieve(String(job['job_id']))).rejects.toMatchObject(
      refusal(404, 'RESOURCE_UNKNOWN'),
    );
    await client.batches.cancel(id);
  });
});
