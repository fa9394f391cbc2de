import { expect, it } from 'vitest';
import { TestJob } from '../../infra/jobs/engine/testing.ts';
import { typeOf } from '../../infra/jobs/worker/registration.ts';
import { cleanup, index, notify, report } from './reports.ts';

it('the examples of limits are registered with them, and run', async () => {
  const none = {
    ...{ max: null, rateLimit: null, ratePeriodMs: null, singleton: null, debounceMs: null },
    ...{ batchMax: null, batchWaitMs: null, isPerRun: false },
  };
  expect([report, cleanup, index, notify].map((each) => typeOf(each, 'reports', 1).limits)).toEqual([
    { ...none, max: 3, rateLimit: 100, ratePeriodMs: 3_600_000 },
    { ...none, max: 1, singleton: 'skip' },
    { ...none, debounceMs: 10_000 },
    { ...none, batchMax: 50, batchWaitMs: 500 },
  ]);
  for (const each of [report, cleanup, index])
    expect(await new TestJob(each, { customer: 'inti' }).run()).toMatchObject({ outcome: 'completed' });
  const batch = await new TestJob(notify, [{ customer: 'inti' }, { customer: 'killa' }]).run();
  expect(batch).toMatchObject({ outcome: 'completed', output: '{"told":["inti","killa"]}' });
  // A start of before the type made batches is a batch of one.
  expect(await new TestJob(notify, { customer: 'inti' }).run()).toMatchObject({ output: '{"told":["inti"]}' });
  expect(await new TestJob(notify, [{}]).run()).toMatchObject({ code: 'JOB_INPUT_INVALID' });
});
