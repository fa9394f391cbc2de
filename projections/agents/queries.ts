import { type Condition, readsOf } from '../rows.ts';
import { agentCallsTable, agentRunsTable, agentStepsTable } from './projection.ts';

export type { AgentCallRow, AgentRunRow, AgentStepRow } from './projection.ts';

/** Reads of runs: by id, and the newest first. */
export const agentRunRows = readsOf(agentRunsTable, 'created_at');
/** Reads of the steps of a run, and of its calls: the newest first. */
export const agentStepRows = readsOf(agentStepsTable, 'created_at');
export const agentCallRows = readsOf(agentCallsTable, 'created_at');

/** What a run does, or how it ended. */
export const agentRunStatuses = ['running', 'completed', 'failed', 'cancelled', 'refused'] as const;
export type AgentRunStatus = (typeof agentRunStatuses)[number];

export type AgentRunCondition = Condition<typeof agentRunsTable.columns>;
