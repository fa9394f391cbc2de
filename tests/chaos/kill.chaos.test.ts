import { expect, it } from 'vitest';
import { smokeRun } from './smoke-run.ts';

/** The short form of `npm run chaos:kill`. */
it('thirty aimed faults: no record lost, doubled or out of order', async () => {
  const { aimed } = await smokeRun({ faults: 30, driver: 'kafkajs' });
  // Under load a moment may not occur in time; most must, or the run proves little.
  expect(aimed).toBeGreaterThan(20);
});
