import { readFileSync } from 'node:fs';
import { expectReplays } from 'khipu/jobs';
import { test } from 'vitest';
import { order } from './orders.ts';

test('the code of today fits the recorded order', async () => {
  const history: unknown = JSON.parse(readFileSync(new URL('order.history.json', import.meta.url), 'utf8'));
  await expectReplays(order, history);
});
