import { scheduleName } from '../../schemas/contexts/schedules.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, first, foldTable, instant, key, last, max, projection, type RowChange, row } from '../kernel.ts';
import type { RowView } from '../rows.ts';
import { wireData } from '../wire.ts';

/** One row per schedule that was defined. */
export const schedulesTable = foldTable('schedules', {
  tenant_id: key('text'),
  /** Its name in the tenant. */
  schedule_id: key('text'),
  place: first('text'),
  /** kept or removed. A removed one keeps its row, and its place, until it is defined again. */
  life: last('text'),
  /** active or paused. */
  status: last('text'),
  /** Type of its jobs. */
  type: last('text'),
  /** The latest ScheduleDefined with the names of the wire. */
  definition: last('jsonb'),
  /** `{due_at}` of its next run: ms since 1970, or null. */
  next: last('jsonb'),
  /** Due times that wait for their run. */
  waiting: last('integer'),
  /** `{reason, paused_by}` while it is paused by a command, otherwise `{}`. */
  pause: last('jsonb'),
  created_at: last('timestamptz'),
  updated_at: max('timestamptz'),
  partition: first('integer'),
  last_offset: max('bigint'),
});

/** One row per due time of which something became, and per trigger. */
export const scheduleRunsTable = foldTable('schedule_runs', {
  tenant_id: key('text'),
  run_id: key('text'),
  schedule_id: first('text'),
  due_at: first('timestamptz'),
  /** buffered, running, skipped, or how its job ended: completed, failed, cancelled, refused, ended. */
  status: last('text'),
  /** Why it was made or skipped. */
  reason: last('text'),
  job_id: last('text'),
  /** `{code}` of a failure or refusal, otherwise `{}`. */
  fault: last('jsonb'),
  /** End of the due times that were skipped with it. */
  until: last('timestamptz'),
  fired_at: last('timestamptz'),
  ended_at: last('timestamptz'),
  updated_at: max('timestamptz'),
});

/** A schedule as it is read. */
export type ScheduleRow = RowView<typeof schedulesTable.columns>;
/** A run of a schedule as it is read. */
export type ScheduleRunRow = RowView<typeof scheduleRunsTable.columns>;

type ScheduleValues = Partial<Omit<ScheduleRow, 'tenant_id' | 'schedule_id' | 'updated_at' | 'last_offset'>>;
type RunValues = Partial<Omit<ScheduleRunRow, 'tenant_id' | 'run_id' | 'schedule_id' | 'due_at' | 'updated_at'>>;

const nothing = {};

/** Returns the id of a run: a due time has one run, however often it is made; each trigger has its own. */
const runIdOf = (name: string, dueAt: number, reason: string): string =>
  `${name}/${instant(dueAt)}${reason === 'trigger' ? '/trigger' : ''}`;

/** The schedules of a tenant with their runs. A refused command changes no row. */
export const schedules = projection({
  name: 'schedules',
  version: 1,
  inputs: [topics.schedulesEvents],
  tables: [schedulesTable, scheduleRunsTable],
  apply(record, { tenantId: tenant_id, partition, place, offset, timeMs }) {
    const at = instant(timeMs);
    const schedule_id = scheduleName(record.data.scheduleId);
    const known = { tenant_id, schedule_id, updated_at: at, last_offset: offset };
    const schedule = (values: ScheduleValues): RowChange => row(schedulesTable, { ...known, ...values });
    const run = (dueAt: number, reason: string, values: RunValues): RowChange =>
      row(scheduleRunsTable, {
        ...{ tenant_id, run_id: runIdOf(schedule_id, dueAt, reason), schedule_id, due_at: instant(dueAt) },
        ...{ updated_at: at, ...values },
      });
    switch (record.type) {
      case 'ScheduleDefined': {
        const { spec, paused, createdAt, nextDueAt, waiting } = record.data;
        return [
          schedule({
            ...{ place, partition, life: 'kept', status: paused ? 'paused' : 'active', type: spec.job.type },
            ...{ definition: wireData(record), next: { due_at: nextDueAt }, pause: nothing },
            ...{ waiting, created_at: instant(createdAt) },
          }),
        ];
      }
      case 'SchedulePaused': {
        const { reason, pausedBy } = record.data;
        return [schedule({ status: 'paused', next: { due_at: null }, pause: { reason, paused_by: pausedBy } })];
      }
      case 'ScheduleResumed':
        return [schedule({ status: 'active', next: { due_at: record.data.nextDueAt }, pause: nothing })];
      case 'ScheduleRemoved':
        return [schedule({ life: 'removed' })];
      case 'ScheduleFired': {
        const { dueAt, jobId, reason, nextDueAt, waiting } = record.data;
        return [
          schedule({ next: { due_at: nextDueAt }, waiting }),
          run(dueAt, reason, { status: 'running', reason, job_id: jobId, fault: nothing, fired_at: at }),
        ];
      }
      case 'ScheduleSkipped': {
        const { dueAt, until, reason, nextDueAt, waiting } = record.data;
        const end = until === null ? null : instant(until);
        return [
          schedule({ next: { due_at: nextDueAt }, waiting }),
          run(dueAt, reason, { status: 'skipped', reason, until: end }),
        ];
      }
      case 'ScheduleBuffered': {
        const { dueAt, nextDueAt, waiting } = record.data;
        return [
          schedule({ next: { due_at: nextDueAt }, waiting }),
          run(dueAt, 'buffered', { status: 'buffered', reason: 'overlap' }),
        ];
      }
      case 'ScheduleBackfilled':
        return [schedule({ waiting: record.data.waiting })];
      case 'ScheduledJobEnded': {
        const { dueAt, reason, outcome, code, endedAt } = record.data;
        const fault = code === null ? nothing : { code };
        return [run(dueAt, reason, { status: outcome, fault, ended_at: instant(endedAt) })];
      }
      case 'ScheduleRefused':
        return [];
      default:
        return assertNever(record);
    }
  },
});
