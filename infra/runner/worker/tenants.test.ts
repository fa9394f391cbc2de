import { describe, expect, it } from 'vitest';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { open, sleep } from '../testing/worker-bench.ts';

/** Handlers that wait until released, with the keys at work by tenant. */
function gated() {
  const atWork = new Map<string, number>();
  const most = new Map<string, number>();
  const gates: (() => void)[] = [];
  const work = async (_key: string, _prompt: string, { meta }: { meta: { tenantId: string } }): Promise<void> => {
    const now = (atWork.get(meta.tenantId) ?? 0) + 1;
    atWork.set(meta.tenantId, now);
    most.set(meta.tenantId, Math.max(most.get(meta.tenantId) ?? 0, now));
    await new Promise<void>((resolve) => gates.push(resolve));
    atWork.set(meta.tenantId, (atWork.get(meta.tenantId) ?? 0) - 1);
  };
  const letGo = async (until: () => Promise<void>): Promise<void> => {
    const timer = setInterval(() => gates.splice(0).forEach((open) => void open()), 2);
    await until().finally(() => clearInterval(timer));
  };
  return { atWork, most, gates, work, letGo };
}
const many = (tenant: string, count: number) =>
  numbered(count).map((key) => [`${tenant} ${key}`, 'x', tenant] as const);

describe('tenants of a worker', () => {
  it('have keys at work up to the bound per tenant, while others may begin', async () => {
    const { start, send, settled } = await open(1, { concurrencyMax: 10, tenantConcurrencyMax: 4 });
    const { atWork, most, work, letGo } = gated();
    const runner = start(work);
    await send(...many('greedy', 50));
    await eventually(() => expect(atWork.get('greedy')).toBe(4));
    await send(...many('modest', 2));
    await eventually(() => expect(atWork.get('modest')).toBe(2));
    expect(atWork.get('greedy')).toBe(4);
    await letGo(settled);
    await runner.close();
    expect([most.get('greedy'), most.get('modest')]).toEqual([4, 2]);
  });

  it('begin beside one with thousands of records that wait before theirs', async () => {
    const { start, send, settled } = await open(1, { concurrencyMax: 10, tenantConcurrencyMax: 4 });
    const { atWork, work, letGo } = gated();
    await send(...many('greedy', 3_000));
    await send(...many('modest', 2));
    const runner = start(work);
    await eventually(() => expect(atWork.get('modest')).toBe(2));
    expect(atWork.get('greedy')).toBe(4);
    await letGo(settled);
    await runner.close();
  });
});

describe('a hot key', () => {
  it('does not stop reading: other keys continue while its first record runs', async () => {
    const { start, send, settled, answers } = await open(1);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const runner = start((key) => (key === 'hot' ? held : Promise.resolve()));
    await send(...numbered(5_000).map((prompt) => ['hot', prompt] as const));
    const others = numbered(50).map((key) => `key ${key}`);
    await send(...others.map((key) => [key, '0'] as const));
    await eventually(async () => expect([...(await answers(...others)).values()]).toEqual(others.map(() => ['1:0'])));
    expect((await answers('hot')).get('hot')).toEqual([]);
    go();
    await settled();
    await runner.close();
    expect((await answers('hot')).get('hot')).toEqual(numbered(5_000).map((prompt) => `1:${prompt}`));
  });

  it('pauses the partition when many keys wait, and reading resumes when half of them are done', async () => {
    const { log, names, start, send, settled, runs } = await open(1, {
      concurrencyMax: 100,
      tenantConcurrencyMax: 100,
    });
    const { work, letGo } = gated();
    const runner = start(work);
    const fetched: number[] = [];
    const fetch = log.fetch.bind(log);
    log.fetch = (topic, partition, from, end) => {
      if (topic === names.input.name) fetched.push(from);
      return fetch(topic, partition, from, end);
    };
    for (let round = 0; round < 5; round += 1) await send(...many(`round ${round}`, 600));
    await sleep(50);
    expect(fetched.filter((from) => from >= 1_800)).toEqual([]);
    await letGo(settled);
    await runner.close();
    expect(new Set(runs).size).toBe(3_000);
  });
});
