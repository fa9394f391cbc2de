import type { Schemas } from '../../../../infra/client/api.ts';
import { duration } from './text.ts';

type When = Pick<Schemas['ScheduleSummary'], 'cron' | 'interval_ms' | 'time_zone'>;

/** Returns when a schedule is due: `0 2 * * * Europe/Berlin`, `every 5 min`. */
export const whenText = ({ cron, interval_ms: intervalMs, time_zone: zone }: When): string => {
  if (cron !== null) return `${cron} ${zone}`;
  return intervalMs === null ? '' : `every ${duration(intervalMs)}`;
};

export type ScheduleCommand = 'pause' | 'resume' | 'trigger';

/** Returns the commands that a schedule of this status takes, in the order of their buttons. */
export const scheduleCommandsOf = ({
  status,
}: Pick<Schemas['ScheduleSummary'], 'status'>): readonly ScheduleCommand[] =>
  status === 'paused' ? ['resume', 'trigger'] : ['pause', 'trigger'];
