import type { Schemas } from '../../../../infra/client/api.ts';
import { capsuleNameOf, capsuleStatuses } from '../../../../schemas/contexts/capsules.ts';
import { versionsOf } from '../state/capsules.ts';
import { api, read } from './client.ts';

type Summary = Schemas['CapsuleSummary'];

/** Most versions that are looked through, of each state. */
const VERSIONS_MAX = 200;

/** Asks for a capsule by its id, `<publisher>/<name>@<version>`. */
export function readCapsule(id: string) {
  const { tenant: publisher, name: capsule, version } = capsuleNameOf(id) ?? { tenant: '', name: '', version: '' };
  const path = { publisher, capsule, capsule_version: version };
  return api.GET('/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}', { params: { path } });
}

/** Resolves with the versions of a capsule that the caller sees, in every state. Rejects with ApiError. */
export async function readVersions(of: Pick<Summary, 'publisher' | 'name'>): Promise<readonly Summary[]> {
  const found = await Promise.all(
    capsuleStatuses.map((status) => {
      const query = { q: of.name, publisher: of.publisher, status, limit: VERSIONS_MAX };
      return read(api.GET('/v1/marketplace/capsules', { params: { query } }));
    }),
  );
  return versionsOf(
    found.flatMap(({ items }) => items),
    of,
  );
}
