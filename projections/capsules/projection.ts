import { sha256 } from '../../schemas/contexts/approvals.ts';
import { installName, SHELF, searchWords } from '../../schemas/contexts/capsules.ts';
import type { CapsulePin } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import {
  appendTable,
  assertNever,
  first,
  foldTable,
  instant,
  key,
  last,
  max,
  projection,
  type RowChange,
  row,
} from '../kernel.ts';
import type { RowView } from '../rows.ts';

/** One row per version of a capsule. Its tenant is `*`: the gateway shows a row to other tenants once it is listed. */
export const capsulesTable = foldTable('capsules', {
  tenant_id: key('text'),
  capsule_id: key('text'),
  publisher: first('text'),
  /** submitted, listed, rejected, yanked or revoked. */
  status: last('text'),
  digest: first('text'),
  manifest: first('text'),
  envelope: first('text'),
  /** For the search. */
  words: first('text[]'),
  amount: first('numeric'),
  currency: first('text'),
  meter: first('text'),
  principal: first('text'),
  decision_id: first('text'),
  created_at: first('timestamptz'),
  updated_at: max('timestamptz'),
});

/** One row per statement about a capsule. */
export const capsuleAttestationsTable = appendTable('capsule_attestations', {
  tenant_id: key('text'),
  /** `<capsule>/<sha256 of the bundle>`. */
  attestation_id: key('text'),
  capsule_id: first('text'),
  /** Null for one that was in the archive. */
  predicate_type: first('text'),
  bundle: first('text'),
  principal: first('text'),
  /** Place in the archive, from 0; 0 for one that was added later. */
  nth: first('integer'),
  created_at: first('timestamptz'),
});

/** One row per install. */
export const capsuleInstallsTable = foldTable('capsule_installs', {
  tenant_id: key('text'),
  install: key('text'),
  /** installed or uninstalled. */
  status: last('text'),
  capsule_id: last('text'),
  publisher: last('text'),
  digest: last('text'),
  granted: last('text[]'),
  asks: last('text[]'),
  amount: last('numeric'),
  currency: last('text'),
  meter: last('text'),
  principal: last('text'),
  decision_id: last('text'),
  created_at: first('timestamptz'),
  updated_at: max('timestamptz'),
});

export type CapsuleRow = RowView<typeof capsulesTable.columns>;
export type CapsuleAttestationRow = RowView<typeof capsuleAttestationsTable.columns>;
export type CapsuleInstallRow = RowView<typeof capsuleInstallsTable.columns>;

/** Returns the texts of a manifest that the search looks in. The processor has checked it before. */
function textsOf(manifest: string): readonly string[] {
  try {
    const { name, description, keywords, license } = JSON.parse(manifest) as Readonly<Record<string, unknown>>;
    return [name, description, license, ...(Array.isArray(keywords) ? keywords : [])].map(String);
  } catch {
    return [];
  }
}

const pinned = ({ capsuleId: capsule_id, publisher, digest, granted, asks, price }: CapsulePin) => ({
  ...{ capsule_id, publisher, digest, granted, asks, ...price },
});

/** Capsules, statements about them, and the installs of tenants. A refused command changes no row. */
export const capsules = projection({
  name: 'capsules',
  version: 1,
  inputs: [topics.capsulesEvents, topics.capsulesInstalls],
  tables: [capsulesTable, capsuleAttestationsTable, capsuleInstallsTable],
  apply(record, { timeMs }) {
    const at = instant(timeMs);
    const changed = (capsule_id: string, status: string): RowChange =>
      row(capsulesTable, { tenant_id: SHELF, capsule_id, status, updated_at: at });
    const attested = (of: {
      readonly capsuleId: string;
      readonly bundle: string;
      readonly principal: string;
      readonly predicateType: string | null;
      readonly nth: number;
    }): RowChange => {
      const { capsuleId: capsule_id, bundle, principal, predicateType: predicate_type, nth } = of;
      const attestation_id = `${capsule_id}/${sha256(bundle)}`;
      const named = { tenant_id: SHELF, attestation_id, capsule_id, predicate_type };
      return row(capsuleAttestationsTable, { ...named, bundle, principal, nth, created_at: at });
    };
    switch (record.type) {
      case 'CapsuleSubmitted': {
        const { capsuleId, tenantId, digest, manifest, envelope, attestations, price, principal } = record.data;
        const named = { tenant_id: SHELF, capsule_id: capsuleId, publisher: tenantId, status: 'submitted', digest };
        const words = searchWords(textsOf(manifest).join(' '));
        const made = { decision_id: record.data.decisionId, created_at: at, updated_at: at };
        return [
          row(capsulesTable, { ...named, manifest, envelope, words, ...price, principal, ...made }),
          ...[...new Set(attestations)].map((bundle, nth) =>
            attested({ capsuleId, bundle, principal, predicateType: null, nth }),
          ),
        ];
      }
      case 'CapsuleReviewed':
        return [changed(record.data.capsuleId, record.data.status)];
      case 'CapsuleListed':
        return [changed(record.data.capsuleId, 'listed')];
      case 'CapsuleAttested':
        return [attested({ ...record.data, nth: 0 })];
      case 'CapsuleYanked':
        return [changed(record.data.capsuleId, 'yanked')];
      case 'CapsuleRevoked':
        return [changed(record.data.capsuleId, 'revoked')];
      case 'CapsuleInstalled':
      case 'CapsuleUpgraded':
      case 'CapsuleRolledBack': {
        const { installId, tenantId: tenant_id, pin, principal, decisionId: decision_id } = record.data;
        const named = { tenant_id, install: installName(installId), status: 'installed', ...pinned(pin) };
        const made = { principal, decision_id, created_at: at, updated_at: at };
        return [row(capsuleInstallsTable, { ...named, ...made })];
      }
      case 'CapsuleUninstalled': {
        const { installId, tenantId: tenant_id, principal } = record.data;
        const named = { tenant_id, install: installName(installId), status: 'uninstalled' };
        return [row(capsuleInstallsTable, { ...named, principal, updated_at: at })];
      }
      case 'CapsuleRefused':
      case 'CapsuleInstallRefused':
      case 'CapsuleUpgradeChecked':
        return [];
      default:
        return assertNever(record);
    }
  },
});
