import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishConstitution } from '../../../infra/bin/setup/constitution.ts';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { signConstitution } from '../../../infra/governance/constitution/signing.ts';
import { newSigner } from '../../../infra/governance/constitution/testing.ts';
import { metaOf } from '../../../infra/kafka/envelope.ts';
import { constitutionSigner } from '../../../infra/security/load-keys.ts';
import { topics } from '../../../schemas/topics.ts';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { readSse } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

interface Decided {
  readonly kind: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly reasons: readonly string[];
  readonly recorded_outcome: string;
  readonly step: { readonly name: string } | null;
}

/** A job, or a problem. */
interface JobJson extends ProblemJson {
  readonly job_id: string;
  readonly status: never;
  readonly simulated: boolean;
  readonly constitution_digest: string | null;
  readonly simulation: {
    readonly constitution_version: string;
    readonly source_id: string;
    readonly decisions: number;
    readonly differences: readonly Decided[];
  } | null;
  readonly result: { readonly completed: number; readonly failed: number };
  readonly items: readonly JobJson[];
  readonly differences: readonly Decided[];
  readonly job_code: string;
}

const STRICT = '7.0.0';
let platform: Harness;
let digest: string;
beforeAll(async () => {
  platform = await startHarness();
  const signer = constitutionSigner(platform.config);
  const publish = (document: typeof defaultConstitution, by = signer) =>
    publishConstitution(platform.log, platform.decoder, signConstitution(document, by), Date.now());
  await publish({ ...defaultConstitution, version: STRICT, models: ['another'] });
  await publish({ ...defaultConstitution, version: '7.0.1-forged' }, newSigner('eve'));
  // A publication at setup activates: the one of before is in force again.
  await publish(defaultConstitution);
  const found = await until(
    () => platform.api.call<{ readonly digest: string; readonly status: string }>('GET', `/v1/constitutions/${STRICT}`),
    ({ status }) => status === 200,
  );
  digest = found.body.digest;
  await until(
    () => platform.api.call<{ items: { type: string }[] }>('GET', '/v1/job-types'),
    ({ body }) => body.items.some(({ type }) => type === 'inference.batch'),
  );
});
afterAll(() => platform.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  platform.api.call<JobJson>('GET', path, { headers });
const post = (path: string, body: object = {}, client = platform.api) => client.call<JobJson>('POST', path, { body });
const codeOf = ({ status, body }: ApiAnswer<JobJson>) => [status, body.code];
const fork = (jobId: string, body: object, client?: ApiClient) =>
  post(`/v1/jobs/${jobId}/fork`, { from_step: null, ...body }, client);
const resultOf = (jobId: string) => get(`/v1/jobs/${jobId}/result`, { prefer: 'wait=30' });
const becomes = (jobId: string, status: string) =>
  until(
    () => get(`/v1/jobs/${jobId}`),
    ({ body }) => (body.status as string) === status,
  );
/** Starts a job that asks a model twice. Resolves with its id when it has ended. */
async function ended(): Promise<string> {
  const input = { prompts: ['What is a khipu?', 'Who reads one?'], model: 'small' };
  const { body } = await post('/v1/jobs/start', { type: 'inference.batch', input });
  expect((await resultOf(body.job_id)).body.result).toMatchObject({ completed: 2, failed: 0 });
  return body.job_id;
}
const requestsToModels = () =>
  platform.log.partitionsOf(topics.slmRequests.name).reduce((sum, { entries }) => sum + entries.length, 0);

describe('a fork under another constitution', () => {
  test('that forbids the model is refused there, as for real, and no model is asked', async () => {
    const source = await ended();
    const before = requestsToModels();
    const { status, body } = await fork(source, { constitution: STRICT });
    expect([status, body.simulated, body.constitution_digest]).toEqual([201, true, digest]);
    const result = await resultOf(body.job_id);
    expect(result.body).toMatchObject({
      ...{ simulated: true, constitution_digest: digest, result: { completed: 0, failed: 2 } },
      differences: [0, 1].map(() => ({
        ...{ kind: 'model', outcome: 'deny', code: 'POLICY_DENIED', recorded_outcome: 'allow' },
        reasons: expect.arrayContaining(['MODEL_NOT_ALLOWED']) as string[],
      })),
    });
    const job = (await becomes(body.job_id, 'completed')).body;
    expect(job).toMatchObject({
      ...{ simulated: true, constitution_digest: digest, forked_from: { job_id: source, step: null } },
      simulation: { constitution_version: STRICT, source_id: source, decisions: 3 },
    });
    expect(job.simulation?.differences.length).toBe(2);
    const listed = (await get('/v1/jobs?limit=200')).body.items;
    expect(listed.find(({ job_id: id }) => id === body.job_id)).toMatchObject({ simulated: true });
    expect(listed.find(({ job_id: id }) => id === source)).toMatchObject({
      simulated: false,
      constitution_digest: null,
    });
    expect(requestsToModels()).toBe(before);
  });

  test('that allows the same is answered from the record, also when it is named by its digest', async () => {
    const source = await ended();
    const before = requestsToModels();
    const active = await platform.api.call<{ digest: string }>('GET', '/v1/constitutions/1.3.0');
    const { body } = await fork(source, { constitution: active.body.digest });
    expect((await resultOf(body.job_id)).body).toMatchObject({ result: { completed: 2, failed: 0 }, differences: [] });
    await becomes(body.job_id, 'completed');
    const steps = async (id: string) =>
      (
        await platform.api.call<{ items: { name: string; output: unknown }[] }>('GET', `/v1/jobs/${id}/steps`)
      ).body.items
        .filter(({ output }) => output !== null)
        .map(({ output }) => JSON.stringify(output))
        .sort();
    expect(await steps(body.job_id)).toEqual(await steps(source));
    expect(requestsToModels()).toBe(before);
  });

  test('says in each of its events and records that it is simulated', async () => {
    const source = await ended();
    const { body } = await fork(source, { constitution: STRICT });
    const events = await readSse(`${platform.url}/v1/jobs/${body.job_id}/events`, { token: platform.api.apiKey });
    expect(events.map(({ event }) => event)).toContain('job.simulation_decided');
    for (const { data } of events) expect(data).toMatchObject({ simulated: true, constitution_digest: digest });
    const own = await readSse(`${platform.url}/v1/jobs/${source}/events`, { token: platform.api.apiKey });
    for (const { data } of own) expect(data).not.toHaveProperty('simulated');
    const records = [topics.jobsEvents, topics.jobsEntries, topics.jobsWork, topics.policySimulations]
      .flatMap(({ name }) => platform.log.partitionsOf(name).flatMap(({ entries }) => entries))
      .flatMap((entry) => (entry === null ? [] : [metaOf(entry)]))
      .filter(({ key }) => key.startsWith(body.job_id));
    expect(records.length).toBeGreaterThan(10);
    expect(new Set(records.map(({ simulation }) => simulation))).toEqual(new Set([digest]));
  });

  test('of a simulated job is simulated, from the record of the first', async () => {
    const source = await ended();
    const first = (await fork(source, { constitution: STRICT })).body.job_id;
    await resultOf(first);
    const again = await fork(first, {});
    expect(again.body).toMatchObject({ simulated: true, constitution_digest: digest });
    expect((await resultOf(again.body.job_id)).body.result).toMatchObject({ completed: 0, failed: 2 });
    const other = await fork(first, { constitution: '1.3.0' });
    expect((await resultOf(other.body.job_id)).body.result).toMatchObject({ completed: 2, failed: 0 });
    expect((await get(`/v1/jobs/${other.body.job_id}`)).body.simulation).toMatchObject({ source_id: source });
  });

  test('diverges where the code asks for what the record does not have', async () => {
    const input = { prompts: ['One?', 'Two?', 'Three?'] };
    const { body } = await fork(await ended(), { constitution: '1.3.0', input });
    const { status, body: problem } = await resultOf(body.job_id);
    expect([status, problem.code, problem.job_code]).toEqual([409, 'JOB_FAILED', 'SIMULATION_DIVERGED']);
    expect(problem).toMatchObject({ simulated: true, detail: expect.stringContaining('model') as string });
  });

  test('takes no signal, and is cancelled and retried like any job', async () => {
    const input = { prompts: ['One?', 'Two?', 'Three?'] };
    const { body } = await fork(await ended(), { constitution: '1.3.0', input });
    await becomes(body.job_id, 'failed');
    expect((await post(`/v1/jobs/${body.job_id}/retry`)).status).toBe(200);
    await becomes(body.job_id, 'failed');
    const ids = await Promise.all(
      [0, 1].map(async () => (await fork(await ended(), { constitution: STRICT })).body.job_id),
    );
    for (const id of ids) {
      const signalled = await post(`/v1/jobs/${id}/signals/approved`, { payload: 1 });
      expect(['JOB_SIMULATED', 'JOB_ENDED']).toContain(signalled.body.code);
    }
  });
});

describe('a fork under a constitution', () => {
  test('that the log does not have, or has without signatures, is refused', async () => {
    const source = await ended();
    const draft = { ...defaultConstitution, version: '7.1.0-draft' };
    await post('/v1/constitutions', { document: draft });
    for (const constitution of ['9.9.9', 'f'.repeat(64), '7.1.0-draft']) {
      const refused = await fork(source, { constitution });
      expect([...codeOf(refused), refused.body.errors?.[0]?.pointer]).toEqual([
        404,
        'CONSTITUTION_UNKNOWN',
        '#/constitution',
      ]);
    }
    expect((await fork(source, { constitution: '' })).status).toBe(400);
  });

  test('whose signature is forged is refused as everything is under one that cannot be verified', async () => {
    const { body } = await fork(await ended(), { constitution: '7.0.1-forged' });
    const { body: problem } = await resultOf(body.job_id);
    expect([problem.code, problem.job_code]).toEqual(['JOB_FAILED', 'POLICY_DENIED']);
    expect((await get(`/v1/jobs/${body.job_id}`)).body.simulation?.differences).toMatchObject([
      { kind: 'start', step: null, reasons: expect.arrayContaining(['CONSTITUTION_UNVERIFIED']) as string[] },
    ]);
  });

  test('takes the capability to try one, beside that of a start; a job of another tenant does not exist', async () => {
    const source = await ended();
    const weak = await platform.clientWith('demo', ['jobs:*']);
    const refused = await fork(source, { constitution: STRICT }, weak);
    expect(codeOf(refused)).toEqual([403, 'POLICY_DENIED']);
    expect(JSON.stringify(refused.body)).toContain('constitution:try');
    const able = await platform.clientWith('demo', ['jobs:*', 'constitution:try', 'slm:invoke:*']);
    expect((await fork(source, { constitution: STRICT }, able)).status).toBe(201);
    const foreign = await platform.clientWith('acme', ['jobs:*', 'constitution:try']);
    for (const id of [source, randomUUID()])
      expect(codeOf(await fork(id, { constitution: STRICT }, foreign))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });
});
