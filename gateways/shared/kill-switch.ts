import type { FollowedTable } from '../../infra/runner/tables/follower.ts';
import { type KillSwitches, switchesOver } from '../../schemas/contexts/kill-switch.ts';
import { type GovernedAction, type GovernedRequest, namesOf } from '../../schemas/governed.ts';
import type { GatewayMetrics } from './metrics.ts';
import { Problem } from './problems/problem.ts';

/** A governed command, as kill switches see it. */
interface Work extends Pick<GovernedRequest, 'resource' | 'otherNames'> {
  /** Name of its record. */
  readonly record: GovernedAction;
  readonly tenantId: string;
}

/**
 * Returns a check that throws Problem KILL_SWITCH for a governed command under an engaged switch, before anything is
 * appended. Policy denies commands under a switch that this gateway has not read yet.
 */
export const admission =
  (switches: Pick<FollowedTable<KillSwitches>, 'value'>, metrics: Pick<GatewayMetrics, 'refused'>) =>
  ({ record, tenantId, ...request }: Work): void => {
    const [widest] = switchesOver(switches.value, { tenant: tenantId, resources: namesOf(request) });
    if (widest === undefined) return;
    metrics.refused.inc({ record, outcome: 'kill_switch' });
    const { scope, since: sinceMs } = widest;
    const since = new Date(sinceMs).toISOString();
    throw new Problem('KILL_SWITCH', `New work is stopped: ${scope}, since ${since}`, { extensions: { scope, since } });
  };
