import { anyCovers } from '../../schemas/capabilities.ts';
import {
  CAPSULE_EARLIER_MAX,
  CAPSULE_NAME,
  capsuleNameOf,
  installIdOf,
  installName,
} from '../../schemas/contexts/capsules.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  type Capsule,
  type CapsulePin,
  capsuleInstall,
  capsuleInstalled,
  capsuleInstallRefused,
  capsuleRolledBack,
  capsuleUninstalled,
  capsuleUpgraded,
  type InstallCapsule,
  type PolicyDecided,
  type UpgradeCapsule,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { type Capsules, capsules as capsulesTable } from '../tables/capsules.ts';

type Command = RecordOf<'InstallCapsule' | 'UpgradeCapsule' | 'RollbackCapsule' | 'UninstallCapsule'>;
type InstallEvent = RecordOf<
  'CapsuleInstalled' | 'CapsuleUpgraded' | 'CapsuleRolledBack' | 'CapsuleUninstalled' | 'CapsuleInstallRefused'
>;
type Output = InstallEvent | RecordOf<'CapsuleInstall'>;
type Input = RecordOf<'PolicyDecided'>;

/**
 * absent ──▶ installed ──upgrade, roll back──▶ installed ──▶ uninstalled ──▶ installed
 *
 * `earlier`: what it ran before, the latest last, for the return to it. Some 2 KB as JSON.
 */
export type InstallState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'installed' | 'uninstalled';
      readonly tenantId: string;
      readonly principal: string;
      readonly pin: CapsulePin;
      readonly earlier: readonly CapsulePin[];
    };
type Installed = Extract<InstallState, { readonly pin: CapsulePin }>;

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const UNKNOWN: Refusal = { code: 'CAPSULE_INSTALL_UNKNOWN', detail: 'No install of this name exists.' };

/** Decides on a decision of policy. An install of another tenant does not exist. */
function decide(
  state: InstallState,
  { data }: Input,
  { tenantId, timeMs, place }: Meta,
  { capsules }: { readonly capsules: Capsules },
): readonly Output[] {
  const command = commandOf(data);
  if (command === null) return [];
  const event = eventOf(state, command, data, { tenantId, capsules });
  const after = evolve(state, event);
  if (event.type === 'CapsuleInstallRefused' || after.status === 'absent') return [event];
  const { status, principal, pin, earlier } = after;
  const { installId } = command.data;
  return [event, capsuleInstall({ installId, tenantId, status, pin, earlier, principal, changedAt: timeMs, place })];
}

interface About {
  readonly tenantId: string;
  readonly capsules: Capsules;
}

function eventOf(state: InstallState, command: Command, decided: PolicyDecided, about: About): InstallEvent {
  const { decision } = decided;
  const { installId, principal } = command.data;
  const refuse = ({ code, detail }: Refusal, shortfall: ReturnType<typeof refusalOf>['shortfall'] = null) =>
    capsuleInstallRefused({ installId, principal, code, detail, decision, shortfall });
  if (decision.outcome === 'deny') {
    const refusal = refusalOf(decided);
    return refuse(refusal, refusal.shortfall);
  }
  const { tenantId } = about;
  if (installId !== installIdOf(tenantId, installName(installId)) || !CAPSULE_NAME.test(installName(installId)))
    return refuse(UNKNOWN);
  const made = { installId, tenantId, principal, decisionId: decision.decisionId };
  if (command.type === 'InstallCapsule') {
    if (state.status === 'installed')
      return refuse({ code: 'ALREADY_EXISTS', detail: 'An install of this name exists: upgrade it.' });
    const pin = pinOf(command.data, command.data.granted, about);
    return 'code' in pin ? refuse(pin) : capsuleInstalled({ ...made, pin });
  }
  if (state.status !== 'installed' || state.tenantId !== tenantId) return refuse(UNKNOWN);
  const { pin, earlier } = state;
  switch (command.type) {
    case 'UpgradeCapsule': {
      const next = upgraded(pin, command.data, about);
      return 'code' in next ? refuse(next) : capsuleUpgraded({ ...made, pin: next, fromDigest: pin.digest });
    }
    case 'RollbackCapsule': {
      const last = earlier.at(-1);
      if (last === undefined)
        return refuse({ code: 'CAPSULE_STATE_INVALID', detail: 'It ran no other version before.' });
      const known = about.capsules.get(last.capsuleId);
      if (known?.status === 'revoked')
        return refuse({ code: 'CAPSULE_REVOKED', detail: `The capsule ${last.capsuleId} was revoked.` });
      return capsuleRolledBack({ ...made, pin: last, fromDigest: pin.digest });
    }
    case 'UninstallCapsule':
      return capsuleUninstalled({ ...made, digest: pin.digest });
    default:
      return assertNever(command);
  }
}

/** Returns the listed capsule of this digest. */
function listedCapsule(
  { capsuleId, digest }: Pick<InstallCapsule, 'capsuleId' | 'digest'>,
  { capsules }: About,
): Capsule | Refusal {
  const found = capsules.get(capsuleId);
  if (found === undefined || found.status === 'submitted' || found.status === 'rejected')
    return { code: 'CAPSULE_UNKNOWN', detail: 'No capsule of this name and version is listed.' };
  if (found.status === 'revoked') return { code: 'CAPSULE_REVOKED', detail: `The capsule ${capsuleId} was revoked.` };
  if (found.status !== 'listed')
    return { code: 'CAPSULE_STATE_INVALID', detail: `The capsule ${capsuleId} is ${found.status}.` };
  if (found.digest !== digest)
    return { code: 'CAPSULE_DIGEST_MISMATCH', detail: `The capsule has sha256 ${found.digest}, not ${digest}.` };
  return found;
}

/** Returns what is installed: a capsule with some of the capabilities that it asks for, and no others. */
function pinOf(
  command: Pick<InstallCapsule, 'capsuleId' | 'digest'>,
  granted: readonly string[],
  about: About,
): CapsulePin | Refusal {
  const found = listedCapsule(command, about);
  if ('code' in found) return found;
  const { capsuleId, digest, tenantId: publisher, asks, price } = found;
  const beyond = granted.find((each) => !anyCovers(asks, each));
  if (beyond !== undefined) return { code: 'CAPSULE_GRANT_INVALID', detail: `The capsule does not ask for ${beyond}.` };
  return { capsuleId, digest, publisher, granted, asks, price };
}

/** Returns what an install runs next. A version that asks for more than the one before needs a new grant. */
function upgraded(pin: CapsulePin, command: UpgradeCapsule, about: About): CapsulePin | Refusal {
  const [from, to] = [capsuleNameOf(pin.capsuleId), capsuleNameOf(command.capsuleId)];
  if (from === null || to === null || from.tenant !== to.tenant || from.name !== to.name)
    return { code: 'CAPSULE_STATE_INVALID', detail: 'An upgrade is to a version of the same capsule.' };
  if (pin.digest === command.digest)
    return { code: 'CAPSULE_STATE_INVALID', detail: 'The install has this version already.' };
  const next = pinOf(command, command.granted ?? [], about);
  if ('code' in next || command.granted !== null) return next;
  const more = next.asks.filter((each) => !anyCovers(pin.asks, each));
  if (more.length > 0)
    return { code: 'CAPSULE_GRANT_REQUIRED', detail: `The version asks for more, so grant again: ${more.join(', ')}.` };
  return { ...next, granted: pin.granted.filter((each) => anyCovers(next.asks, each)) };
}

/** Folds one output into the state of its install. */
export function evolve(state: InstallState, event: Output): InstallState {
  switch (event.type) {
    case 'CapsuleInstalled': {
      const { tenantId, pin, principal } = event.data;
      return { status: 'installed', tenantId, principal, pin, earlier: [] };
    }
    case 'CapsuleUpgraded':
      return withPin(state, event.data, (known) => [...known.earlier, known.pin].slice(-CAPSULE_EARLIER_MAX));
    case 'CapsuleRolledBack':
      return withPin(state, event.data, ({ earlier }) => earlier.slice(0, -1));
    case 'CapsuleUninstalled':
      return state.status === 'absent' ? state : { ...state, status: 'uninstalled', principal: event.data.principal };
    case 'CapsuleInstallRefused':
    case 'CapsuleInstall':
      return state;
    default:
      return assertNever(event);
  }
}

const withPin = (
  state: InstallState,
  { pin, principal }: { readonly pin: CapsulePin; readonly principal: string },
  earlier: (known: Installed) => readonly CapsulePin[],
): InstallState => (state.status === 'absent' ? state : { ...state, pin, principal, earlier: earlier(state) });

function commandOf({ command }: PolicyDecided): Command | null {
  switch (command.type) {
    case 'InstallCapsule':
    case 'UpgradeCapsule':
    case 'RollbackCapsule':
    case 'UninstallCapsule':
      return command;
    default:
      return null;
  }
}

/** Keeps the installs of a tenant: each pins a capsule by its digest, with what the tenant granted. */
export const capsuleInstalls: Processor = processor({
  name: 'capsule-installs',
  inputs: [topics.policyDecisions],
  outputs: [topics.capsulesInstalls, topics.capsulesInstalled],
  tables: { capsules: capsulesTable },
  state: topics.capsuleInstallsState,
  initial: { status: 'absent' } as InstallState,
  finished: ({ status }) => status === 'absent',
  key: ({ data }) => commandOf(data)?.data.installId ?? null,
  decide,
  evolve,
});
