/** Upgrades of installs, and their checks: apart from the commands of capsules, because jobs name them as well. */
import { anyCovers } from '../../capabilities.ts';
import type { CapsulePin } from '../../generated/records.ts';

/** The capability to install, upgrade and remove capsules. */
export const INSTALL_CAPSULES = 'capsules:install';

/** Type of the jobs that check an upgrade before it is made. */
export const CAPSULE_UPGRADE_CHECK = 'capsule.upgrade-check';
/** Verdicts of a check with which an upgrade goes through. */
export const upgradeVerdicts: readonly string[] = ['pass', 'improve'];
/** Past runs of an install that a check looks at, and the time that it looks back, in days. */
export const CAPSULE_PAST_RUNS_MAX = 2_000;
export const CAPSULE_PAST_DAYS = 28;
/** Cases of a check: those of the manifests, and those of a golden set of the tenant. */
export const CAPSULE_CHECK_CASES_MAX = 400;

/**
 * Returns what the runs of an install may use after an upgrade: the new grant, or what the earlier one has of what the version asks
 * for.
 */
export const grantAfter = (
  given: readonly string[] | null,
  { granted }: Pick<CapsulePin, 'granted'>,
  asks: readonly string[],
): readonly string[] => given ?? granted.filter((each) => anyCovers(asks, each));
