import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FILE_LINE_BYTES_MAX, FILE_LINES_MAX } from '../../../schemas/contexts/files.ts';
import {
  BATCH_METADATA_MAX,
  batchEndpoints,
  batchProgress,
  INFERENCE_BATCH,
} from '../../../schemas/contexts/jobs/batch.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import { linesOf } from '../../kit/lines.ts';
import type { JobFiles } from '../files/port.ts';
import type { JobContext } from '../sdk/context.ts';
import { JobError } from '../sdk/errors.ts';
import { customIdIn, jsonOf } from './batch-line.ts';
import { type BatchPart, contentRef, type PartResult } from './batch-part.ts';

/** Lines of a part, and parts that are answered at once. */
const PART_LINES = 50;
const PARTS_AT_ONCE = 4;

/** A batch whose requests are in a file. */
export const batchFile = z
  .object({
    file: contentRef.extend({ file_id: z.string(), lines: z.int().min(0) }).describe('The file and its content.'),
    endpoint: z.enum(batchEndpoints).describe('The route that every request names.'),
    metadata: z
      .record(z.string().min(1).max(64), z.string().max(512))
      .refine((pairs) => Object.keys(pairs).length <= BATCH_METADATA_MAX)
      .default({}),
  })
  .describe('Requests in a file, for `POST /v1/batches`.');
type BatchFile = z.output<typeof batchFile>;

/** The result of a batch. */
export interface FileResult {
  readonly completed: number;
  readonly failed: number;
  readonly tokens: number;
  /** NDJSON with the answers, and with the failures; null where there are none. */
  readonly output_file_id: string | null;
  readonly error_file_id: string | null;
}

/** First byte, byte after the last, number of the first line, and number of requests. */
type Part = readonly [from: number, to: number, line: number, requests: number];

const invalid = (detail: string): JobError => new JobError('BATCH_INVALID', detail, { retryable: false });

/**
 * Cuts the file into parts of whole lines. Rejects with JobError, not retryable: BATCH_INVALID for a file that is empty, has
 * too many requests or a `custom_id` twice, FILE_DAMAGED for a content that is not that of its digest.
 */
async function partsOf(files: JobFiles, tenantId: string, content: BatchFile['file']): Promise<readonly Part[]> {
  const hash = createHash('sha256');
  const parts: Part[] = [];
  const lineById = new Map<string, number>();
  let open: { readonly from: number; readonly line: number; to: number; requests: number } | null = null;
  let requests = 0;
  const close = (): void => {
    if (open !== null) parts.push([open.from, open.to, open.line, open.requests]);
    open = null;
  };
  async function* hashed() {
    for await (const chunk of files.read(tenantId, content)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  for await (const { text, number, from, to } of linesOf(hashed(), FILE_LINE_BYTES_MAX)) {
    if (text.trim() === '') continue;
    const id = customIdIn(jsonOf(text));
    const earlier = id === null ? undefined : lineById.get(id);
    if (earlier !== undefined) throw invalid(`line ${number} has the custom_id of line ${earlier}`);
    if (id !== null) lineById.set(id, number);
    requests += 1;
    open ??= { from, line: number, to, requests: 0 };
    open.to = to;
    open.requests += 1;
    if (open.requests === PART_LINES) close();
  }
  close();
  if (hash.digest('hex') !== content.digest)
    throw new JobError('FILE_DAMAGED', 'the content is not that of its digest', { retryable: false });
  if (requests === 0) throw invalid('the file has no requests');
  if (requests > FILE_LINES_MAX) throw invalid(`the file has ${requests} requests; at most ${FILE_LINES_MAX}`);
  return parts;
}

/** Reading and writing wait long already: a step that fails is begun again with longer pauses. */
const FILE_STEP = { retry: { attempts: 10, firstDelayMs: 1_000, delayMaxMs: 60_000 } } as const;

/**
 * Answers a batch: each part is a job of its own, so that the journal of none is long, and a request is asked once. Writes the
 * answers and the failures to files, in the order of the requests.
 */
export async function answerFile(ctx: JobContext, files: JobFiles, batch: BatchFile): Promise<FileResult> {
  const { tenantId, jobId } = ctx;
  const { file, endpoint } = batch;
  const parts = await ctx.step('parts', () => partsOf(files, tenantId, file), FILE_STEP);
  const total = parts.reduce((sum, [, , , requests]) => sum + requests, 0);
  const content = { digest: file.digest, bytes: file.bytes, pieces: file.pieces };
  const results: PartResult[] = [];
  const sum = (field: 'completed' | 'failed' | 'tokens'): number =>
    results.reduce((all, each) => all + (each?.[field] ?? 0), 0);
  const lanes = Math.min(PARTS_AT_ONCE, parts.length);
  await ctx.all(
    Array.from({ length: lanes }, (_, lane) => async (branch: JobContext) => {
      for (let at = lane; at < parts.length; at += lanes) {
        const [from, to, line] = parts[at] as Part;
        const part: BatchPart = { content, endpoint, from, to, line };
        results[at] = (await branch.child(INFERENCE_BATCH, { part }, { name: 'part' })) as PartResult;
        const [completed, failed] = [sum('completed'), sum('failed')];
        ctx.progress((100 * (completed + failed)) / total, batchProgress({ total, completed, failed }));
      }
    }),
  );

  /** Writes one file from those of the parts. */
  const written = async (what: 'answers' | 'errors', name: string): Promise<string | null> => {
    const contents = results.flatMap((each) => each[what] ?? []);
    const lines = sum(what === 'answers' ? 'completed' : 'failed');
    if (contents.length === 0) return null;
    const fileId = uuidV5(jobId, `batch/${name}`);
    async function* whole() {
      for (const each of contents) yield* files.read(tenantId, each);
    }
    await ctx.step(
      name,
      async () => {
        const kept = await files.keep(tenantId, whole);
        const filename = `batch_${jobId}_${name}.jsonl`;
        await files.create(tenantId, { ...kept, fileId, jobId, filename, purpose: 'batch_output', lines });
      },
      FILE_STEP,
    );
    return fileId;
  };
  return {
    ...{ completed: sum('completed'), failed: sum('failed'), tokens: sum('tokens') },
    ...{ output_file_id: await written('answers', 'output'), error_file_id: await written('errors', 'error') },
  };
}
