import { anyCovers } from '../../schemas/capabilities.ts';
import { grantAfter, upgradeVerdicts } from '../../schemas/contexts/capsules/upgrades.ts';
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
  capsuleUpgradeChecked,
  capsuleUpgraded,
  type InstallCapsule,
  type KeepUpgradeCheck,
  type PolicyDecided,
  type UpgradeCapsule,
  type UpgradeCheck,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { type Capsules, capsules as capsulesTable } from '../tables/capsules.ts';

type Command = RecordOf<'InstallCapsule' | 'UpgradeCapsule' | 'RollbackCapsule' | 'UninstallCapsule'>;
type InstallEvent = RecordOf<
  | 'CapsuleInstalled'
  | 'CapsuleUpgraded'
  | 'CapsuleUpgradeChecked'
  | 'CapsuleRolledBack'
  | 'CapsuleUninstalled'
  | 'CapsuleInstallRefused'
>;
type Output = InstallEvent | RecordOf<'CapsuleInstall'>;
type Input = RecordOf<'PolicyDecided' | 'KeepUpgradeCheck'>;

/**
 * absent ──▶ installed ──checked upgrade, roll back──▶ installed ──▶ uninstalled ──▶ installed
 *
 * `earlier`: what it ran before, the latest last, for the return to it. `check`: the latest check of an upgrade from `pin`; it
 * ends with the pin that it is of. Some 3 KB as JSON.
 */
export type InstallState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'installed' | 'uninstalled';
      readonly tenantId: string;
      readonly principal: string;
      readonly pin: CapsulePin;
      readonly earlier: readonly CapsulePin[];
      readonly check?: UpgradeCheck | null;
    };
type Installed = Extract<InstallState, { readonly pin: CapsulePin }>;

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const UNKNOWN: Refusal = { code: 'CAPSULE_INSTALL_UNKNOWN', detail: 'No install of this name exists.' };

/** Decides on a decision of policy, or on the result of a check. An install of another tenant does not exist. */
function decide(
  state: InstallState,
  input: Input,
  { tenantId, timeMs, place }: Meta,
  { capsules }: { readonly capsules: Capsules },
): readonly Output[] {
  const event =
    input.type === 'KeepUpgradeCheck'
      ? checked(state, input.data, tenantId)
      : commanded(state, input.data, { tenantId, capsules });
  if (event === null) return [];
  const after = evolve(state, event);
  if (event.type === 'CapsuleInstallRefused' || after.status === 'absent') return [event];
  const { installId } = event.data;
  // A state from before checks has none.
  const check = after.check ?? null;
  return [event, capsuleInstall({ ...after, check, installId, tenantId, changedAt: timeMs, place })];
}

/** Returns the event of a check: none for a repeat, and for an install that runs another version by now. */
const checked = (
  state: InstallState,
  { installId, check }: KeepUpgradeCheck,
  tenantId: string,
): InstallEvent | null => {
  if (state.status !== 'installed' || state.tenantId !== tenantId) return null;
  if (state.pin.digest !== check.fromDigest || state.check?.checkId === check.checkId) return null;
  return capsuleUpgradeChecked({ installId, tenantId, check });
};

const commanded = (state: InstallState, decided: PolicyDecided, about: About): InstallEvent | null => {
  const command = commandOf(decided);
  return command === null ? null : eventOf(state, command, decided, about);
};

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
      if ('code' in next) return refuse(next);
      const { checkId } = command.data;
      const missing = missingCheck(state, next, checkId);
      return missing === null
        ? capsuleUpgraded({ ...made, pin: next, fromDigest: pin.digest, checkId })
        : refuse(missing);
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
  return { ...next, granted: grantAfter(null, pin, next.asks) };
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));

/** Returns what an upgrade lacks: a check of it that the caller has read, or a regression that passed. Null without a lack. */
function missingCheck({ check, pin }: Installed, next: CapsulePin, checkId: string | null): Refusal | null {
  const refuse = (detail: string): Refusal => ({ code: 'CAPSULE_CHECK_REQUIRED', detail });
  if (checkId === null) return refuse('The upgrade names no check: check it first, and name the check that was read.');
  if (check === null || check === undefined) return refuse(`No check of an upgrade from ${pin.capsuleId} has ended.`);
  if (check.checkId !== checkId) return refuse(`The latest check is ${check.checkId}, not ${checkId}.`);
  if (check.digest !== next.digest) return refuse(`The check is of an upgrade to sha256 ${check.digest}.`);
  if (!isSame(check.granted, next.granted)) return refuse('The check is of another grant.');
  if (upgradeVerdicts.includes(check.verdict)) return null;
  return {
    code: 'CAPSULE_REGRESSION_FAILED',
    detail: `The regression is ${check.verdict}, ${check.passed} of ${check.cases} cases passed: ${check.detail}`,
  };
}

/** Folds one output into the state of its install. */
export function evolve(state: InstallState, event: Output): InstallState {
  switch (event.type) {
    case 'CapsuleInstalled': {
      const { tenantId, pin, principal } = event.data;
      return { status: 'installed', tenantId, principal, pin, earlier: [], check: null };
    }
    case 'CapsuleUpgraded':
      return withPin(state, event.data, (known) => [...known.earlier, known.pin].slice(-CAPSULE_EARLIER_MAX));
    case 'CapsuleRolledBack':
      return withPin(state, event.data, ({ earlier }) => earlier.slice(0, -1));
    case 'CapsuleUpgradeChecked':
      return state.status === 'absent' ? state : { ...state, check: event.data.check };
    case 'CapsuleUninstalled': {
      const { principal } = event.data;
      return state.status === 'absent' ? state : { ...state, status: 'uninstalled', principal, check: null };
    }
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
): InstallState =>
  state.status === 'absent' ? state : { ...state, pin, principal, earlier: earlier(state), check: null };

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
  inputs: [topics.policyDecisions, topics.capsulesChecks],
  outputs: [topics.capsulesInstalls, topics.capsulesInstalled],
  tables: { capsules: capsulesTable },
  state: topics.capsuleInstallsState,
  initial: { status: 'absent' } as InstallState,
  finished: ({ status }) => status === 'absent',
  key: ({ type, data }) => (type === 'KeepUpgradeCheck' ? data.installId : (commandOf(data)?.data.installId ?? null)),
  decide,
  evolve,
});
