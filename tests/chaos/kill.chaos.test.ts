import { expect, it } from 'vitest';
import { shortForm } from './short-form.ts';

/** The short form of `npm run chaos:kill`. */
it('thirty aimed faults: nothing lost, nothing doubled, nothing out of order', async () => {
  const { aimed } = await shortForm({ faults: 30, driver: 'kafkajs' });
  // Under load a moment may not come in time; most must, or the run says little.
  expect(aimed).toBeGreaterThan(20);
});
