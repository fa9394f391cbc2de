import { notCovered } from '../../schemas/capabilities.ts';
import {
  type EntryKind,
  mayManage,
  mayManageTenant,
  OVERLAP_S_MAX,
  PRINCIPAL,
  parseEntry,
  TENANT_WEIGHT_MAX,
} from '../../schemas/contexts/identity/entries.ts';
import type { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type RecordsOf } from '../kernel.ts';
import type { Entry } from './state.ts';

export type Command = RecordsOf<readonly [typeof topics.identityCommands]>;

export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const refusal = (code: string, detail: string): Refusal => ({ code, detail });

/** The entry kinds that each command applies to, and the error code when the entry does not exist. */
const ABOUT: Readonly<Record<Command['type'], { readonly kinds: readonly EntryKind[]; readonly unknown: string }>> = {
  DefineTenant: { kinds: ['tenant'], unknown: 'TENANT_UNKNOWN' },
  DefineRole: { kinds: ['role'], unknown: 'ROLE_UNKNOWN' },
  RemoveRole: { kinds: ['role'], unknown: 'ROLE_UNKNOWN' },
  DefinePrincipal: { kinds: ['user', 'service_account'], unknown: 'PRINCIPAL_UNKNOWN' },
  RemovePrincipal: { kinds: ['user', 'service_account'], unknown: 'PRINCIPAL_UNKNOWN' },
  IssueApiKey: { kinds: ['api_key'], unknown: 'API_KEY_UNKNOWN' },
  RotateApiKey: { kinds: ['api_key'], unknown: 'API_KEY_UNKNOWN' },
  RevokeApiKey: { kinds: ['api_key'], unknown: 'API_KEY_UNKNOWN' },
};

/**
 * Returns the reason why a command changes nothing, or null. `live` is the tenant's existing entry; `taken`: the id
 * belongs to another tenant.
 */
export function refusalOf(
  command: Command,
  live: Entry | null,
  taken: boolean,
  meta: Pick<Meta, 'tenantId'>,
): Refusal | null {
  return (
    malformed(command, meta.tenantId) ??
    notAllowed(command, meta.tenantId) ??
    notAsExpected(command, live, taken) ??
    notTheirs(command, live) ??
    notNow(command, live)
  );
}

/**
 * Checks the fields of a command. The gateway has checked them already; a command that arrived another way is checked
 * here.
 */
function malformed(command: Command, tenantId: string): Refusal | null {
  const { entryId } = command.data;
  const name = parseEntry(entryId);
  if (name === null || !ABOUT[command.type].kinds.includes(name.kind) || (name.tenantId ?? tenantId) !== tenantId)
    return refusal(
      'ENTRY_INVALID',
      `${entryId} is not an entry of tenant ${tenantId} that ${command.type} applies to.`,
    );
  switch (command.type) {
    case 'DefineTenant': {
      const { budgets, retentionDays, weight } = command.data.settings;
      const windows = new Set(budgets.map(({ window }) => window));
      const negative = budgets.some(
        ({ tokensMax, costMax }) => (tokensMax ?? 0) < 0 || (costMax ?? '0').startsWith('-'),
      );
      const isBudgetInvalid =
        windows.size < budgets.length || windows.has('unknown') || windows.has('credit') || negative;
      return isBudgetInvalid || (retentionDays ?? 1) < 1 || weight < 1 || weight > TENANT_WEIGHT_MAX
        ? refusal(
            'SETTINGS_INVALID',
            `Budgets name known windows, each once, and are not negative; content is kept a day at least; a weight is 1 to ${TENANT_WEIGHT_MAX}.`,
          )
        : null;
    }
    case 'IssueApiKey':
      return PRINCIPAL.test(command.data.owner)
        ? null
        : refusal('ENTRY_INVALID', `${command.data.owner} is not a user or service account.`);
    case 'RotateApiKey':
      return command.data.overlapS >= 0 && command.data.overlapS <= OVERLAP_S_MAX
        ? null
        : refusal('OVERLAP_INVALID', `The former secret may stay valid for 0 to ${OVERLAP_S_MAX} s.`);
    default:
      return null;
  }
}

function notAllowed(command: Command, tenantId: string): Refusal | null {
  const { capabilities, principalTenant } = command.data;
  const may =
    command.type === 'DefineTenant'
      ? mayManageTenant(capabilities, tenantId)
      : mayManage(capabilities, principalTenant, tenantId);
  return may ? null : refusal('CAPABILITY_MISSING', `This requires identity:manage:${tenantId}.`);
}

function notAsExpected(command: Command, live: Entry | null, taken: boolean): Refusal | null {
  const expected = command.type === 'IssueApiKey' ? 0 : command.data.expectedVersion;
  const { entryId } = command.data;
  if (expected === 0) return live !== null || taken ? refusal('ALREADY_EXISTS', `${entryId} exists already.`) : null;
  if (live === null) return refusal(ABOUT[command.type].unknown, `${entryId} does not exist.`);
  return expected === null || expected === live.data.version
    ? null
    : refusal('PRECONDITION_FAILED', `${entryId} has version ${live.data.version}, not ${expected}.`);
}

/** Refuses to grant capabilities that the principal does not have. Capabilities granted earlier may stay. */
function notTheirs(command: Command, live: Entry | null): Refusal | null {
  const missing = notCovered(command.data.capabilities, givenBy(command, live));
  return missing.length === 0
    ? null
    : refusal('CAPABILITY_MISSING', `${command.data.principal} does not have ${missing.join(', ')}.`);
}

function givenBy(command: Command, live: Entry | null): readonly string[] {
  switch (command.type) {
    case 'DefineRole':
      return notCovered(live?.type === 'Role' ? live.data.capabilities : [], command.data.roleCapabilities);
    case 'IssueApiKey':
      return [...command.data.grants, ...(command.data.keyCapabilities ?? [])];
    case 'DefinePrincipal':
    case 'RotateApiKey':
      return command.data.grants;
    case 'DefineTenant':
    case 'RemoveRole':
    case 'RemovePrincipal':
    case 'RevokeApiKey':
      return [];
    default:
      return assertNever(command);
  }
}

function notNow(command: Command, live: Entry | null): Refusal | null {
  const { type } = command;
  if (
    type === 'DefineTenant' &&
    command.data.status === 'suspended' &&
    command.data.principalTenant === live?.data.tenantId
  )
    return refusal('TENANT_IS_OWN', 'A principal cannot suspend its own tenant: it could not lift the suspension.');
  if ((type === 'RotateApiKey' || type === 'RevokeApiKey') && live?.data.status === 'revoked')
    return refusal('API_KEY_REVOKED', 'This key was revoked; a revocation is permanent.');
  return null;
}
