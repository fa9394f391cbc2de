import { type Condition, readsOf } from '../rows.ts';
import { toolCallsTable, toolVersionsTable } from './projection.ts';

export type { ToolCallRow, ToolVersionRow } from './projection.ts';

/** Reads of the versions of tools: the newest first. */
export const toolVersionRows = readsOf(toolVersionsTable, 'created_at');
/** Reads of calls: by id, and the newest first. */
export const toolCallRows = readsOf(toolCallsTable, 'created_at');

/** States of calls. */
export const toolCallStatuses = [
  'waiting',
  'requested',
  'started',
  'succeeded',
  'failed',
  'unknown',
  'refused',
] as const;
export type ToolCallStatus = (typeof toolCallStatuses)[number];

export type ToolVersionCondition = Condition<typeof toolVersionsTable.columns>;
export type ToolCallCondition = Condition<typeof toolCallsTable.columns>;
