import { createSomaBrain } from '../../../infra/memory/somabrain/client.ts';
import { describeSomaBrain } from '../../../infra/memory/testing/somabrain-contract.ts';
import { until } from '../../support/api-client.ts';
import { startHarness } from './support/harness.ts';

describeSomaBrain('the memory service of a gateway', async () => {
  const platform = await startHarness();
  const client = createSomaBrain({ url: `${platform.url}/v1/memory`, token: platform.api.apiKey, timeoutMs: 10_000 });
  await until(
    () => platform.api.call('GET', '/v1/memory/persona/guide'),
    ({ status }) => status === 200,
  );
  const kept = async (text: string) => String((await client.remember({ text })).memoryId);
  return { client, twoIds: async () => [await kept('One.'), await kept('Two.')] as const, close: platform.close };
});
