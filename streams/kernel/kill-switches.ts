import type { KillSwitches } from '../../schemas/kill-switch.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Every kill switch as it stands. A released one stays, as the compacted topic keeps it: scopes are few. */
export const killSwitches = table({
  name: 'kill-switches',
  topic: topics.killswitchSwitches,
  initial: new Map() as KillSwitches,
  evolve: (switches, { data }) => new Map(switches).set(data.scope, data),
});
