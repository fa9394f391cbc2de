/** Limits and vocabularies of files, the names of their pieces, and what governance has to know of their commands. */

import type { Credential } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';

/** Size of a piece, in bytes; the last one of a content has the rest. In base64 it fits into a record. */
export const FILE_PIECE_BYTES = 512 * 1024;
/** Largest file of a platform that sets no other limit, and the largest limit that can be set. */
export const FILE_BYTES_MAX_DEFAULT = 100 * 1024 * 1024;
export const FILE_BYTES_MAX_LARGEST = 512 * 1024 * 1024;
/** Longest line of NDJSON, in bytes, and most lines of a file for a batch. */
export const FILE_LINE_BYTES_MAX = 256 * 1024;
export const FILE_LINES_MAX = 50_000;
export const FILE_NAME_CHARS_MAX = 255;

/** What an upload may be for. */
export const uploadPurposes = ['batch', 'user_data'] as const;
export type UploadPurpose = (typeof uploadPurposes)[number];
/** What a file may be for: an open vocabulary on the wire. */
export const filePurposes = [...uploadPurposes, 'batch_output', 'audit_export', 'workspace'] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** Path in a workspace: segments of letters, digits, spaces and _.-, none of them only dots. No path of a machine is meant. */
export const WORKSPACE_PATH =
  /^(?!.*(?:^|\/)\.+(?:\/|$))[\p{L}\p{N}_.-][\p{L}\p{N} _.-]*(?:\/[\p{L}\p{N}_.-][\p{L}\p{N} _.-]*)*$/u;
export const WORKSPACE_PATH_CHARS_MAX = 200;

/** Capabilities of files: to upload, to read and to delete. */
export const CREATE_FILES = 'files:create';
export const READ_FILES = 'files:read';
export const DELETE_FILES = 'files:delete';

/** A content on the log, by its name. */
export interface ContentRef {
  /** sha256 of the whole, hex. */
  readonly digest: string;
  readonly bytes: number;
  readonly pieces: number;
}

/** Returns the number of pieces of a content. */
export const piecesOf = (bytes: number): number => Math.ceil(bytes / FILE_PIECE_BYTES);

/** Returns the key of the pieces of a content. */
export const contentIdOf = (tenantId: string, digest: string): string => `${tenantId}/${digest}`;

/** Returns the name of a piece in its tenant. */
export const pieceIdOf = (digest: string, piece: number): string => `${digest}/${piece}`;

interface FileCommand {
  readonly fileId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/** The resource is the tool `files`, so that the kill switch `tool:files` stops both commands. */
const describe = (
  { fileId, principal, capabilities, credential, labels }: FileCommand,
  needs: string,
  text: string | null,
): Description => ({
  ...{ principal, capabilities, credential, resourceId: 'files', needs, delegates: false },
  ...{ session: credential?.sessionId ?? null, persona: null, text, textLimit: 'prompt_chars_max', labels },
  ...{ maxTokens: null, estimate: { unit: 'calls', callsMax: 1 }, requestId: fileId },
});

const example = ({ capabilities, labels }: Example): FileCommand => ({
  ...{ fileId: EXAMPLE_ID, principal: 'constitution-tests', capabilities, credential: null, labels },
});

export const filesCommands: Descriptors<RecordsIn<typeof topics.filesCommands>> = {
  // Rules see the name. What a file says is seen when it is used: each prompt of a batch is decided on its own.
  CreateFile: {
    resource: 'Tool',
    describe: (command) => describe(command, CREATE_FILES, command.filename),
    example: (given) => ({
      ...{ ...example(given), filename: given.text ?? EXAMPLE_TEXT, purpose: 'batch', bytes: 2, pieces: 1, lines: 1 },
      digest: '0'.repeat(64),
    }),
  },
  DeleteFile: {
    resource: 'Tool',
    describe: (command) => describe(command, DELETE_FILES, null),
    example,
  },
};
