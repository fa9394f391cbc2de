import { expect, it } from 'vitest';
import { TestJob } from '../../infra/jobs/engine/testing.ts';
import { typeOf } from '../../infra/jobs/worker/registration.ts';
import { cleanup, index, report } from './reports.ts';

it('the examples of limits are registered with them, and run', async () => {
  const none = { max: null, rateLimit: null, ratePeriodMs: null, singleton: null, debounceMs: null };
  expect([report, cleanup, index].map((each) => typeOf(each, 'reports', 1).limits)).toEqual([
    { ...none, max: 3, rateLimit: 100, ratePeriodMs: 3_600_000 },
    { ...none, max: 1, singleton: 'skip' },
    { ...none, debounceMs: 10_000 },
  ]);
  for (const each of [report, cleanup, index])
    expect(await new TestJob(each, { customer: 'inti' }).run()).toMatchObject({ outcome: 'completed' });
});
