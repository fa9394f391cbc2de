import { auditLines, type DescribedInCode } from '../../schemas/generated/audit.ts';
import type { AnyRecord, DeltaStretch, Records } from '../../schemas/generated/records.ts';

const change = ({ version }: { readonly version: number }): string =>
  version === 1 ? 'created' : `changed to version ${version}`;

/** Deltas have no audit records of their own: one for the stretch of them says which text was shown. */
const stretchOf = (deltas: DeltaStretch | null): string =>
  deltas === null ? '' : `; ${deltas.count} deltas, ${deltas.chars} characters, sha256 ${deltas.textSha256}`;

/**
 * Audit lines that a template cannot make. They have lengths instead of texts: the content is only in the event, which
 * can be deleted.
 */
const described: { readonly [Name in DescribedInCode]: (data: Records[Name]) => string } = {
  PolicyDecided: ({ command, principal, decision: { outcome, reasons, score, constitutionVersion } }) =>
    `${command.type} by ${principal}: ${outcome} (${reasons.join(', ')}; score ${score.toFixed(3)}) by constitution ${constitutionVersion || 'none'}`,
  // Reasons come from the author of a policy; usually they are codes.
  PolicyEngineAnswered: ({ command, answer: { outcome, reasons, detail } }) =>
    `external engine on ${command.type}: ${[outcome, ...reasons, ...(detail === '' ? [] : [detail])].join(', ')}`,
  ClassifierAnswered: ({ command, answer: { outcome, scores, detail } }) =>
    `outside classifier on ${command.type}: ${[outcome, `${scores.length} categories`, ...(detail === '' ? [] : [detail])].join(', ')}`,
  RecallAnswered: ({ command, answer: { outcome, memories, compared } }) =>
    `memories for ${command.type}: ${outcome}, ${memories.length} of ${compared}`,
  SlmMetered: ({ outcome, tokensConsumed: { prompt, completion }, modelId, cost, currency, deltas }) =>
    `${outcome}: ${prompt} + ${completion} tokens of ${modelId} cost ${cost} ${currency}${stretchOf(deltas)}`,
  KillSwitchReleased: ({ scope, reason, releasedBy, proposedBy }) =>
    `kill switch ${scope} released by ${proposedBy === null ? releasedBy : `${proposedBy} and ${releasedBy}`}: ${reason}`,
  SessionRemembered: ({ sessionId, shadow, labels, sequences }) =>
    `${shadow ? 'the shadow remembers' : 'remembered'} of session ${sessionId}: ${labels.length} labels, ${sequences.length} sequences`,
  TenantDefined: ({ tenant, by }) => `tenant ${tenant.tenantId} ${change(tenant)} by ${by}: ${tenant.status}`,
  RoleDefined: ({ role, by }) => `role ${role.name} ${change(role)} by ${by}, ${role.capabilities.length} capabilities`,
  PrincipalDefined: ({ entryId, subject, by }) =>
    `${entryId} ${change(subject)} by ${by}: ${subject.status}, roles ${subject.roles.join(', ') || 'none'}`,
};

const lines = new Map(
  Object.entries({ ...auditLines, ...described } as Readonly<Record<string, (data: AnyRecord['data']) => string>>),
);

/** Returns the one-line summary of an audited record. Throws for a record that is not audited. */
export function summaryOf({ type, data }: AnyRecord): string {
  const line = lines.get(type);
  if (line === undefined) throw new Error(`${type} is not audited`);
  return line(data);
}
