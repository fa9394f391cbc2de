import { job } from 'khipu/jobs';
import { z } from 'zod';

const input = z.object({ customer: z.string() });
const output = z.object({ url: z.string() });

/** Three at once for a customer, and a hundred in an hour. */
export const report = job({
  ...{ name: 'reports.monthly', version: 1, title: 'Write the report of a month', input, output },
  concurrency: { max: 3 },
  rate: { limit: 100, periodMs: 3_600_000 },
  run: async (ctx, { customer }) => ctx.step('write', () => ({ url: `https://reports.example/${customer}` })),
});

/** One at a time; a start while one runs fails with JOB_SINGLETON. */
export const cleanup = job({
  ...{ name: 'reports.cleanup', version: 1, title: 'Remove old reports', input: z.object({}), output: z.object({}) },
  singleton: 'skip',
  run: async (ctx) => ctx.step('remove', () => ({})),
});

/** Begins ten seconds after the last start: starts before that are replaced. */
export const index = job({
  ...{ name: 'reports.index', version: 1, title: 'Write the list of all reports', input, output },
  debounce: { periodMs: 10_000 },
  run: async (ctx, { customer }) => ctx.step('list', () => ({ url: `https://reports.example/${customer}/all` })),
});

/** Starts wait for each other, for at most half a second: one request for up to fifty customers. */
export const notify = job({
  ...{ name: 'reports.notify', version: 1, title: 'Tell customers that reports are ready', input },
  output: z.object({ told: z.array(z.string()) }),
  batch: { max: 50, waitMs: 500 },
  run: async (ctx, inputs) => {
    const customers = inputs.map(({ customer }) => customer);
    return { told: await ctx.step('tell', () => customers) };
  },
});
