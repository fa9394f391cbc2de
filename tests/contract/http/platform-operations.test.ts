import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allTopics } from '../../../schemas/topics.ts';
import { type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

interface ActivityJson {
  readonly watched_ms: number;
  readonly topics: readonly { readonly name: string; readonly offsets: number; readonly offsets_per_second: number }[];
  readonly readers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly lag: number;
    readonly processes: readonly {
      readonly started_at: string | null;
      readonly restarts: number | null;
      readonly partitions: readonly number[];
    }[];
  }[];
}
interface LettersJson {
  readonly items: readonly {
    readonly name: string;
    readonly code: string;
    readonly processor: string;
    readonly key: string | null;
    readonly from: { readonly topic: string };
    readonly outcome: { readonly verb: string; readonly by: string } | null;
  }[];
}

let platform: Harness;
let reader: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  reader = await platform.clientWith('demo', ['operations:read']);
});
afterAll(() => platform.close());

describe('the topology', () => {
  test('has every topic, and each reader and writer of it', async () => {
    const { status, body } = await reader.call<{
      topics: { name: string }[];
      readers: { name: string; kind: string; topology: string | null; reads: string[]; writes: string[] }[];
    }>('GET', '/v1/topology');
    expect(status).toBe(200);
    expect(body.topics.map(({ name }) => name)).toEqual(allTopics.map(({ name }) => name));
    const policy = body.readers.find(({ name }) => name === 'policy');
    expect(policy).toMatchObject({ kind: 'processor', topology: 'core' });
    expect(policy?.reads).toContain('sessions.commands');
    expect(policy?.writes).toContain('policy.decisions');
    expect(body.readers.find(({ name }) => name === 'gateway')?.writes).toContain('sessions.commands');
    expect(new Set(body.readers.map(({ kind }) => kind))).toEqual(
      new Set(['gateway', 'processor', 'worker', 'observer', 'view']),
    );
    const known = new Set(allTopics.map(({ name }) => name));
    for (const { name, reads, writes } of body.readers)
      expect([name, [...reads, ...writes].filter((topic) => !known.has(topic))]).toEqual([name, []]);
  });

  test('takes operations:read', async () => {
    for (const path of ['/v1/topology', '/v1/topology/activity', '/v1/dead-letters'])
      expect((await platform.acme.call<ProblemJson>('GET', path)).body.code).toBe('CAPABILITY_MISSING');
  });
});

describe('the activity', () => {
  test('counts what happens in the topics, and shows readers at rest without a lag', async () => {
    const activity = async () => (await reader.call<ActivityJson>('GET', '/v1/topology/activity')).body;
    const [one, same] = await Promise.all([activity(), activity()]);
    expect(same).toEqual(one);
    for (let n = 0; n < 5; n += 1) await platform.api.start({ persona: 'guide' });
    const busy = await until(activity, ({ topics }) => topics.some((each) => each.offsets_per_second > 0));
    const started = busy.topics.find(({ name }) => name === 'sessions.commands');
    expect(started?.offsets).toBeGreaterThanOrEqual(5);
    expect(busy.watched_ms).toBeGreaterThanOrEqual(1_000);
    const rested = await until(activity, ({ readers }) =>
      readers.filter(({ kind }) => kind !== 'observer').every(({ lag }) => lag === 0),
    );
    expect(rested.readers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['core', 'audit', 'slm', 'sessions']),
    );
    const core = rested.readers.find(({ name }) => name === 'core');
    const [process] = core?.processes ?? [];
    expect(core?.processes).toHaveLength(1);
    expect(Date.parse(process?.started_at ?? '')).toBeLessThanOrEqual(Date.now());
    expect(process).toMatchObject({ restarts: 0, partitions: [0, 1, 2, 3] });
    expect(rested.readers.filter(({ kind }) => kind === 'view').flatMap(({ processes }) => processes)).toEqual([]);
  });
});

describe('dead letters', () => {
  const letters = async (query = '') =>
    (await reader.call<LettersJson>('GET', `/v1/dead-letters${query}`)).body.items ?? [];

  test('are listed with their cause, redriven once, and noted with who did it', async () => {
    expect(await letters()).toEqual([]);
    const appender = await platform.log.appender();
    const headers = { ce_id: '0a1b2c3d-0000-4000-8000-000000000000' };
    const poison = { topic: 'kill-switch.commands', partition: 0, key: 'global', value: Buffer.from('no avro') };
    await appender.append([{ ...poison, headers }]);
    await appender.close();
    const found = await until(letters, (items) => items.length > 0);
    expect(found).toMatchObject([
      { processor: 'kill-switch', key: 'global', from: { topic: 'kill-switch.commands' }, outcome: null },
    ]);
    const names = found.map(({ name }) => name);
    const refused = await reader.call<ProblemJson>('POST', '/v1/dead-letters/redrive', { body: { names } });
    expect(refused.body.code).toBe('CAPABILITY_MISSING');
    const operator = await platform.clientWith('demo', ['operations:*']);
    const unknown = await operator.call('POST', '/v1/dead-letters/drop', { body: { names: ['x.dlq/0/1'] } });
    expect(unknown).toMatchObject({ status: 200, body: { verb: 'drop', settled: [], parked: [] } });
    const dropped = await operator.call('POST', '/v1/dead-letters/drop', { body: { names } });
    expect(dropped).toMatchObject({ status: 200, body: { verb: 'drop', settled: names } });
    expect(await until(letters, (items) => items.length === 0)).toEqual([]);
    const settled = await letters('?all=true');
    expect(settled).toMatchObject([{ outcome: { verb: 'dropped', by: expect.stringMatching(/^api_key:/) } }]);
    const again = await operator.call('POST', '/v1/dead-letters/drop', { body: { names } });
    expect(again).toMatchObject({ status: 200, body: { settled: [] } });
  });
});
