import { afterAll, beforeAll } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { describeKafkaOutage } from './outage/kafka-outage.ts';
import { describePoison } from './outage/poison.ts';
import { describeProcessCleanup } from './outage/process-cleanup.ts';
import { describeWorkerOutage } from './outage/worker-outage.ts';
import { BUSY_MACHINE } from './support/turn-fixture.ts';

// Pause between two words, long enough to stop a process in between.
const WORD_MS = 40;

let started: TestPlatform | undefined;
beforeAll(async () => {
  started = await startTestPlatform({ env: { ...BUSY_MACHINE, KHIPU_SLM_DETERMINISTIC_DELAY_MS: String(WORD_MS) } });
});
afterAll(() => started?.stop());
const platform = (): TestPlatform => {
  if (started === undefined) throw new Error('the platform did not start');
  return started;
};

describePoison(platform);
describeWorkerOutage(platform);
describeKafkaOutage(platform);
describeProcessCleanup(platform);
