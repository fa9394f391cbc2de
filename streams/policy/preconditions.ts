/** Refusals before a constitution is evaluated: kill switches, revoked tokens, settings of the tenant. */

import { type KillSwitches, switchesOver } from '../../schemas/contexts/kill-switch.ts';
import { type Revocations, revokedBy } from '../../schemas/contexts/revocations.ts';
import type { DecisionSummary, KillSwitch, Tenant } from '../../schemas/generated/records.ts';
import { type GovernedRequest, namesOf } from '../../schemas/governed.ts';
import type { Verdict } from './evaluate.ts';
import { allows, modelOf } from './features.ts';
import { engineReasons } from './policy-engine.ts';

/** The settings of a tenant that restrict its requests. */
export type TenantRules = Pick<Tenant, 'version' | 'status'> & Pick<Tenant['settings'], 'models'>;

/** Returns the restrictions of a tenant; null for a tenant without settings. */
export const rulesOfTenant = (tenant: Tenant | undefined): TenantRules | null =>
  tenant === undefined ? null : { ...tenant, models: tenant.settings.models };

/** Facts that take precedence over every constitution. */
export interface Preconditions {
  readonly switches: KillSwitches;
  readonly revocations: Revocations;
  /** Null for a tenant without settings: it has no restrictions. */
  readonly tenant: TenantRules | null;
}

/**
 * Reasons that take precedence over every constitution or do not depend on it: another constitution would not change
 * the verdict.
 */
const independent: ReadonlySet<string> = new Set([
  'KILL_SWITCH',
  'TOKEN_REVOKED',
  'TENANT_SUSPENDED',
  'TENANT_MODEL_NOT_ALLOWED',
  'BUDGET_EXCEEDED',
  'BUDGET_TOO_SMALL',
  'CREDIT_SPENT',
  'SESSION_HISTORY_FULL',
  ...engineReasons,
]);

/** Returns true for a verdict that no other constitution would change. Never throws. */
export const isIndependentOfConstitution = ({ reasons }: Pick<DecisionSummary, 'reasons'>): boolean =>
  independent.has(reasons[0] ?? '');

/** Returns the verdict of a refusal without evaluation: its score and threshold are 0. Never throws. */
export const refused = (reasons: readonly string[], clauses: readonly string[]): Verdict => ({
  outcome: 'deny',
  score: 0,
  threshold: 0,
  reasons,
  clauses,
  features: [],
  labels: [],
  found: [],
  flow: [],
  approval: null,
});

/**
 * Returns the refusal of a request before evaluation; null when the constitution decides. Kill switches come first,
 * then revocations, then the settings of the tenant. Never throws.
 */
export const preconditionRefusal = (
  { switches, revocations, tenant }: Preconditions,
  request: GovernedRequest,
  tenantId: string,
): Verdict | null =>
  byKillSwitch(switches, request, tenantId) ??
  byRevocation(revocations, request, tenantId) ??
  (tenant === null ? null : byTenant(tenant, request));

/** Returns the refusal by kill switches: its clauses name every switch, and the event that engaged it. */
function byKillSwitch(switches: KillSwitches, request: GovernedRequest, tenant: string): Verdict | null {
  const engaged = switchesOver(switches, { tenant, resources: namesOf(request) });
  const clausesOf = ({ scope, engagedEventId }: KillSwitch) => [`kill-switch:${scope}`, `event:${engagedEventId}`];
  return engaged.length === 0 ? null : refused(['KILL_SWITCH'], engaged.flatMap(clausesOf));
}

/**
 * Returns the refusal by a revocation: the token was valid when the gateway checked it, and was revoked before policy
 * read the command.
 */
function byRevocation(
  revocations: Revocations,
  { credential, principal }: GovernedRequest,
  tenantId: string,
): Verdict | null {
  if (credential === null) return null;
  const { sessionId, issuedAt: issuedAtMs } = credential;
  const scope = revokedBy(revocations, { tenantId, sessionId, principal, issuedAtMs });
  return scope === null ? null : refused(['TOKEN_REVOKED'], [`revocation:${scope}`]);
}

function byTenant({ version, status, models }: TenantRules, request: GovernedRequest): Verdict | null {
  const clauses = [`tenant:${version}`];
  if (status === 'suspended') return refused(['TENANT_SUSPENDED'], clauses);
  return allows(models, modelOf(request)) ? null : refused(['TENANT_MODEL_NOT_ALLOWED'], clauses);
}
