import { type Condition, readsOf } from '../rows.ts';
import { evaluationRunsTable, goldenSetVersionsTable } from './projection.ts';

export type { EvaluationRunRow, GoldenSetVersionRow } from './projection.ts';

/** Reads of the versions of golden sets: by `<golden set>@<version>`, and the newest first. */
export const goldenSetVersionRows = readsOf(goldenSetVersionsTable, 'created_at');
/** Reads of runs: by id, and the newest first. */
export const evaluationRunRows = readsOf(evaluationRunsTable, 'created_at');

export type EvaluationRunCondition = Condition<typeof evaluationRunsTable.columns>;
