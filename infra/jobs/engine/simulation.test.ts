import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOfFork } from '../../../schemas/contexts/jobs.ts';
import type { JobEntry } from '../../../schemas/generated/records.ts';
import type { JobContext } from '../sdk/context.ts';
import { derivedRandom } from './keys.ts';
import { perform, program } from './program-testing.ts';
import { doing, JOB_ID, TestJob } from './testing.ts';

const effects: string[] = [];
const did = <T>(what: string, value: T): T => {
  effects.push(what);
  return value;
};

/** Runs a job to its end, and returns its results in the order in which they were kept. */
async function recordOf(run: (ctx: JobContext) => Promise<unknown>): Promise<readonly JobEntry[]> {
  const source = new TestJob(doing(run));
  await source.complete();
  effects.length = 0;
  return source.entries.filter(({ outcome }) => outcome !== 'attempted');
}

/** Returns a simulated job that takes the first `cut` results of a record, and is answered from the others. */
function simulated(run: (ctx: JobContext) => Promise<unknown>, record: readonly JobEntry[], cut = 0): TestJob {
  const test = new TestJob(doing(run));
  test.entries = [...entriesOfFork(record.slice(0, cut))];
  test.simulation = { sourceId: JOB_ID, record: record.slice(cut) };
  return test;
}

const order = async (ctx: JobContext) => {
  const loaded = await ctx.step('load', () => did('load', 7));
  const { text } = (await ctx.model({ prompt: `${loaded}` })) ?? { text: 'none' };
  await ctx.sleep(86_400_000);
  return ctx.step('send', () => did('send', `sent ${loaded} ${text}`));
};

describe('a simulated job', () => {
  it('calls no function of a step: each takes its recorded result', async () => {
    const record = await recordOf(order);
    for (let cut = 0; cut <= record.length; cut += 1) {
      const { outcome, output } = await simulated(order, record, cut).simulate();
      expect([outcome, output, effects]).toEqual(['completed', '"sent 7 none"', []]);
    }
  });

  it('reports what it waits for together with what the record has of it', async () => {
    const record = await recordOf(order);
    const test = simulated(order, record, 1);
    expect((await test.run()).outcome).toBe('waiting');
    expect([...test.waits.values()]).toMatchObject([
      { kind: 'model', recorded: { name: 'model', outcome: 'completed' } },
    ]);
  });

  it('has the recorded failure of a step', async () => {
    const failing = async (ctx: JobContext) => {
      try {
        return await ctx.step('pay', () => Promise.reject(new Error('no money')), { retry: { attempts: 1 } });
      } catch (error) {
        return (error as Error).message;
      }
    };
    const record = await recordOf(failing);
    expect(await simulated(failing, record).simulate()).toMatchObject({ outcome: 'completed', output: '"no money"' });
  });

  it('ends where the record has no result, and names the step', async () => {
    const record = await recordOf(order);
    const more = async (ctx: JobContext) => `${await order(ctx)} ${await ctx.step('log', () => did('log', 1))}`;
    expect(await simulated(more, record).simulate()).toMatchObject({
      ...{ outcome: 'failed', code: 'SIMULATION_DIVERGED', retryable: false },
      detail: "The code asks for step 'log', of which the record has no result.",
    });
    const other = async (ctx: JobContext) => ctx.sleep(1, { name: 'load' });
    expect((await simulated(other, record).simulate()).detail).toBe(
      "The code asks for sleep 'load', of which the record has no result; it has step 'load'.",
    );
    expect(effects).toEqual([]);
  });

  it('goes on without what the record lacks when the code does, as the winner of a race did', async () => {
    const race = async (ctx: JobContext) =>
      ctx.all([
        (b) =>
          Promise.race([
            b.step('fast', () => 'fast'),
            b.signal('never'),
            b.model({ prompt: 'slow' }).then(() => 'slow'),
          ]),
      ]);
    const source = new TestJob(doing(race));
    expect(await source.run()).toMatchObject({ output: '["fast"]' });
    expect(await simulated(race, source.entries).simulate()).toMatchObject({ output: '["fast"]' });
  });

  it('has the time and the chance of the record, and takes the old way behind a change', async () => {
    const values = async (ctx: JobContext) => {
      const [now, random, isNew] = [ctx.now().getTime(), ctx.random(), ctx.patched('new')];
      await ctx.step('a', () => 1);
      return [now, random, isNew, ctx.idempotencyKey];
    };
    const old = async (ctx: JobContext) => {
      ctx.now();
      return ctx.step('a', () => 1);
    };
    const record = await recordOf(old);
    const test = simulated(values, record);
    test.simulation = { sourceId: '22222222-2222-4222-8222-222222222222', record };
    const { output } = await test.simulate();
    const recordedNow = Number(record.find(({ kind }) => kind === 'now')?.output);
    expect(JSON.parse(output ?? '')).toEqual([
      ...[recordedNow, derivedRandom(test.simulation.sourceId, '/random/1'), false, expect.any(String)],
    ]);
    const [a, b] = await Promise.all(
      [JOB_ID, test.simulation.sourceId].map(async (sourceId) => {
        const each = simulated(values, record);
        each.simulation = { sourceId, record };
        return (await each.simulate()).output;
      }),
    );
    expect(a).not.toBe(b);
  });

  it('has a recorded result above 64 KiB whole', async () => {
    const large = async (ctx: JobContext) => (await ctx.step('load', () => did('load', 'x'.repeat(100_000)))).length;
    const source = new TestJob(doing(large));
    await source.complete();
    effects.length = 0;
    const test = simulated(large, source.entries);
    for (const [digest, content] of source.files.contents) test.files.contents.set(digest, content);
    expect(await test.simulate()).toMatchObject({ outcome: 'completed', output: '100000' });
    expect(effects).toEqual([]);
  });

  it('stops between two steps when it is asked to', async () => {
    const record = await recordOf(order);
    const stop = new AbortController();
    stop.abort();
    expect((await simulated(order, record).run({ stop: stop.signal })).outcome).toBe('stopped');
  });
});

/** Returns JSON without times: the last run of a job does not record them. */
const withoutTimes = (json: string | null) => json?.replaceAll(/\d{13}/g, 'now');

describe('any program of steps, waits, branches and races', () => {
  it('is simulated to the end of its record, with the same result and winners, and without an effect', async () => {
    const ends = fc.infiniteStream(fc.nat(7));
    await fc.assert(
      fc.asyncProperty(program, ends, fc.nat(), async (what, stream, cut) => {
        const attempts: string[] = [];
        const code = (ctx: JobContext) => perform(ctx, '', what, (key) => attempts.push(key));
        const source = new TestJob(doing(code));
        const next = stream[Symbol.iterator]();
        let end = await source.run();
        for (let runs = 0; end.outcome === 'waiting'; runs += 1) {
          expect(runs).toBeLessThan(200);
          for (const key of [...source.waits.keys()]) if ((next.next().value ?? 0) < 3) source.resolve(key, key);
          end = await source.run();
        }
        attempts.length = 0;
        const record = source.entries.filter(({ outcome }) => outcome !== 'attempted');
        const again = await simulated(code, record).simulate();
        expect([again.outcome, withoutTimes(again.output)]).toEqual(['completed', withoutTimes(end.output)]);
        // From a step: a race may have another winner there, as in any fork. No step is run then, either.
        const forked = await simulated(code, record, cut % (record.length + 1)).simulate();
        expect(['completed', 'failed', 'waiting']).toContain(forked.outcome);
        expect(forked.code ?? 'SIMULATION_DIVERGED').toBe('SIMULATION_DIVERGED');
        expect(attempts).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
