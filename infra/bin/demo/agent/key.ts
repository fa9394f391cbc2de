import type { Api } from '../../../client/api.ts';
import { settledAnswer } from '../../../client/settle.ts';
import { DemoError } from '../platform.ts';

/** Rights of the agent of the demo. */
const AGENT = 'demo-agent';
const capabilities = ['agents:start:demo', 'tool:execute:*', 'slm:invoke:*'];

/** Runs with a key of the agent, which is revoked then; its role and its account stay for the next demo. */
export async function withAgentKey<T>(api: Api, run: (key: string) => Promise<T>): Promise<T> {
  const kept = ({ error }: { readonly error?: unknown }): boolean =>
    (error as { readonly code?: string } | undefined)?.code === 'ALREADY_EXISTS';
  const role = await api.POST('/v1/roles', { body: { name: AGENT, capabilities } });
  if (!kept(role)) settledAnswer(role);
  const account = { service_account_id: AGENT, name: 'Agent of the demo', roles: [AGENT] };
  const made = await api.POST('/v1/service-accounts', { body: account });
  if (!kept(made)) settledAnswer(made);
  const owner = `service_account:${AGENT}`;
  const issued = settledAnswer(await api.POST('/v1/api-keys', { body: { name: AGENT, owner } }));
  if (!('key' in issued)) throw new DemoError('DEMO_RUN_FAILED', 'the agent got no key');
  try {
    return await run(issued.key);
  } finally {
    settledAnswer(
      await api.DELETE('/v1/api-keys/{key_id}', {
        params: { path: { key_id: issued.key_id }, header: { 'if-match': '*' } },
      }),
    );
  }
}
