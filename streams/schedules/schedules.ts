import type { Calendar } from '../../schemas/contexts/schedules/times.ts';
import { type EndScheduledJob, type PolicyDecided, scheduledJobEnded } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Processor, processor, type RecordOf } from '../kernel.ts';
import { type Command, commanded } from './commands.ts';
import { paused, removed } from './controls.ts';
import { evolve } from './evolve.ts';
import { due, timeCame } from './runs.ts';
import { type At, absent, isKept, nowOf, type Output, type ScheduleState } from './state.ts';

type Input = RecordOf<'PolicyDecided' | 'PauseSchedule' | 'RemoveSchedule' | 'FireSchedule' | 'EndScheduledJob'>;

/** Decides on one input: a decision of policy, a control, a time that has come, or the end of a job. */
const decideBy =
  (calendar: Calendar) =>
  (state: ScheduleState, input: Input, at: At): readonly Output[] => {
    const nowMs = nowOf(at);
    switch (input.type) {
      case 'PolicyDecided': {
        const command = commandOf(input.data);
        if (command === null) return [];
        const { scheduleId } = command.data;
        return commanded(state, command, input.data, { scheduleId, nowMs, calendar, tenantId: at.tenantId });
      }
      case 'PauseSchedule':
        return paused(state, input.data, at);
      case 'RemoveSchedule':
        return removed(state, input.data, at);
      case 'FireSchedule':
        return timeCame(state, input.data, { scheduleId: input.data.scheduleId, nowMs, calendar });
      case 'EndScheduledJob':
        return jobEnded(state, input.data, nowMs);
      default:
        return assertNever(input);
    }
  };

/** Records the end of a job. One that is not awaited any more changes nothing. */
function jobEnded(
  state: ScheduleState,
  { scheduleId, jobId, outcome, code }: EndScheduledJob,
  endedAt: number,
): readonly Output[] {
  const run = isKept(state) ? state.running.find((each) => each.jobId === jobId) : undefined;
  if (run === undefined) return [];
  const { dueAt, reason } = run;
  return [scheduledJobEnded({ scheduleId, jobId, dueAt, reason, outcome, code, endedAt })];
}

/** Returns the command to a schedule that was decided; null for a command of another context. */
function commandOf({ command }: PolicyDecided): Command | null {
  switch (command.type) {
    case 'DefineSchedule':
    case 'ResumeSchedule':
    case 'TriggerSchedule':
    case 'BackfillSchedule':
      return command;
    default:
      return null;
  }
}

/** Returns the schedule that a record is about; null for a record of another context. */
function keyOf(record: Input): string | null {
  switch (record.type) {
    case 'PolicyDecided':
      return commandOf(record.data)?.data.scheduleId ?? null;
    default:
      return record.data.scheduleId;
  }
}

/**
 * Starts jobs at times. One key, a schedule, has its definition, its due times and the ends of its jobs in order, so each
 * due time is run at most once.
 */
export const schedules = (calendar: Calendar): Processor =>
  processor({
    name: 'schedules',
    inputs: [topics.policyDecisions, topics.schedulesControls, topics.schedulesTimers, topics.schedulesEnds],
    outputs: [topics.schedulesEvents, topics.schedulesRequests, topics.schedulesCancels],
    state: topics.schedulesState,
    initial: absent,
    finished: ({ status }) => status === 'absent',
    key: keyOf,
    decide: decideBy(calendar),
    evolve,
    timers: { topic: topics.schedulesTimers, due },
  });
