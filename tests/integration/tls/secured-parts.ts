import { chmodSync, rmSync } from 'node:fs';
import type { PartName } from '../../../infra/local/parts/part.ts';
import { type Parts, startParts } from '../../../infra/local/parts/parts.ts';
import { issue, openAuthority } from '../../../infra/local/tls/authority.ts';
import { ADMIN_NAME, openLocalTls } from '../../../infra/local/tls/local-tls.ts';
import type { TlsFiles } from '../../../infra/tls/tls-files.ts';
import { makeDataFolder } from '../../support/data-folder.ts';

/** Who shows what: only `admin` and `guest` are known to the parts. */
export type Caller = 'admin' | 'guest' | 'none' | 'expired' | 'stranger' | 'foreign' | 'distrustful';

/** Real parts that take connections over TLS alone, and certificates of callers. */
export interface SecuredParts {
  readonly env: Parts['env'];
  readonly callers: Readonly<Record<Caller, TlsFiles>>;
  stop(): Promise<void>;
}

/** Starts parts over TLS in a folder of their own: none of the environment is used. */
export async function startSecuredParts(only: readonly PartName[]): Promise<SecuredParts> {
  const dir = makeDataFolder('khipu-tls-parts-');
  const away = makeDataFolder('khipu-tls-away-');
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(dir, 0o755);
  const tls = await openLocalTls(dir, ['khipu-guest']);
  const authority = await openAuthority(tls.dir);
  const foreign = await issue(await openAuthority(away), { name: ADMIN_NAME });
  const admin = tls.files(ADMIN_NAME);
  const parts = await startParts({ dir, tls, only, env: {} });
  return {
    env: parts.env,
    callers: {
      admin,
      guest: tls.files('khipu-guest'),
      none: { ...admin, cert: null, key: null },
      expired: await issue(authority, { name: 'khipu-late', validMs: -60_000 }),
      stranger: await issue(authority, { name: 'visitor' }),
      foreign: { ...foreign, ca: admin.ca },
      distrustful: { ...admin, ca: foreign.ca },
    },
    stop: async () => {
      await parts.stop();
      for (const each of [dir, away]) rmSync(each, { recursive: true, force: true });
    },
  };
}
