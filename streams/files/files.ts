import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  type BudgetShortfall,
  fileCreated,
  fileDeleted,
  fileRefused,
  type KeepFile,
  type KeepWorkspaceFile,
  type PolicyDecided,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, processor, type RecordOf } from '../kernel.ts';

type Input = RecordOf<'PolicyDecided' | 'KeepFile' | 'KeepWorkspaceFile' | 'DropWorkspaceFile'>;
type FileEvent = RecordOf<'FileCreated' | 'FileDeleted' | 'FileRefused'>;

/**
 * absent ──create, or written by a job──▶ kept ──delete──▶ deleted
 *
 * The pieces of a content are on the log before its file is created, and stay there. A deleted file keeps its state, so that
 * a late repeat does not bring it back.
 */
export type FileState =
  | { readonly status: 'absent' }
  | { readonly status: 'kept'; readonly tenantId: string }
  | { readonly status: 'deleted' };

/** Decides on a decision of policy, or on a file that a job has written. Repeats emit nothing. */
export function decide(state: FileState, input: Input, { tenantId }: Pick<Meta, 'tenantId'>): readonly FileEvent[] {
  switch (input.type) {
    case 'PolicyDecided':
      return commanded(state, input.data, tenantId);
    case 'KeepFile':
      return state.status === 'absent' ? [written(input.data, tenantId)] : [];
    case 'KeepWorkspaceFile':
      return state.status === 'absent' ? [inWorkspace(input.data, tenantId)] : [];
    case 'DropWorkspaceFile': {
      const { fileId, principal: deletedBy, decisionId } = input.data;
      return state.status === 'kept' && state.tenantId === tenantId
        ? [fileDeleted({ fileId, deletedBy, decisionId })]
        : [];
    }
    default:
      return assertNever(input);
  }
}

const inWorkspace = ({ path: filename, ...file }: KeepWorkspaceFile, tenantId: string): FileEvent => {
  const { fileId, workspace, principal, bytes, digest, pieces, decisionId } = file;
  const content = { filename, purpose: 'workspace', bytes, digest, pieces, lines: null };
  return fileCreated({ fileId, tenantId, principal, jobId: null, ...content, decisionId, workspace });
};

const written = (file: KeepFile, tenantId: string): FileEvent =>
  fileCreated({ ...file, tenantId, principal: null, decisionId: null, workspace: null });

function commanded(state: FileState, decided: PolicyDecided, tenantId: string): readonly FileEvent[] {
  const { command, decision } = decided;
  if (command.type !== 'CreateFile' && command.type !== 'DeleteFile') return [];
  const { fileId, principal } = command.data;
  const refuse = (code: string, detail: string, shortfall: BudgetShortfall | null = null): readonly FileEvent[] => [
    fileRefused({ fileId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return refuse(code, detail, shortfall);
  }
  const { decisionId } = decision;
  if (command.type === 'DeleteFile')
    return state.status === 'kept' && state.tenantId === tenantId
      ? [fileDeleted({ fileId, deletedBy: principal, decisionId })]
      : refuse('FILE_NOT_FOUND', 'There is no file of this id.');
  if (state.status !== 'absent') return [];
  const { filename, purpose, bytes, digest, pieces, lines } = command.data;
  const content = { filename, purpose, bytes, digest, pieces, lines };
  return [fileCreated({ fileId, tenantId, principal, jobId: null, ...content, decisionId, workspace: null })];
}

/** Folds one event into the state of its file. */
export function evolve(state: FileState, event: FileEvent): FileState {
  switch (event.type) {
    case 'FileCreated':
      return { status: 'kept', tenantId: event.data.tenantId };
    case 'FileDeleted':
      return { status: 'deleted' };
    case 'FileRefused':
      return state;
    default:
      return assertNever(event);
  }
}

const keyOf = (record: Input): string | null => {
  if (record.type !== 'PolicyDecided') return record.data.fileId;
  const { type } = record.data.command;
  return type === 'CreateFile' || type === 'DeleteFile' ? record.data.subjectId : null;
};

/** Creates and deletes files. State: some 60 bytes a file. */
export const files = processor({
  name: 'files',
  inputs: [topics.policyDecisions, topics.filesOutputs, topics.filesWorkspaces],
  outputs: [topics.filesEvents],
  state: topics.filesState,
  initial: { status: 'absent' } as FileState,
  finished: ({ status }) => status === 'absent',
  key: keyOf,
  decide,
  evolve,
});
