import { type Condition, readsOf } from '../rows.ts';
import { filePiecesTable, filesTable } from './projection.ts';

export type { FileRow } from './projection.ts';

/** Reads of files: by id, and the newest first. A deleted one has a row. */
export const fileRows = readsOf(filesTable, 'created_at');
/** Reads of the pieces of contents. */
export const filePieceRows = readsOf(filePiecesTable, 'created_at');

/** A condition on files. */
export type FileCondition = Condition<typeof filesTable.columns>;
