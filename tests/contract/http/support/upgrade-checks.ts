import { checkLog } from '../../../../infra/jobs/capsule-checks.ts';
import { type ApiClient, until } from '../../../support/api-client.ts';
import type { Harness } from './harness.ts';

/** The check of an upgrade that a test writes. */
interface WrittenCheck {
  /** Name of the install. */
  readonly install: string;
  readonly capsule: string;
  readonly digest: string;
  readonly verdict?: string;
  /** Of the tenant `tenant`, by default `demo`. */
  readonly api?: ApiClient;
  readonly tenant?: string;
}

/** Writes a check of an upgrade as its job does, which reads Postgres and so does not run here. Resolves with its id, once it is shown. */
export async function keptCheck(
  platform: Pick<Harness, 'api' | 'log' | 'decoder'>,
  { install, capsule: capsuleId, digest, verdict = 'pass', api = platform.api, tenant = 'demo' }: WrittenCheck,
): Promise<string> {
  const path = `/v1/marketplace/installs/${install}`;
  type Install = { readonly digest: string; readonly granted: string[]; readonly check: { check_id: string } | null };
  const { body } = await api.call<Install>('GET', path);
  const checkId = crypto.randomUUID();
  const checks = checkLog(platform);
  await checks.keepCheck(tenant, null, `${tenant}/${install}`, {
    ...{ checkId, fromDigest: body.digest, capsuleId, digest, granted: body.granted, verdict, detail: 'As it was.' },
    ...{ moreCases: null, cases: 29, passed: 29, pastRuns: 0, pastChanged: 0 },
    report: { digest: '0'.repeat(64), bytes: 0, pieces: 0 },
  });
  await checks.close();
  await until(
    () => api.call<Install>('GET', path),
    (answer) => answer.body.check?.check_id === checkId,
  );
  return checkId;
}

/** Starts a check of an upgrade of an install of tenant demo. Resolves with its id. */
export async function startedCheck(
  api: ApiClient,
  install: string,
  to: { readonly capsule: string; readonly digest: string },
): Promise<string> {
  const path = `/v1/marketplace/installs/${install}/upgrade-checks`;
  const { status, body } = await api.call<{ check_id: string }>('POST', path, { body: to });
  if (status !== 201) throw new Error(`the check of ${install} answered ${status} ${JSON.stringify(body)}`);
  return body.check_id;
}
