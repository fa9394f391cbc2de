import { afterAll, beforeAll } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { describeBudgets } from './governed/budgets.ts';
import { describeConstitution } from './governed/constitution.ts';
import { describeConversation } from './governed/conversation.ts';
import { describeCredit } from './governed/credit.ts';
import { describeEvaluations } from './governed/evaluations.ts';
import { describeExamples } from './governed/examples.ts';
import { describeFallback } from './governed/fallback.ts';
import { describeIdempotency } from './governed/idempotency.ts';
import { describeIdentity } from './governed/identity.ts';
import { describeKillSwitch } from './governed/kill-switch.ts';
import { describeMoney } from './governed/money.ts';
import { describeMonitoring } from './governed/monitoring.ts';
import { describeOpenAi } from './governed/openai.ts';
import { describePersonas } from './governed/personas.ts';
import { describeProblems } from './governed/problems.ts';
import { describeReadModels } from './governed/read-models.ts';
import { describeRebuild } from './governed/rebuild.ts';
import { describeRefusal } from './governed/refusal.ts';
import { describeState } from './governed/state.ts';
import { describeTenants } from './governed/tenants.ts';
import { describeTurn } from './governed/turn.ts';
import { describeWhatIf } from './governed/what-if.ts';
import { BUSY_MACHINE } from './support/turn-fixture.ts';

// Allowed and refused requests, on one platform: a start costs more than all of these tests.
let started: TestPlatform | undefined;
beforeAll(async () => {
  started = await startTestPlatform({
    // Readers beside a rebuild ask as fast as the machine answers.
    env: { ...BUSY_MACHINE, KHIPU_RATE_LIMIT_PER_MINUTE: '1000000' },
    apart: ['slm'],
  });
});
afterAll(() => started?.stop());
const platform = (): TestPlatform => {
  if (started === undefined) throw new Error('the platform did not start');
  return started;
};

describeTurn(platform);
describeReadModels(platform);
describeConversation(platform);
describeFallback(platform);
describeRefusal(platform);
describeOpenAi(platform);
describePersonas(platform);
describeEvaluations(platform);
describeProblems(platform);
describeTenants(platform);
describeIdempotency(platform);
describeExamples(platform);
describeState(platform);
describeIdentity(platform);
describeKillSwitch(platform);
describeBudgets(platform);
describeMonitoring(platform);
describeMoney(platform);
describeCredit(platform);
describeRebuild(platform);
describeWhatIf(platform);
// Runs last: its decisions are made under two constitutions; the earlier tests decide again under one.
describeConstitution(platform);
