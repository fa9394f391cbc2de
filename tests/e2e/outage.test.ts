import { afterAll, beforeAll } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { describeKafkaAway } from './outage/kafka-away.ts';
import { describeNothingLeft } from './outage/nothing-left.ts';
import { describePoison } from './outage/poison.ts';
import { describeWorkerAway } from './outage/worker-away.ts';
import { BUSY_MACHINE } from './support/taken-turn.ts';

// Long enough between two words that something can be stopped in between.
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
describeWorkerAway(platform);
describeKafkaAway(platform);
describeNothingLeft(platform);
