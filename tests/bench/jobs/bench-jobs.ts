/** The jobs of the benchmark, run by `khipu run worker`. */
import { appendFileSync } from 'node:fs';
import { job } from 'khipu/jobs';
import { z } from 'zod';

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Three steps that do nothing. Returns the time at which the first began. */
export const three = job({
  ...{ name: 'bench.three', version: 1, title: 'Three steps that do nothing' },
  ...{ input: z.object({}), output: z.object({ first_step_ms: z.number() }) },
  run: async (ctx) => {
    const first = await ctx.step('decide', async () => nowMs());
    for (const name of ['effect', 'charge']) await ctx.step(name, async () => null);
    return { first_step_ms: first };
  },
});

/** Nothing at all. It writes one byte to a file, so that ended jobs are counted without asking the platform. */
export const nothing = job({
  ...{ name: 'bench.nothing', version: 1, title: 'Nothing' },
  ...{ input: z.object({ file: z.string() }), output: z.null() },
  run: async (_ctx, { file }) => {
    appendFileSync(file, '.');
    return null;
  },
});

/** Sleeps until a time. Returns by how much it woke late, in ms. */
export const sleeper = job({
  ...{ name: 'bench.sleeper', version: 1, title: 'Sleeps until a time' },
  ...{ input: z.object({ until_ms: z.number() }), output: z.object({ late_ms: z.number() }) },
  run: async (ctx, { until_ms: untilMs }) => {
    await ctx.sleepUntil(new Date(untilMs));
    return { late_ms: await ctx.step('look', async () => Date.now() - untilMs) };
  },
});
