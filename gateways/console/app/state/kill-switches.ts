import { signal } from '@preact/signals';
import type { Schemas } from '../../../../infra/client/api.ts';

/** The engaged switches that the caller may see, as last read. */
export const engagedSwitches = signal<readonly Schemas['KillSwitch'][]>([]);
