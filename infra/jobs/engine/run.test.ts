import { describe, expect, it } from 'vitest';
import { doing, TestJob } from './testing.ts';

describe('a run', () => {
  it('records each step before the code goes on, and ends with the result', async () => {
    const order: string[] = [];
    const test = new TestJob(
      doing(async (ctx, name) => {
        const a = await ctx.step('a', () => `hello ${name as string}`);
        order.push('after a');
        return [a, await ctx.step('b', async () => 2)];
      }),
      'Inti',
    );
    const end = await test.run({ onCommit: (reports) => void order.push(`commit ${reports.length}`) });
    expect(end).toMatchObject({ outcome: 'completed', output: '["hello Inti",2]', reports: [] });
    expect(order).toEqual(['commit 1', 'after a', 'commit 1']);
    expect(test.kept).toEqual(['/a/1 step completed', '/b/1 step completed']);
  });
});
