import { ApiClient, until } from '../../../support/api-client.ts';
import { paymentManifest, signedTool } from '../../../support/outside-service.ts';

/** A call that waits for an approval. */
export interface HeldCall {
  readonly approval_id: string;
  readonly digest: string;
}

/** Answers of each platform to its first held call: the client of a session that asks. */
const askers = new WeakMap<ApiClient, Promise<ApiClient>>();

/** Resolves with the client of a session of another principal than that of `api`, and a tool whose calls need an approval. */
function askerOf(api: ApiClient, keysDir: string): Promise<ApiClient> {
  const known = askers.get(api);
  if (known !== undefined) return known;
  const made = begin(api, keysDir);
  askers.set(api, made);
  return made;
}

async function begin(api: ApiClient, keysDir: string): Promise<ApiClient> {
  const capabilities = ['tool:execute:held', 'jobs:start:workflow.run'];
  await api.call('POST', '/v1/roles', { body: { name: 'asker', capabilities } });
  const account = { service_account_id: 'asker', name: 'Asker', roles: ['asker'] };
  await api.call('POST', '/v1/service-accounts', { body: account });
  const key = { name: 'asker', owner: 'service_account:asker', capabilities };
  const { status, body } = await api.call('POST', '/v1/api-keys', { body: key });
  if (status !== 201) throw new Error(`the key of an asker: ${status} ${JSON.stringify(body)}`);
  const manifest = paymentManifest({ host: '127.0.0.1:9' }, { name: 'held', approval: { required: 1 } });
  await api.call('PUT', '/v1/tools/held', { body: signedTool(manifest, keysDir) });
  const asker = new ApiClient({ url: api.url, apiKey: String(body['key']) });
  const started = await until(
    () => asker.start({ persona: 'guide', capabilities }),
    (answer) => answer.status === 201,
  );
  return new ApiClient({ url: api.url, apiKey: started.body.token });
}

/** Resolves with a call that waits for an approval, as the read model shows it. */
export async function heldCall(api: ApiClient, keysDir: string): Promise<HeldCall> {
  const asker = await askerOf(api, keysDir);
  const { body } = await asker.call<HeldCall>('POST', '/v1/tools/held/execute', { body: { arguments: { amount: 1 } } });
  await until(
    () => api.call('GET', `/v1/approvals/${body.approval_id}`),
    ({ status }) => status === 200,
  );
  return body;
}

/** Resolves with the id of a run of a workflow that has not begun, of another principal than that of `api`. */
export async function waitingRun(api: ApiClient, keysDir: string): Promise<string> {
  const asker = await askerOf(api, keysDir);
  const document = { dsl: '1.0.3', namespace: 'tests', name: 'waiting', version: '1.0.0' };
  const workflow = { document, do: [{ greet: { set: { text: 'Hello' } } }] };
  const start = { type: 'workflow.run', input: { workflow }, run_at: '2030-01-01T00:00:00Z' };
  const { status, body } = await asker.call<{ readonly job_id: string }>('POST', '/v1/jobs/start', { body: start });
  if (status !== 201) throw new Error(`the start of a run answered ${status} ${JSON.stringify(body)}`);
  await until(
    () => api.call('GET', `/v1/jobs/${body.job_id}`),
    (answer) => answer.status === 200,
  );
  return body.job_id;
}

/** Resolves with the id of a grant that is in force. */
export async function givenGrant(api: ApiClient, keysDir: string): Promise<string> {
  const { approval_id: id, digest } = await heldCall(api, keysDir);
  // Of arguments that no other call has, so that further calls wait.
  const shape = { properties: { amount: { const: 1_000_000 } } };
  const grant = { shape, lifetime_ms: 600_000, uses_max: 1 };
  await api.call('POST', `/v1/approvals/${id}/decision`, { body: { outcome: 'approve', digest, grant } });
  const path = '/v1/approval-grants?status=active&limit=1';
  const { body } = await until(
    () => api.call<{ readonly items: readonly { readonly grant_id: string }[] }>('GET', path),
    (answer) => answer.body.items.length === 1,
  );
  return body.items[0]?.grant_id ?? '';
}
