import { z } from 'zod';
import { batchEndpoints } from '../../../schemas/contexts/jobs/batch.ts';
import { gather } from '../../kit/gather.ts';
import type { JobFiles } from '../files/port.ts';
import type { JobContext } from '../sdk/context.ts';
import { requestIn } from './batch-line.ts';
import { type BatchResult, resultOf } from './batch-result.ts';

/** Most requests of a part that are asked at once. */
const LANES = 8;

export const contentRef = z.object({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  pieces: z.int().min(0),
});

/** A part of a batch: some lines of its file, answered by a job of their own. */
export const batchPart = z
  .object({
    content: contentRef,
    endpoint: z.enum(batchEndpoints),
    from: z.int().min(0).describe('Its first byte.'),
    to: z.int().min(0).describe('The byte after its last one.'),
    line: z.int().min(1).describe('Number of its first line.'),
  })
  .describe('Lines of a batch, for a job that such a batch starts.');
export type BatchPart = z.output<typeof batchPart>;

/** The result of a part. */
export interface PartResult {
  readonly completed: number;
  readonly failed: number;
  readonly tokens: number;
  /** Lines of answers and of failures; null for none. */
  readonly answers: z.output<typeof contentRef> | null;
  readonly errors: z.output<typeof contentRef> | null;
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/**
 * Answers the requests of a part, some at once. A request that fails does not end it. Each lane takes every n-th request, so
 * that a run asks in the same order as the one before; the content that it reads is named by its digest, so it is the same.
 */
export async function answerPart(ctx: JobContext, files: JobFiles, part: BatchPart): Promise<PartResult> {
  const { tenantId, jobId } = ctx;
  const chunks = await gather(files.read(tenantId, part.content, part.from, part.to));
  const lines = Buffer.concat(chunks)
    .toString()
    .split('\n')
    .map((text, at) => ({ text, number: part.line + at }))
    .filter(({ text }) => text.trim() !== '');
  const created = Math.floor(ctx.now().getTime() / 1_000);
  const results: BatchResult[] = [];
  const lanes = Math.min(LANES, lines.length);
  await ctx.all(
    Array.from({ length: lanes }, (_, lane) => async (branch: JobContext) => {
      for (let at = lane; at < lines.length; at += lanes) {
        const { text, number } = lines[at] as (typeof lines)[number];
        results[at] = await resultOf(branch, requestIn(text, part.endpoint), { jobId, number, created });
      }
    }),
  );
  const keep = (which: readonly BatchResult[], name: string) =>
    which.length === 0
      ? null
      : ctx.step(name, () => files.keep(tenantId, () => bytesOf(which.map(({ line }) => line).join(''))));
  const [good, bad] = [results.filter(({ isAnswered }) => isAnswered), results.filter((each) => !each.isAnswered)];
  return {
    ...{ completed: good.length, failed: bad.length, tokens: results.reduce((sum, { tokens }) => sum + tokens, 0) },
    ...{ answers: await keep(good, 'answers'), errors: await keep(bad, 'errors') },
  };
}
