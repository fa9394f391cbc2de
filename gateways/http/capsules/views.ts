import type { z } from 'zod';
import type { CapsuleManifest } from '../../../infra/capsules/manifest.ts';
import type { CapsuleAttestationRow, CapsuleInstallRow, CapsuleRow } from '../../../projections/capsules/queries.ts';
import { capsuleNameOf, installName } from '../../../schemas/contexts/capsules.ts';
import type { Capsule, CapsuleInstall } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import {
  type attestationBody,
  type capsuleBody,
  capsuleSummary,
  installBody,
  type installWithCheck,
} from './schemas.ts';

/** Returns the manifest of a capsule, which was checked when it was submitted. */
export const manifestOf = ({ manifest }: Pick<Capsule, 'manifest'>): CapsuleManifest =>
  JSON.parse(manifest) as CapsuleManifest;

/** Returns the URLs of a capsule and of an install. */
export function capsuleUrl(capsuleId: string): string {
  const { tenant, name, version } = capsuleNameOf(capsuleId) ?? { tenant: '', name: '', version: '' };
  return `/v1/marketplace/capsules/${tenant}/${name}/${version}`;
}
export const installUrl = (name: string): string => `/v1/marketplace/installs/${name}`;
export const upgradeCheckUrl = (install: string, checkId: string): string =>
  `${installUrl(install)}/upgrade-checks/${checkId}`;

/** Returns the body of a capsule in a list. Throws on a status that this version does not know. */
export function capsuleSummaryOf(row: CapsuleRow): z.infer<typeof capsuleSummary> {
  const { name, version, description, license } = manifestOf({ manifest: row.manifest ?? '{}' });
  return {
    ...{ capsule: row.capsule_id, publisher: row.publisher ?? '', name, version, description, license },
    ...{ status: capsuleSummary.shape.status.parse(row.status), digest: row.digest ?? '', changed_at: row.updated_at },
    price: { amount: row.amount ?? '', currency: row.currency ?? '', meter: row.meter ?? '' },
  };
}

/** Returns the body of a capsule. Throws on a status that this version does not know. */
export function capsuleOf(capsule: Capsule): z.infer<typeof capsuleBody> {
  const manifest = manifestOf(capsule);
  const { name, version, description, license } = manifest;
  const { capsuleId, tenantId: publisher, digest, price, required, reviews, principal, asks, changedAt } = capsule;
  return {
    ...{ capsule: capsuleId, publisher, name, version, description, license, digest, price: { ...price } },
    ...{ status: capsuleSummary.shape.status.parse(capsule.status), changed_at: isoOf(changedAt), asks: [...asks] },
    ...{ manifest, required, reviews: reviews.map((each) => ({ ...each })), published_by: principal },
  };
}

/** Returns the body of a statement. */
export const attestationOf = (row: CapsuleAttestationRow): z.infer<typeof attestationBody> => ({
  ...{ predicate_type: row.predicate_type, bundle: JSON.parse(row.bundle ?? 'null') as unknown },
  ...{ principal: row.principal ?? '', created_at: row.created_at },
});

/** Returns the body of an install. Throws on a status that this version does not know. */
export const installOf = ({
  installId,
  status,
  pin: { capsuleId: capsule, publisher, digest, granted, asks, price },
  principal,
  changedAt,
}: CapsuleInstall): z.infer<typeof installBody> => ({
  ...{ install: installName(installId), status: installBody.shape.status.parse(status), capsule, publisher, digest },
  ...{ granted: [...granted], asks: [...asks], price: { ...price }, principal, changed_at: isoOf(changedAt) },
});

/** Returns the latest check of an install; null without one. */
export const checkOfInstall = ({ check }: CapsuleInstall): z.infer<typeof installWithCheck>['check'] =>
  check === null
    ? null
    : {
        ...{ check_id: check.checkId, capsule: check.capsuleId, digest: check.digest, verdict: check.verdict },
        detail: check.detail,
      };

/** Returns the body of an install in a list. Throws on a status that this version does not know. */
export const installOfRow = (row: CapsuleInstallRow): z.infer<typeof installBody> => ({
  ...{ install: row.install, status: installBody.shape.status.parse(row.status), capsule: row.capsule_id ?? '' },
  ...{ publisher: row.publisher ?? '', digest: row.digest ?? '', granted: [...(row.granted ?? [])] },
  ...{ asks: [...(row.asks ?? [])], principal: row.principal ?? '', changed_at: row.updated_at },
  price: { amount: row.amount ?? '', currency: row.currency ?? '', meter: row.meter ?? '' },
});
