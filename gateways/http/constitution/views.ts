import type { z } from 'zod';
import type { Constitutions, ConstitutionVersion } from '../../../schemas/contexts/constitution/life.ts';
import type { ConstitutionActivated } from '../../../schemas/generated/records.ts';
import type { KnownOutcome } from '../../shared/log/outcomes.ts';
import type { activatedBody, shadowDifferencesBody, versionBody, versionDetail } from './schemas.ts';
import type { ShadowDifference } from './shadow-differences.ts';

/** Returns the body of a version. */
export const summaryOf = (
  found: ConstitutionVersion,
  { active, shadow }: Constitutions,
): z.infer<typeof versionBody> => ({
  version: found.version,
  digest: found.digest,
  status: found.status,
  active: active?.version === found.version,
  shadow: shadow?.version === found.version,
  proposed_by: found.proposedBy,
  reviews: found.reviews.map((each) => ({ ...each })),
  signed_by: [...found.signedBy],
  changed_at: new Date(found.changedAtMs).toISOString(),
});

/** Returns the document in an envelope without verifying it, for display: the log has only envelopes that were verified at publication. Null when it cannot be parsed. */
function documentIn(envelope: string): Record<string, unknown> | null {
  try {
    const { payload } = JSON.parse(envelope) as { payload: string };
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Returns the document of a version; null for a rejected one. */
export function documentOf({ document, envelope }: ConstitutionVersion): Record<string, unknown> | null {
  if (envelope !== null) return documentIn(envelope);
  return document === null ? null : (JSON.parse(document) as Record<string, unknown>);
}

/** Returns the body of a version with its document. */
export const detailOf = (found: ConstitutionVersion, all: Constitutions): z.infer<typeof versionDetail> => ({
  ...summaryOf(found, all),
  document: documentOf(found),
  envelope: found.envelope,
});

/** Returns the body of a decision that the shadow would have taken differently. */
export const shadowDifferenceOf = ({
  data,
  timeMs,
}: ShadowDifference): z.infer<typeof shadowDifferencesBody>['items'][number] => ({
  decision_id: data.decisionId,
  subject_id: data.subjectId,
  command_type: data.commandType,
  active: { version: data.activeVersion, outcome: data.activeOutcome, reasons: [data.activeReason] },
  shadow: {
    ...{ version: data.shadowVersion, outcome: data.shadowOutcome, reasons: [...data.shadowReasons] },
    ...{ score: data.shadowScore, clauses: [...data.shadowClauses] },
  },
  at: new Date(timeMs).toISOString(),
});

/** Returns the body of the active version. */
export const activeOf = (active: NonNullable<Constitutions['active']>): z.infer<typeof activatedBody> => ({
  version: active.version,
  digest: active.digest,
  activated_by: active.activatedBy,
  since: new Date(active.sinceMs).toISOString(),
  offset: active.offset,
});

/** Returns the body of a version; null when the followed table does not have it. */
export function versionOf(version: string, all: Constitutions): z.infer<typeof versionBody> | null {
  const found = all.versions.get(version);
  return found === undefined ? null : summaryOf(found, all);
}

/** Returns the body of an activation, from its event. */
export const activatedOf = (
  { version, digest, activatedBy }: ConstitutionActivated,
  { timeMs, position }: KnownOutcome,
): z.infer<typeof activatedBody> => ({
  ...{ version, digest, activated_by: activatedBy },
  since: new Date(timeMs).toISOString(),
  offset: position?.offset ?? 0,
});
