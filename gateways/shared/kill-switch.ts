import type { SwitchBoard } from '../../infra/killswitch/switch-board.ts';
import { isGoverned } from '../../schemas/constitution.ts';
import { DEFAULT_MODEL } from '../../schemas/kill-switch.ts';
import type { Command } from './log/command-appender.ts';
import type { GatewayMetrics } from './metrics.ts';
import { Problem } from './problems/problem.ts';

/** Refuses new work under an engaged switch at once, and appends nothing. What this gateway has not heard of yet, policy denies. */
export const admission =
  (switches: Pick<SwitchBoard, 'over'>, metrics: Pick<GatewayMetrics, 'refused'>) =>
  (command: Command, tenantId: string): void => {
    // What operators set things right with; otherwise nothing could be released.
    if (!isGoverned(command)) return;
    const [widest] = switches.over({ tenant: tenantId, models: [command.data.model ?? DEFAULT_MODEL] });
    if (widest === undefined) return;
    metrics.refused.inc({ record: command.type, outcome: 'kill_switch' });
    const { scope, since: sinceMs } = widest;
    const since = new Date(sinceMs).toISOString();
    throw new Problem('KILL_SWITCH', `New work is stopped: ${scope}, since ${since}`, { extensions: { scope, since } });
  };
