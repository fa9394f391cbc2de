import type { GovernedCommand } from '../../schemas/constitution.ts';
import type { DecisionSummary, KillSwitch, Tenant } from '../../schemas/generated/records.ts';
import { DEFAULT_MODEL, type KillSwitches, switchesOver } from '../../schemas/kill-switch.ts';
import { type Revocations, revokedBy } from '../../schemas/revocation.ts';
import type { Verdict } from './evaluate.ts';
import { allows } from './features.ts';
import { engineReasons } from './outside.ts';

/** What a tenant's settings say of what may run at all. */
export type TenantRules = Pick<Tenant, 'version' | 'status'> & Pick<Tenant['settings'], 'models'>;

/** What stands above every constitution. */
export interface Preconditions {
  readonly switches: KillSwitches;
  readonly revocations: Revocations;
  /** Null for a tenant that nobody has set up. */
  readonly tenant: TenantRules | null;
}

/** Reasons that stand above every constitution, or beside it: another one would not turn the verdict. */
const beside: ReadonlySet<string> = new Set([
  'KILL_SWITCH',
  'TOKEN_REVOKED',
  'TENANT_SUSPENDED',
  'TENANT_MODEL_NOT_ALLOWED',
  'BUDGET_EXCEEDED',
  'SESSION_HISTORY_FULL',
  ...engineReasons,
]);

/** True for a verdict that is no matter of the constitution. */
export const isBesideConstitution = ({ reasons }: Pick<DecisionSummary, 'reasons'>): boolean =>
  beside.has(reasons[0] ?? '');

/** Nothing is weighed. */
export const refused = (reasons: readonly string[], clauses: readonly string[]): Verdict => ({
  outcome: 'deny',
  score: 0,
  threshold: 0,
  reasons,
  clauses,
  features: [],
  labels: [],
});

/** What is refused before anything is weighed; null when the constitution is to decide. The order is that of the calls. */
export const refusedBefore = (
  { switches, revocations, tenant }: Preconditions,
  command: GovernedCommand,
  tenantId: string,
): Verdict | null =>
  byKillSwitch(switches, command, tenantId) ??
  byRevocation(revocations, command, tenantId) ??
  (tenant === null ? null : byTenant(tenant, command));

/** The decision names every switch, and the event that engaged it. */
function byKillSwitch(switches: KillSwitches, { data }: GovernedCommand, tenant: string): Verdict | null {
  const engaged = switchesOver(switches, { tenant, models: [data.model ?? DEFAULT_MODEL] });
  const clausesOf = ({ scope, engagedEventId }: KillSwitch) => [`kill-switch:${scope}`, `event:${engagedEventId}`];
  return engaged.length === 0 ? null : refused(['KILL_SWITCH'], engaged.flatMap(clausesOf));
}

/** The token was good when the gateway looked, and was taken back before the policy did. */
function byRevocation(revocations: Revocations, { data }: GovernedCommand, tenantId: string): Verdict | null {
  const credential = 'credential' in data ? data.credential : null;
  if (credential === null) return null;
  const { sessionId, issuedAt: issuedAtMs } = credential;
  const scope = revokedBy(revocations, { tenantId, sessionId, principal: data.principal, issuedAtMs });
  return scope === null ? null : refused(['TOKEN_REVOKED'], [`revocation:${scope}`]);
}

function byTenant({ version, status, models }: TenantRules, { data }: GovernedCommand): Verdict | null {
  const clauses = [`tenant:${version}`];
  if (status === 'suspended') return refused(['TENANT_SUSPENDED'], clauses);
  return allows(models, data.model) ? null : refused(['TENANT_MODEL_NOT_ALLOWED'], clauses);
}
