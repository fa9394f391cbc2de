import { anyCovers } from '../../../schemas/capabilities.ts';
import { capsuleIdOf, installIdOf, reviewCapability } from '../../../schemas/contexts/capsules.ts';
import type { Capsule, CapsuleInstall } from '../../../schemas/generated/records.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';

type Tables = Pick<GatewayServices['tables'], 'capsules' | 'capsuleInstalls'>;

export interface CapsuleParams {
  readonly publisher: string;
  readonly capsule: string;
  readonly capsule_version: string;
}

export const idIn = ({ publisher: tenant, capsule: name, capsule_version: version }: CapsuleParams): string =>
  capsuleIdOf({ tenant, name, version });

/** Returns whether a caller sees a capsule that is not on the list: its tenant published it, or it may review it. */
export const maySee = ({ tenantId, capabilities }: Caller, publisher: string): boolean =>
  tenantId === publisher || anyCovers(capabilities, reviewCapability(publisher));

/** Returns a capsule that the caller sees. Throws Problem CAPSULE_UNKNOWN; LOG_UNAVAILABLE before the capsules are read. */
export function capsuleOrUnknown({ capsules }: Tables, caller: Caller, id: string): Capsule {
  if (!capsules.known) throw new Problem('LOG_UNAVAILABLE', 'The capsules cannot be read now');
  const found = capsules.value.get(id);
  if (found !== undefined) {
    const isShown = found.status !== 'submitted' && found.status !== 'rejected';
    if (isShown || maySee(caller, found.tenantId)) return found;
  }
  throw new Problem('CAPSULE_UNKNOWN', `There is no capsule ${id}`);
}

/** Returns an install. Throws Problem CAPSULE_INSTALL_UNKNOWN; LOG_UNAVAILABLE before the installs are read. */
export function installOrUnknown({ capsuleInstalls }: Tables, tenantId: string, name: string): CapsuleInstall {
  if (!capsuleInstalls.known) throw new Problem('LOG_UNAVAILABLE', 'The installs cannot be read now');
  const found = capsuleInstalls.value.get(installIdOf(tenantId, name));
  if (found?.status === 'installed') return found;
  throw new Problem('CAPSULE_INSTALL_UNKNOWN', `There is no install ${name}`);
}
