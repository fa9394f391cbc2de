/**
 * Commands that hold or remove a schedule. They are not governed: it must be possible while a kill switch stops all other
 * commands.
 */

import {
  type PauseSchedule,
  type RemoveSchedule,
  schedulePaused,
  scheduleRefused,
  scheduleRemoved,
  scheduleSkipped,
} from '../../schemas/generated/records.ts';
import { UNKNOWN } from './commands.ts';
import { type At, isKept, type Output, type Schedule, type ScheduleState } from './state.ts';

/** Returns the schedule of the tenant; otherwise the refusal. */
function ownSchedule(
  state: ScheduleState,
  { scheduleId, principal }: RemoveSchedule,
  { tenantId }: At,
): { readonly schedule: Schedule } | { readonly refused: readonly Output[] } {
  if (isKept(state) && state.tenantId === tenantId) return { schedule: state };
  const refusal = { code: 'RESOURCE_UNKNOWN', detail: UNKNOWN, decision: null, shortfall: null, version: 0 };
  return { refused: [scheduleRefused({ scheduleId, principal, ...refusal })] };
}

/** Holds a schedule. What it has buffered is skipped; backfills go on. A paused one is paused again. */
export function paused(state: ScheduleState, command: PauseSchedule, at: At): readonly Output[] {
  const found = ownSchedule(state, command, at);
  if ('refused' in found) return found.refused;
  const { scheduleId, principal: pausedBy, reason } = command;
  const { waiting } = found.schedule;
  const buffered = waiting.filter(({ from }) => from === 'schedule');
  return [
    schedulePaused({ scheduleId, pausedBy, reason }),
    ...buffered.map(({ dueAt }, nth) => {
      const left = waiting.length - nth - 1;
      return scheduleSkipped({
        ...{ scheduleId, dueAt, until: null, reason: 'paused', nextDueAt: null, waiting: left },
      });
    }),
  ];
}

/** Removes a schedule. Its running jobs go on. */
export function removed(state: ScheduleState, command: RemoveSchedule, at: At): readonly Output[] {
  const found = ownSchedule(state, command, at);
  if ('refused' in found) return found.refused;
  const { scheduleId, principal: removedBy } = command;
  return [scheduleRemoved({ scheduleId, removedBy })];
}
