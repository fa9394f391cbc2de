import type { KillSwitches } from '../../schemas/contexts/kill-switch.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** The current state of every kill switch. A released one stays, as the compacted topic keeps it: scopes are few. */
export const killSwitches = table({
  name: 'kill-switches',
  topic: topics.killSwitchSwitches,
  initial: new Map() as KillSwitches,
  evolve: (switches, { data }) => new Map(switches).set(data.scope, data),
});
