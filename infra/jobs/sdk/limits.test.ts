import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { job } from './job.ts';
import { type JobLimitsSpec, limitsOf } from './limits.ts';

const declared = (limits: JobLimitsSpec) =>
  job({
    ...{ name: 'limited', version: 1, title: 'A job', input: z.object({}), output: z.object({}), ...limits },
    run: async () => ({}),
  });

describe('the limits of a job', () => {
  it('are registered as they are declared; none is null', () => {
    const none = {
      ...{ max: null, rateLimit: null, ratePeriodMs: null, singleton: null, debounceMs: null },
      ...{ batchMax: null, batchWaitMs: null, isPerRun: false },
    };
    expect(limitsOf(declared({}))).toBeNull();
    expect(limitsOf(declared({ concurrency: { max: 3 } }))).toEqual({ ...none, max: 3 });
    expect(limitsOf(declared({ rate: { limit: 5, periodMs: 1_000 } }))).toEqual({
      ...{ ...none, rateLimit: 5, ratePeriodMs: 1_000 },
    });
    expect(limitsOf(declared({ singleton: 'cancel' }))).toEqual({ ...none, max: 1, singleton: 'cancel' });
    expect(limitsOf(declared({ debounce: { periodMs: 50 } }))).toEqual({ ...none, debounceMs: 50 });
    expect(limitsOf(declared({ batch: { max: 20, waitMs: 500 } }))).toEqual({
      ...none,
      batchMax: 20,
      batchWaitMs: 500,
    });
  });

  it.each<[string, JobLimitsSpec]>([
    ['no slot', { concurrency: { max: 0 } }],
    ['too many slots', { concurrency: { max: 1_001 } }],
    ['a part of a slot', { concurrency: { max: 1.5 } }],
    ['a rate of nothing', { rate: { limit: 0, periodMs: 1_000 } }],
    ['a period above 31 days', { rate: { limit: 1, periodMs: 32 * 86_400_000 } }],
    ['an unknown singleton', { singleton: 'wait' as 'skip' }],
    ['a singleton of several', { singleton: 'skip', concurrency: { max: 2 } }],
    ['a batch of nothing', { batch: { max: 0, waitMs: 1 } }],
    ['a batch above 100', { batch: { max: 101, waitMs: 1 } }],
    ['a batch without a wait', { batch: { max: 2, waitMs: 0 } }],
    ['a batch of a singleton', { batch: { max: 2, waitMs: 1 }, singleton: 'skip' }],
    ['a batch of debounced starts', { batch: { max: 2, waitMs: 1 }, debounce: { periodMs: 1 } }],
    ['a wait above a day', { debounce: { periodMs: 86_400_001 } }],
  ])('are refused when they are %s', (_, limits) => {
    expect(() => declared(limits)).toThrow(expect.objectContaining({ code: 'JOB_INVALID' }));
  });
});
