import { describe, expect, it } from 'vitest';
import {
  createFile,
  deleteFile,
  dropWorkspaceFile,
  fileCreated,
  fileDeleted,
  fileRefused,
  keepFile,
  keepWorkspaceFile,
} from '../../schemas/generated/records.ts';
import { metaFor, scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { files } from './files.ts';

const { given, when } = scenarios(files, { startMs: Date.UTC(2026, 0, 1) });

const fileId = 'file-1';
const content = {
  ...{ filename: 'prompts.jsonl', purpose: 'batch', bytes: 600_000, digest: 'ab'.repeat(32), pieces: 2, lines: 300 },
};
const asked = { fileId, principal: 'key-1', capabilities: ['files:*'], credential: null, labels: [] };
const creating = createFile({ ...asked, ...content });
const deleting = deleteFile(asked);
const { tenantId } = metaFor(creating);
const { decision } = decisionOn(creating).data;
const created = fileCreated({
  ...{ fileId, tenantId, principal: 'key-1', jobId: null, ...content, decisionId: decision.decisionId },
  workspace: null,
});

describe('a file', () => {
  it('is created when policy allows it, with the content that the command names', () => {
    when(decisionOn(creating)).then(created);
  });

  it('is refused with the code of the decision', () => {
    const outcome = when(decisionOn(creating, denied));
    expect(outcome.records).toMatchObject([{ type: 'FileRefused', data: { code: 'POLICY_DENIED' } }]);
    expect(outcome.state).toBeUndefined();
  });

  it('is created once, and does not come back after it was deleted', () => {
    given(created).when(decisionOn(creating)).then();
    given(created, fileDeleted({ fileId, deletedBy: 'key-1', decisionId: 'd' }))
      .when(decisionOn(creating))
      .then();
  });

  it('of a job is kept without a decision of its own, once', () => {
    const kept = keepFile({ fileId, jobId: 'job-1', ...content });
    const written = fileCreated({
      fileId,
      tenantId,
      principal: null,
      jobId: 'job-1',
      ...content,
      decisionId: null,
      workspace: null,
    });
    when(kept).then(written);
    given(written).when(kept).then();
  });

  it('of a workspace is kept and deleted by calls of the tool, each once, in its tenant alone', () => {
    const by = { fileId, callId: 'call-1', place: `${tenantId}/0`, principal: 'key-1', decisionId: 'd' };
    const keeping = keepWorkspaceFile({
      ...{ ...by, workspace: 'session.s', path: 'notes/a.md', bytes: 2, digest: 'ab'.repeat(32), pieces: 1 },
    });
    const { callId: _, place: _place, path: filename, ...file } = keeping.data;
    const written = fileCreated({ ...file, tenantId, jobId: null, filename, purpose: 'workspace', lines: null });
    when(keeping).then(written);
    given(written).when(keeping).then();
    const gone = fileDeleted({ fileId, deletedBy: 'key-1', decisionId: 'd' });
    given(written).when(dropWorkspaceFile(by)).then(gone);
    given(written, gone).when(dropWorkspaceFile(by)).then();
    given(fileCreated({ ...written.data, tenantId: 'another' }))
      .when(dropWorkspaceFile(by))
      .then();
  });
});

describe('a deletion', () => {
  const { decision: allowed } = decisionOn(deleting).data;
  const unknown = fileRefused({
    ...{ fileId, principal: 'key-1', code: 'FILE_NOT_FOUND', detail: 'There is no file of this id.' },
    ...{ decision: allowed, shortfall: null },
  });

  it('deletes a file', () => {
    given(created)
      .when(decisionOn(deleting))
      .then(fileDeleted({ fileId, deletedBy: 'key-1', decisionId: allowed.decisionId }));
  });

  it('is refused where there is no file, where it was deleted, and where another tenant has it', () => {
    when(decisionOn(deleting)).then(unknown);
    given(created, fileDeleted({ fileId, deletedBy: 'key-1', decisionId: 'd' }))
      .when(decisionOn(deleting))
      .then(unknown);
    given(fileCreated({ ...created.data, tenantId: 'another' }))
      .when(decisionOn(deleting))
      .then(unknown);
  });
});
