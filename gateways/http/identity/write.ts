import type { FastifyRequest } from 'fastify';
import type { Written } from '../../../infra/identity/directory-board.ts';
import type { AnyRecord, RecordOf } from '../../../schemas/generated/records.ts';
import { mayManage, mayManageTenant } from '../../../schemas/identity.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { Holder } from '../../shared/auth/caller.ts';
import { etagOf } from '../../shared/etag.ts';
import { outcomeOf } from '../../shared/log/caused-by.ts';
import type { IdentityCommandName } from '../../shared/log/command-appender.ts';
import { bodyProblems, credentialProblems } from '../../shared/problems/openapi.ts';
import { Problem, refusalProblem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';

/** This gateway reads the event and the entry, which stand in one transaction. */
const TAKE_EFFECT_MS = 1_000;
/** Every gateway holds every entry, removed ones too: half a kilobyte each. */
const ENTRIES_MAX = 10_000;

export const readProblems = [
  ...credentialProblems,
  'REQUEST_INVALID',
  'CREDENTIAL_NOT_ALLOWED',
  'CAPABILITY_MISSING',
] as const;
const writeProblems = [...readProblems, 'PRECONDITION_FAILED', 'LOG_OVERLOADED'] as const;
export const createProblems = [...bodyProblems, ...writeProblems, 'ALREADY_EXISTS', 'DIRECTORY_FULL'] as const;
export const changeProblems = [...bodyProblems, ...writeProblems, 'PRECONDITION_REQUIRED'] as const;
export const removeProblems = [...writeProblems, 'PRECONDITION_REQUIRED'] as const;

/** Who acts, and in which tenant. */
export interface Place {
  readonly caller: Holder;
  readonly tenantId: string;
}

/** Where a request manages roles, users, service accounts or keys. Throws CAPABILITY_MISSING before anything is looked at. */
export function placeOf(request: FastifyRequest, tenant: string | undefined): Place {
  const caller = callerOf(request);
  const tenantId = tenant ?? caller.tenantId;
  if (!mayManage(caller.capabilities, caller.tenantId, tenantId))
    throw new Problem(
      'CAPABILITY_MISSING',
      tenantId === caller.tenantId ? 'This takes identity:manage' : `This takes identity:manage:${tenantId}`,
    );
  return { caller, tenantId };
}

/** Where a request changes a tenant itself: what binds a tenant is not for its own people to change. */
export function tenantPlaceOf(request: FastifyRequest, tenantId: string): Place {
  const caller = callerOf(request);
  if (!mayManageTenant(caller.capabilities, tenantId))
    throw new Problem('CAPABILITY_MISSING', `This takes identity:manage:${tenantId}`);
  return { caller, tenantId };
}

/** What each command says of who asks. */
export const askedBy = ({ caller }: Place, entryId: string) => ({
  entryId,
  principal: caller.principal,
  principalTenant: caller.tenantId,
  capabilities: caller.capabilities,
});

/** Throws DIRECTORY_FULL when a tenant has as many entries as one may have. */
export function requireRoom({ directory }: Pick<GatewayServices, 'directory'>, { tenantId }: Place): void {
  if (directory.count(tenantId) >= ENTRIES_MAX)
    throw new Problem('DIRECTORY_FULL', `A tenant may have ${ENTRIES_MAX} entries, removed ones counted`);
}

/**
 * Appends a command and waits for what it leads to. True when this gateway holds the change, so that a query sees it; false
 * when there is no outcome in time. Throws the Problem of a refusal, with the ETag that stands.
 */
export async function changes(
  services: GatewayServices,
  { tenantId }: Place,
  command: RecordOf<IdentityCommandName>,
  request: FastifyRequest,
): Promise<boolean> {
  const event = await outcomeOf(services, command, request, tenantId);
  if (event?.type === 'IdentityRefused') {
    const { code, detail, version } = event.data;
    const etag = version === 0 ? {} : { etag: etagOf(version) };
    throw refusalProblem(code, detail, etag, etag);
  }
  const written = event === null ? null : writtenBy(event, tenantId);
  return written !== null && (await services.directory.holds(written, TAKE_EFFECT_MS));
}

function writtenBy(event: AnyRecord, tenantId: string): Written | null {
  switch (event.type) {
    case 'TenantDefined':
      return { tenantId, entryId: event.data.entryId, version: event.data.tenant.version };
    case 'RoleDefined':
    case 'RoleRemoved':
      return event.data.role;
    case 'PrincipalDefined':
    case 'PrincipalRemoved':
      return event.data.subject;
    case 'ApiKeyIssued':
    case 'ApiKeyRotated':
    case 'ApiKeyRevoked':
      return event.data.apiKey;
    default:
      return null;
  }
}
