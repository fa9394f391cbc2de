import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { forkJob, signalJob } from '../../../schemas/generated/records.ts';
import { decisionOn } from '../../../streams/testing.ts';
import type { JobContext } from '../sdk/context.ts';
import type { JobError } from '../sdk/errors.ts';
import { type AnyJob, job } from '../sdk/job.ts';
import { eventually, openJobsLog } from './testing.ts';

const declared = (name: string, run: (ctx: JobContext, input: never) => Promise<unknown>, version = 1): AnyJob =>
  job({ name, version, title: 'A test', input: z.unknown(), output: z.unknown(), run: run as never });

describe('a job on the log', () => {
  it('runs its steps and completes', async () => {
    const { work, start, event, recordsOf } = await openJobsLog();
    await work(
      'mine',
      declared('greet', async (ctx, name: string) => {
        ctx.progress(50, 'half');
        const words = await ctx.all([(b) => b.step('a', () => 'Hello'), (b) => b.step('b', () => name)]);
        return words.join(' ');
      }),
    );
    const jobId = await start('greet', 'Inti');
    expect((await event(jobId, 'JobCompleted')).data.output).toBe('"Hello Inti"');
    expect((await recordsOf('JobEntryKept')).map(({ entry }) => [entry.path, entry.name, entry.output])).toEqual([
      ['0/1', 'a', '"Hello"'],
      ['1/1', 'b', '"Inti"'],
    ]);
    expect(await recordsOf('JobProgressed')).toMatchObject([{ percent: 50, message: 'half' }]);
  });

  it('waits for time, a signal and a child, and each step runs once', async () => {
    const { work, start, event, append } = await openJobsLog();
    const effects: string[] = [];
    const once = (ctx: JobContext, name: string) => ctx.step(name, () => effects.push(name));
    await work(
      'mine',
      declared('parent', async (ctx) => {
        await once(ctx, 'before');
        await ctx.sleep(20);
        await once(ctx, 'slept');
        const by = await ctx.signal<string>('approved');
        await once(ctx, 'approved');
        const [sum, refused] = await ctx.all([
          (b) => b.child('sum', [1, 2]),
          (b) => b.child('unknown', null).catch((error: JobError) => error.code),
        ]);
        await once(ctx, 'summed');
        return { by, sum, refused };
      }),
      declared('sum', async (ctx, numbers: readonly number[]) =>
        ctx.step('add', () => {
          effects.push('add');
          return numbers.reduce((a, b) => a + b, 0);
        }),
      ),
    );
    const jobId = await start('parent', null);
    await eventually(() => (effects.includes('slept') ? true : undefined));
    const signal = signalJob({
      ...{
        jobId,
        principal: 'key-1',
        capabilities: ['*'],
        credential: null,
        name: 'approved',
        payload: '"Inti"',
        labels: [],
      },
    });
    await append(decisionOn(signal));
    const { data } = await event(jobId, 'JobCompleted', 'JobFailed', 'JobSuspended');
    expect(data).toMatchObject({ output: '{"by":"Inti","sum":3,"refused":"JOB_TYPE_UNKNOWN"}' });
    expect(effects).toEqual(['before', 'slept', 'approved', 'add', 'summed']);
  });

  it('that is in a cycle of children is refused below sixteen jobs, and each job above learns why', async () => {
    const { work, start, event, recordsOf } = await openJobsLog();
    const starts = (name: string, child: string): AnyJob => {
      const starting = declared(name, (ctx) => ctx.child(child, null));
      return { ...starting, retry: { ...starting.retry, attempts: 1 } };
    };
    await work('mine', starts('left', 'right'), starts('right', 'left'));
    const { data } = await event(await start('left', null), 'JobDead', 'JobFailed', 'JobCompleted');
    expect(data).toMatchObject({ code: 'JOB_DEPTH', detail: expect.stringContaining('16 are allowed') });
    expect((await recordsOf('JobAccepted')).map(({ depth }) => depth).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 17 }, (_, depth) => depth),
    );
    expect(await recordsOf('JobRefused')).toHaveLength(1);
  });

  it('is forked with another input and a newer handler: only the steps behind the fork run', async () => {
    const { work, start, event, append, recordsOf } = await openJobsLog();
    const effects: string[] = [];
    const orders = (version: number): AnyJob =>
      declared(
        'order',
        async (ctx, name: string) => {
          const charge = await ctx.step('charge', () => {
            effects.push(`charge ${name} by ${version}`);
            return `charged ${name}`;
          });
          await ctx.sleep(1);
          return ctx.step('send', () => {
            effects.push(`send ${name} by ${version}`);
            return `${charge}, sent ${name}`;
          });
        },
        version,
      );
    await work('old', orders(1));
    const from = await start('order', 'Inti');
    await event(from, 'JobCompleted');
    await work('new', orders(2));
    const results = (await recordsOf('JobEntryKept')).filter(({ jobId }) => jobId === from).map(({ entry }) => entry);
    const jobId = randomUUID();
    const fork = forkJob({
      ...{ jobId, principal: 'key-1', capabilities: ['*'], credential: null, type: 'order', input: '"Killa"' },
      ...{ lane: 'standard', concurrencyKey: null, tags: [], labels: [], entries: results.slice(0, 2) },
      ...{ simulation: null, recorded: [] },
      forkedFrom: { jobId: from, path: '', name: 'send', nth: 1 },
    });
    effects.length = 0;
    await append(decisionOn(fork));
    expect((await event(jobId, 'JobCompleted', 'JobSuspended')).data).toMatchObject({
      output: '"charged Inti, sent Killa"',
    });
    expect(effects).toEqual(['send Killa by 2']);
  });

  it('goes on when any transaction of its way fails, and no finished step runs again', async () => {
    let failures = 0;
    const again: string[] = [];
    for (let fails = 0; fails < 16; fails += 1) {
      const { work, start, event, at, recordsOf } = await openJobsLog();
      const steps = declared('steps', async (ctx) => {
        for (const name of ['a', 'b', 'c'])
          await ctx.step(name, async () => {
            if ((await recordsOf('RecordJobStep')).some(({ entry }) => entry.name === name)) again.push(name);
          });
        await ctx.sleep(1);
        return ctx.all([(b) => b.step('d', () => 1), (b) => b.step('e', () => 2)]);
      });
      await work('mine', steps);
      let commits = 0;
      at(async (point) => {
        if (point !== 'commit') return;
        commits += 1;
        if (commits !== fails + 1) return;
        failures += 1;
        throw new Error('the process stumbled');
      });
      const jobId = await start('steps', null);
      expect((await event(jobId, 'JobCompleted', 'JobFailed', 'JobSuspended')).data).toMatchObject({ output: '[1,2]' });
    }
    expect([again, failures]).toEqual([[], 16]);
  });
});

describe('a queue', () => {
  it('runs its own jobs only, beside other queues of the same log', async () => {
    const { work, start, event } = await openJobsLog();
    const where = (queue: string) => declared(`in-${queue}`, (ctx) => ctx.step('where', () => queue));
    await Promise.all([work('one', where('one')), work('two', where('two'))]);
    const ids = await Promise.all(['one', 'two', 'one'].map((queue) => start(`in-${queue}`, null)));
    const outputs = await Promise.all(ids.map(async (id) => (await event(id, 'JobCompleted')).data.output));
    expect(outputs).toEqual(['"one"', '"two"', '"one"']);
  });

  it('registers what its jobs take and give, and no older version over a newer one', async () => {
    const { work, recordsOf } = await openJobsLog();
    const report = (version: number) =>
      job({
        ...{ name: 'report', version, title: `Report ${version}`, retry: { attempts: 2 } },
        ...{ input: z.object({ month: z.string().default('may') }), output: z.number().int() },
        run: async () => 1,
      });
    await work('mine', report(2));
    await work('mine', report(1));
    await work('mine', report(2));
    expect((await recordsOf('JobType')).map(({ version }) => version)).toEqual([2]);
    await work('other', report(2));
    await work('other', report(3));
    const types = await recordsOf('JobType');
    expect(types.map(({ version, queue }) => [version, queue])).toEqual([
      [2, 'mine'],
      [2, 'other'],
      [3, 'other'],
    ]);
    expect(types[0]).toMatchObject({
      title: 'Report 2',
      retry: { attemptsMax: 2, firstDelayMs: 1_000, delayMaxMs: 300_000 },
    });
    expect(JSON.parse(types[0]?.inputSchema ?? '')).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...{ type: 'object', properties: { month: { type: 'string', default: 'may' } } },
    });
  });
});
