import type { ScheduleDefined } from '../../schemas/generated/records.ts';
import { type Condition, readsOf } from '../rows.ts';
import { recordFromWire } from '../wire.ts';
import { type ScheduleRow, scheduleRunsTable, schedulesTable } from './projection.ts';

export type { ScheduleRow, ScheduleRunRow } from './projection.ts';

/** Reads of schedules: by name, and the newest first. A removed one has a row. */
export const scheduleRows = readsOf(schedulesTable, 'created_at');
/** Reads of their runs: the latest due time first. */
export const scheduleRunRows = readsOf(scheduleRunsTable, 'due_at');

/** Returns the latest definition of a schedule. */
export const definitionOf = ({ definition }: ScheduleRow): ScheduleDefined =>
  recordFromWire('khipu.schedules.ScheduleDefined', definition as object).data as ScheduleDefined;

/** What becomes of a due time. */
export const scheduleRunStatuses = [
  'buffered',
  'running',
  'skipped',
  'completed',
  'failed',
  'cancelled',
  'refused',
  'ended',
] as const;
export type ScheduleRunStatus = (typeof scheduleRunStatuses)[number];

export type ScheduleCondition = Condition<typeof schedulesTable.columns>;
export type ScheduleRunCondition = Condition<typeof scheduleRunsTable.columns>;
