import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FILE_LINE_BYTES_MAX, FILE_LINES_MAX } from '../../../schemas/contexts/files.ts';
import {
  BATCH_CANCEL,
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
import { unaskedLine } from './batch-result.ts';

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
  /** Of a cancelled batch: requests that were not asked, which are in the error file as well. */
  readonly cancelled?: number;
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

/** A batch while it is answered. */
interface Answering {
  readonly files: JobFiles;
  readonly content: BatchFile['file'];
  readonly endpoint: BatchFile['endpoint'];
  readonly parts: readonly Part[];
  /** By part; a hole for one that was not asked. */
  readonly results: (PartResult | undefined)[];
}

const sumOf = ({ results }: Answering, field: 'completed' | 'failed' | 'tokens'): number =>
  results.reduce((all, each) => all + (each?.[field] ?? 0), 0);

/**
 * Answers a batch: each part is a job of its own, so that the journal of none is long, and a request is asked once. Writes the
 * answers and the failures to files, in the order of the requests. After the signal that cancels it, the parts that run end, and
 * no other one begins.
 */
export async function answerFile(ctx: JobContext, files: JobFiles, batch: BatchFile): Promise<FileResult> {
  const { file, endpoint } = batch;
  const parts = await ctx.step('parts', () => partsOf(files, ctx.tenantId, file), FILE_STEP);
  const answering: Answering = { files, content: file, endpoint, parts, results: [] };
  const isCancelled = await answerParts(ctx, answering);
  const unasked = parts.filter((_, at) => answering.results[at] === undefined);
  const cancelled = unasked.reduce((sum, [, , , requests]) => sum + requests, 0);
  const { results } = answering;
  const written = {
    output: results.flatMap((each) => each?.answers ?? []),
    error: parts.flatMap((part, at): readonly Content[] => {
      const result = results[at];
      return result === undefined ? [part] : [result.errors ?? []].flat();
    }),
  };
  const [completed, failed] = [sumOf(answering, 'completed'), sumOf(answering, 'failed')];
  return {
    ...{ completed, failed, tokens: sumOf(answering, 'tokens') },
    output_file_id: await writtenTo(ctx, answering, { name: 'output', contents: written.output, lines: completed }),
    error_file_id: await writtenTo(ctx, answering, {
      ...{ name: 'error', contents: written.error, lines: failed + cancelled },
    }),
    ...(isCancelled && { cancelled }),
  };
}

/** Answers the parts, some at once. Resolves with whether the batch was cancelled. */
async function answerParts(ctx: JobContext, answering: Answering): Promise<boolean> {
  const { content: file, endpoint, parts, results } = answering;
  const content = { digest: file.digest, bytes: file.bytes, pieces: file.pieces };
  const total = parts.reduce((sum, [, , , requests]) => sum + requests, 0);
  let isCancelled = false;
  // A result is delivered in the same order in every run: so the same parts find it, and begin none. A journal of before has none.
  if (ctx.patched(BATCH_CANCEL))
    void ctx.signal(BATCH_CANCEL).then(() => {
      isCancelled = true;
    });
  const lanes = Math.min(PARTS_AT_ONCE, parts.length);
  await ctx.all(
    Array.from({ length: lanes }, (_, lane) => async (branch: JobContext) => {
      for (let at = lane; at < parts.length && !isCancelled; at += lanes) {
        const [from, to, line] = parts[at] as Part;
        const part: BatchPart = { content, endpoint, from, to, line };
        results[at] = (await branch.child(INFERENCE_BATCH, { part }, { name: 'part' })) as PartResult;
        const [completed, failed] = [sumOf(answering, 'completed'), sumOf(answering, 'failed')];
        ctx.progress((100 * (completed + failed)) / total, batchProgress({ total, completed, failed }));
      }
    }),
  );
  return isCancelled;
}

/** Lines of a part, or a part that was not asked. */
type Content = NonNullable<PartResult['answers']> | Part;

/** A file of a batch. */
interface Written {
  readonly name: 'output' | 'error';
  readonly contents: readonly Content[];
  readonly lines: number;
}

/** Writes one file. Resolves with its id; with null when it would be empty. */
async function writtenTo(
  ctx: JobContext,
  { files, content }: Answering,
  { name, contents, lines }: Written,
): Promise<string | null> {
  const { tenantId, jobId } = ctx;
  if (contents.length === 0) return null;
  const fileId = uuidV5(jobId, `batch/${name}`);
  async function* whole() {
    for (const each of contents) {
      if ('digest' in each) yield* files.read(tenantId, each);
      else yield* unaskedLines(jobId, files.read(tenantId, content, each[0], each[1]), each[2]);
    }
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
}

/** Yields a line of the error file for each request of a part that was not asked; `first` is the number of its first line. */
async function* unaskedLines(jobId: string, bytes: AsyncIterable<Uint8Array>, first: number): AsyncGenerator<Buffer> {
  for await (const { text, number } of linesOf(bytes, FILE_LINE_BYTES_MAX)) {
    if (text.trim() !== '') yield Buffer.from(unaskedLine(jobId, text, first + number - 1));
  }
}
