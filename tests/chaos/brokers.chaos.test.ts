import { it } from 'vitest';
import { smokeRun } from './smoke-run.ts';

/** The short form of `npm run chaos:brokers`. */
it('three brokers, one killed at a time under load: no acknowledged record lost, none doubled', async () => {
  await smokeRun({ faults: 3, driver: 'kafkajs', brokers: 3, only: 'restart' });
});
