import { describe, expect, it } from 'vitest';
import { JOB_ID, TestJob } from '../../infra/jobs/engine/testing.ts';
import { fromEntry } from '../../infra/jobs/replay/history.ts';
import { expectReplays } from '../../infra/jobs/replay/replay.ts';
import { order } from './orders.ts';

describe('the example of a job', () => {
  it('charges, waits, writes and completes; and its history replays', async () => {
    const test = new TestJob(order, { customer: 'Inti', euros: 12 });
    expect((await test.run()).outcome).toBe('waiting');
    test.resolve({ parcel: 'p-7' }, '/shipped/1');
    expect((await test.run()).outcome).toBe('waiting');
    const answer = { text: 'It comes.', model: 'm', finish_reason: 'stop', tokens: { prompt: 1, completion: 1 } };
    test.resolve(answer, '0/1/model/1');
    test.resolve(null, '1/1/sleep/1');
    const end = await test.run();
    expect(end).toMatchObject({ outcome: 'completed' });
    expect(JSON.parse(end.output ?? '')).toMatchObject({ charge: expect.stringContaining('12'), text: 'It comes.' });
    await expectReplays(order, {
      ...{ job_id: JOB_ID, type: 'shop.order', version: 1, input: { customer: 'Inti', euros: 12 } },
      ...{ status: 'completed', output: JSON.parse(end.output ?? ''), entries: test.entries.map(fromEntry) },
    });
  });

  it('refunds an order that is not shipped, and is not run again', async () => {
    const test = new TestJob(order, { customer: 'Inti', euros: 12 });
    await test.run();
    test.resolve(null, '/shipped/1', ['SIGNAL_TIMEOUT', 'it did not come']);
    expect(await test.run()).toMatchObject({ outcome: 'failed', code: 'NOT_SHIPPED', retryable: false });
    expect(test.kept.at(-1)).toBe('/refund/1 step completed');
  });
});
