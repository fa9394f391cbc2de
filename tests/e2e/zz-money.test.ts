import { afterAll, beforeAll } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { describeMoney } from './governed/money.ts';
import { describeRebuild } from './governed/rebuild.ts';
import { BUSY_MACHINE } from './support/turn-fixture.ts';

// Allowed and refused requests, on one platform: a start costs more than all of these tests.
let started: TestPlatform | undefined;
beforeAll(async () => {
  started = await startTestPlatform({ env: BUSY_MACHINE });
});
afterAll(() => started?.stop());
const platform = (): TestPlatform => {
  if (started === undefined) throw new Error('the platform did not start');
  return started;
};

describeMoney(platform);
describeRebuild(platform);
// Runs last: its decisions are made under two constitutions; the earlier tests decide again under one.
