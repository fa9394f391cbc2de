import { parseEntry } from '../../schemas/contexts/identity/entries.ts';
import {
  apiKeyIssued,
  apiKeyRevoked,
  apiKeyRotated,
  identityRefused,
  principalDefined,
  principalRemoved,
  roleDefined,
  roleRemoved,
  tenantDefined,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor } from '../kernel.ts';
import { type Command, refusalOf } from './guard.ts';
import { absent, type Entry, entryAfter, evolve, type IdentityEvent, type IdentityState } from './state.ts';

/** Returns the event, and the entry after it for readers that hold all entries. A refusal changes nothing. */
function decide(state: IdentityState, command: Command, meta: Meta): readonly (IdentityEvent | Entry)[] {
  const event = eventOf(state, command, meta);
  const entry = entryAfter(event);
  return entry === null ? [event] : [event, entry];
}

function eventOf(state: IdentityState, command: Command, meta: Meta): IdentityEvent {
  const { entryId, principal } = command.data;
  const known = state.status === 'there' ? state.entry : null;
  // Prefixes of API keys are shared by all tenants: another tenant's key does not exist for this one, but its prefix is
  // taken.
  const own = known?.data.tenantId === meta.tenantId ? known : null;
  const live = own?.data.status === 'removed' ? null : own;
  const refused = refusalOf(command, live, known !== null && own === null, meta);
  if (refused !== null) return identityRefused({ entryId, principal, ...refused, version: live?.data.version ?? 0 });
  return changeOf(command, live, (own?.data.version ?? 0) + 1, meta);
}

/** Returns the change that an accepted command makes. */
function changeOf(command: Command, live: Entry | null, version: number, { tenantId, timeMs }: Meta): IdentityEvent {
  const { entryId, principal: by, principalTenant: byTenant } = command.data;
  const id = parseEntry(entryId)?.id ?? '';
  const changed = { entryId, by, byTenant };
  const common = { entryId, tenantId, version };
  switch (command.type) {
    case 'DefineTenant': {
      const { name, status, settings } = command.data;
      return tenantDefined({ ...changed, tenant: { tenantId, version, name, status, settings } });
    }
    case 'DefineRole': {
      const { description, roleCapabilities: capabilities } = command.data;
      return roleDefined({ ...changed, role: { ...common, name: id, description, capabilities, status: 'active' } });
    }
    case 'DefinePrincipal': {
      const { name, enabled, roles } = command.data;
      const kind = entryId.startsWith('user:') ? 'user' : 'service_account';
      const status = enabled ? 'active' : 'disabled';
      return principalDefined({ ...changed, subject: { ...common, kind, principalId: id, name, status, roles } });
    }
    case 'IssueApiKey': {
      const { name, owner, keyCapabilities: capabilities, hash, requestId, requestDigest } = command.data;
      const first = {
        status: 'active',
        createdAt: timeMs,
        rotatedAt: null,
        previousHash: null,
        previousUntil: null,
      } as const;
      const facts = { prefix: id, name, owner, capabilities, hash, requestId, requestDigest };
      return apiKeyIssued({ ...changed, apiKey: { ...common, ...facts, ...first } });
    }
    default:
      return live === null ? unmet(command) : changeOfLive(command, live, version, timeMs);
  }
}

type ChangeOfLive = Exclude<Command, { readonly type: `Define${string}` | 'IssueApiKey' }>;

function changeOfLive(command: ChangeOfLive, live: Entry, version: number, timeMs: number): IdentityEvent {
  const { entryId, principal: by, principalTenant: byTenant } = command.data;
  const changed = { entryId, by, byTenant };
  switch (command.type) {
    case 'RemoveRole':
      return live.type === 'Role'
        ? roleRemoved({ ...changed, role: { ...live.data, version, status: 'removed' } })
        : unmet(command);
    case 'RemovePrincipal':
      return live.type === 'Principal'
        ? principalRemoved({ ...changed, subject: { ...live.data, version, status: 'removed' } })
        : unmet(command);
    case 'RotateApiKey': {
      if (live.type !== 'ApiKey') return unmet(command);
      const { hash, overlapS } = command.data;
      const previous =
        overlapS === 0
          ? { previousHash: null, previousUntil: null }
          : { previousHash: live.data.hash, previousUntil: timeMs + overlapS * 1_000 };
      return apiKeyRotated({ ...changed, apiKey: { ...live.data, version, hash, rotatedAt: timeMs, ...previous } });
    }
    case 'RevokeApiKey': {
      if (live.type !== 'ApiKey') return unmet(command);
      // A revoked key needs no hashes.
      const gone = { status: 'revoked', hash: '', previousHash: null, previousUntil: null } as const;
      return apiKeyRevoked({ ...changed, apiKey: { ...live.data, version, ...gone } });
    }
    default:
      return assertNever(command);
  }
}

/** Refuses a command whose entry has another kind than its id. Unreachable: ids begin with the kind. */
const unmet = ({ type, data: { entryId, principal } }: Command): IdentityEvent =>
  identityRefused({ entryId, principal, code: 'ENTRY_INVALID', detail: `${entryId} is not for ${type}.`, version: 0 });

/** Keeps the directory. One partition, so that each entry has one history; about 500 bytes of state per entry. */
export const identity: Processor = processor({
  name: 'identity',
  inputs: [topics.identityCommands],
  outputs: [topics.identityEvents, topics.identityTenants, topics.identityDirectory],
  state: topics.identityState,
  initial: absent as IdentityState,
  // An entry that was refused before it existed has no state.
  finished: ({ status }) => status === 'absent',
  key: (_, meta) => meta.key,
  decide,
  evolve,
});
