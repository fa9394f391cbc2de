import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { contentIdOf, pieceIdOf, WORKSPACE_PATH, WORKSPACE_PATH_CHARS_MAX } from '../../../schemas/contexts/files.ts';
import { dropWorkspaceFile, filePiece, keepWorkspaceFile } from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';
import { firstPlace } from '../../kafka/first-place.ts';
import { messageOf } from '../../kit/errors.ts';
import { ToolError } from '../errors.ts';
import { argumentsOf } from './arguments.ts';
import type { ToolAdapter, ToolAnswer, ToolRecord, ToolRun } from './port.ts';

/** A file of a workspace in the read model. */
export interface WorkspaceFile {
  readonly file_id: string;
  readonly filename: string | null;
  readonly bytes: number | null;
  readonly digest: string | null;
  readonly pieces: number | null;
  readonly created_at: string | null;
}

/** Queries of the read model of files. */
export interface WorkspaceRows {
  /** Resolves with the files of a workspace that are kept, the newest first; at most 500. */
  files(tenantId: string, workspace: string): Promise<readonly WorkspaceFile[]>;
  /** Resolves with a piece of a content, in base64; null when there is none. */
  piece(tenantId: string, pieceId: string): Promise<string | null>;
}

/** Longest content, in bytes: it travels in the arguments of a call, and is one piece on the log. */
const CONTENT_BYTES_MAX = 48 * 1024;
const QUOTA_BYTES_DEFAULT = 1024 * 1024;
const FILES_DEFAULT = 100;

const configSchema = z.strictObject({
  quota_bytes: z
    .int()
    .min(1)
    .max(64 * 1024 * 1024)
    .default(QUOTA_BYTES_DEFAULT),
  files_max: z.int().min(1).max(500).default(FILES_DEFAULT),
});
type Quota = z.output<typeof configSchema>;

const path = z
  .string()
  .max(WORKSPACE_PATH_CHARS_MAX)
  .regex(WORKSPACE_PATH, 'Expected a relative path without . and .. and backslashes');
const fileArguments = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('list') }),
  z.strictObject({ action: z.literal('read'), path }),
  z.strictObject({ action: z.literal('write'), path, content: z.string() }),
  z.strictObject({ action: z.literal('delete'), path }),
]);

/** Returns the workspace of a call: that of its session, else of its principal. */
export const workspaceOf = ({ sessionId, principal }: Pick<ToolRun, 'sessionId' | 'principal'>): string =>
  sessionId === null ? `principal.${principal}` : `session.${sessionId}`;

const fail = (code: 'TOOL_NOT_FOUND' | 'TOOL_QUOTA_EXCEEDED' | 'TOOL_ARGUMENTS_INVALID', detail: string): ToolError =>
  new ToolError(code, detail, { effect: 'none' });

/** Rejects with ToolError TOOL_UNAVAILABLE for an error of the read model: nothing happened, and another run may help. */
async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (cause) {
    throw new ToolError('TOOL_UNAVAILABLE', messageOf(cause), { effect: 'none', canRetry: true, cause });
  }
}

/** How long a call waits for what earlier calls of this process wrote to its workspace, in ms. */
const SHOWN_MS_MAX = 2_000;
const POLL_MS = 50;
/** Workspaces whose latest writes a process remembers. */
const REMEMBERED_MAX = 1_000;

/** What calls of this process wrote and the read model may not have yet: by workspace, whether a file is there. */
class RecentWrites {
  readonly #rows: WorkspaceRows;
  readonly #expected = new Map<string, Map<string, boolean>>();

  constructor(rows: WorkspaceRows) {
    this.#rows = rows;
  }

  expect(key: string, files: ReadonlyMap<string, boolean>): void {
    const [oldest] = this.#expected.keys();
    if (this.#expected.size >= REMEMBERED_MAX && oldest !== undefined) this.#expected.delete(oldest);
    this.#expected.set(key, new Map([...(this.#expected.get(key) ?? []), ...files]));
  }

  /** Resolves with the files of a workspace by path, once the read model has what was written, or after 2 s. */
  async files(tenantId: string, workspace: string): Promise<ReadonlyMap<string, WorkspaceFile>> {
    const key = `${tenantId}/${workspace}`;
    for (const stop = performance.now() + SHOWN_MS_MAX; ; ) {
      const rows = await asked(this.#rows.files(tenantId, workspace));
      const ids = new Set(rows.map(({ file_id }) => file_id));
      const isShown = [...(this.#expected.get(key) ?? [])].every(([id, isThere]) => ids.has(id) === isThere);
      if (isShown || performance.now() > stop) {
        this.#expected.delete(key);
        // The newest first: an older file of the same path was written at the same time by another call.
        return new Map([...rows].reverse().map((row) => [row.filename ?? '', row]));
      }
      await pause(POLL_MS);
    }
  }
}

/** The files of a workspace in one call. */
class Workspace {
  readonly #rows: WorkspaceRows;
  readonly #recent: RecentWrites;
  readonly #run: ToolRun;
  readonly #name: string;

  constructor(rows: WorkspaceRows, recent: RecentWrites, run: ToolRun) {
    this.#rows = rows;
    this.#recent = recent;
    this.#run = run;
    this.#name = workspaceOf(run);
  }

  async list(): Promise<ToolAnswer> {
    const files = [...(await this.#files()).entries()].sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      output: {
        files: files.map(([name, { bytes, digest, created_at }]) => ({
          path: name,
          bytes,
          digest,
          written_at: created_at,
        })),
      },
    };
  }

  async read(name: string): Promise<ToolAnswer> {
    const { digest, bytes, pieces } = await this.#fileAt(name);
    let content = Buffer.alloc(0);
    if (pieces !== 0) {
      const piece = await asked(this.#rows.piece(this.#run.tenantId, pieceIdOf(digest ?? '', 0)));
      content = Buffer.from(piece ?? '', 'base64');
    }
    if (createHash('sha256').update(content).digest('hex') !== digest)
      throw new ToolError('TOOL_UNAVAILABLE', 'The content is not there yet', { effect: 'none', canRetry: true });
    return { output: { path: name, content: content.toString('utf8'), bytes, digest } };
  }

  async write(name: string, text: string, quota: Quota): Promise<ToolAnswer> {
    const content = Buffer.from(text, 'utf8');
    if (content.length > CONTENT_BYTES_MAX)
      throw fail('TOOL_ARGUMENTS_INVALID', `content: ${content.length} bytes of at most ${CONTENT_BYTES_MAX}`);
    const files = await this.#files();
    const before = files.get(name);
    const others = [...files.values()].filter((file) => file !== before);
    const bytes = others.reduce((sum, file) => sum + (file.bytes ?? 0), content.length);
    if (bytes > quota.quota_bytes) throw fail('TOOL_QUOTA_EXCEEDED', `${bytes} bytes of at most ${quota.quota_bytes}`);
    if (others.length >= quota.files_max) throw fail('TOOL_QUOTA_EXCEEDED', `There are ${quota.files_max} files`);
    const { tenantId, callId, principal, decisionId } = this.#run;
    const digest = createHash('sha256').update(content).digest('hex');
    const fileId = uuidV5(KHIPU_NAMESPACE, `workspace-file/${tenantId}/${this.#name}/${callId}`);
    const file = { fileId, callId, place: this.#place(), workspace: this.#name, path: name, principal, decisionId };
    const pieces = content.length === 0 ? 0 : 1;
    const piece = { contentId: contentIdOf(tenantId, digest), digest, piece: 0, bytes: content.toString('base64') };
    const records: ToolRecord[] = [
      ...(pieces === 0 ? [] : [filePiece(piece)]),
      keepWorkspaceFile({ ...file, bytes: content.length, digest, pieces }),
      ...(before === undefined ? [] : [this.#drop(before.file_id)]),
    ];
    this.#expect([fileId, true], ...(before === undefined ? [] : [[before.file_id, false] as const]));
    return { output: { path: name, bytes: content.length, digest }, records };
  }

  async delete(name: string): Promise<ToolAnswer> {
    const { file_id: fileId, digest } = await this.#fileAt(name);
    this.#expect([fileId, false]);
    return { output: { path: name, digest, deleted: true }, records: [this.#drop(fileId)] };
  }

  #files(): Promise<ReadonlyMap<string, WorkspaceFile>> {
    return this.#recent.files(this.#run.tenantId, this.#name);
  }

  async #fileAt(name: string): Promise<WorkspaceFile> {
    const file = (await this.#files()).get(name);
    if (file === undefined) throw fail('TOOL_NOT_FOUND', `There is no file ${name}`);
    return file;
  }

  /** All files of a workspace are in one place, so that their records are in order. */
  #place(): string {
    return firstPlace(this.#run.tenantId, this.#name, 1);
  }

  #drop(fileId: string): ToolRecord {
    const { callId, principal, decisionId } = this.#run;
    return dropWorkspaceFile({ fileId, callId, place: this.#place(), principal, decisionId });
  }

  #expect(...files: readonly (readonly [string, boolean])[]): void {
    this.#recent.expect(`${this.#run.tenantId}/${this.#name}`, new Map(files));
  }
}

/**
 * Returns the built-in adapter of workspaces. `action` is list, read, write or delete; `path` is a name in the workspace of the
 * calling session, or of the principal outside of sessions. Contents are on the log by their digest. Two calls at once may
 * each stay within a quota that they exceed together.
 */
export function filesAdapter(rows: WorkspaceRows): ToolAdapter {
  const recent = new RecentWrites(rows);
  return {
    name: 'files',
    async audit({ tier }) {
      if (tier === 'declared') return { tier, walls: ['row-level-security', 'no-path-of-a-machine'] };
      throw new ToolError('SANDBOX_UNAVAILABLE', `A call of the tier ${tier} cannot run here`, { effect: 'none' });
    },
    health: async () => ({ ok: true, detail: 'contents on the log' }),
    connect(manifest) {
      const config = configSchema.safeParse(manifest.config ?? {});
      if (!config.success)
        throw new ToolError('TOOL_INVALID', 'config: expected quota_bytes and files_max, or neither', {
          effect: 'none',
        });
      return {
        ...{ verify: null, requests: () => [], forget: () => undefined, close: async () => undefined },
        async execute(run) {
          const given = argumentsOf(fileArguments, run);
          const workspace = new Workspace(rows, recent, run);
          switch (given.action) {
            case 'list':
              return workspace.list();
            case 'read':
              return workspace.read(given.path);
            case 'write':
              return workspace.write(given.path, given.content, config.data);
            case 'delete':
              return workspace.delete(given.path);
          }
        },
      };
    },
  };
}
