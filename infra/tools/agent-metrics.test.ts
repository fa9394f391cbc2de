import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { cancelAgentRun } from '../../schemas/generated/records.ts';
import { agents } from '../../streams/agents/agents.ts';
import { aRun, aRunStarted, RUN } from '../../streams/agents/testing.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import type { AnyRecord } from '../../streams/kernel.ts';
import { decisionOn, denied } from '../../streams/testing.ts';
import { meteredAgents } from './agent-metrics.ts';

it('counts each run that ends by its outcome, and no refused command to a run that exists', async () => {
  const register = new Registry();
  const { decide, evolve, initial } = meteredAgents(
    agents(() => []),
    register,
  );
  const on = (state: unknown, record: AnyRecord) => decide(state, record, metaFor(record), {});
  const cancel = cancelAgentRun({ runId: RUN, principal: 'ana', reason: 'a test' });
  on(evolve(initial, aRunStarted()), cancel);
  on(initial, cancel);
  on(initial, decisionOn(aRun(), denied));
  const metric = await register.getSingleMetric('khipu_agent_runs_total')?.get();
  expect(metric?.values.map(({ labels, value }) => [labels['outcome'], value])).toEqual([
    ['cancelled', 1],
    ['refused', 1],
  ]);
});
