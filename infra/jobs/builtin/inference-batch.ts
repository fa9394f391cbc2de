import { z } from 'zod';
import { INFERENCE_BATCH } from '../../../schemas/contexts/jobs/batch.ts';
import { type AskedFormat, responseFormat } from '../../models/openai/response-format.ts';
import type { JobFiles } from '../files/port.ts';
import type { JobContext } from '../sdk/context.ts';
import { failureOf, JobError } from '../sdk/errors.ts';
import { type Job, job } from '../sdk/job.ts';
import { askedFormat } from './asked-format.ts';
import { answerFile, batchFile } from './batch-file.ts';
import { answerPart, batchPart, contentRef } from './batch-part.ts';

const PROMPTS_MAX = 500;
const CONCURRENCY_MAX = 32;

const line = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Returned with the result; default: the number of the line, from 1.'),
  prompt: z.string().min(1).describe('The prompt.'),
  response_format: responseFormat.optional().describe('Form of the answer; default: that of all prompts.'),
});

const input = z
  .object({
    prompts: z
      .array(z.union([z.string().min(1), line]))
      .min(1)
      .max(PROMPTS_MAX)
      .optional()
      .describe('Prompts, each as text or with an id.'),
    ndjson: z
      .string()
      .optional()
      .describe('Prompts as NDJSON: one object with `prompt` and, optionally, `id` and `response_format` per line.'),
    model: z.string().optional().describe('Model for all prompts; default: the default model.'),
    max_tokens: z.int().min(1).optional().describe('Upper bound of each answer, in tokens.'),
    response_format: responseFormat.optional().describe('Form of the answer to each prompt; default: text.'),
    concurrency: z.int().min(1).max(CONCURRENCY_MAX).default(8).describe('Most prompts at once.'),
    batch: batchFile.optional(),
    part: batchPart.optional(),
  })
  .describe('Either `prompts` or `ndjson`, at most 500 prompts; or `batch`, a file of requests.');

const result = z.object({
  id: z.string(),
  text: z.string().nullable().describe('The answer; null when it failed.'),
  code: z.string().nullable().describe('Stable code of a failure; null for an answer.'),
  tokens: z.int().describe('Tokens of prompt and answer.'),
});

const output = z.object({
  completed: z.int(),
  failed: z.int(),
  tokens: z.int(),
  ndjson: z.string().optional().describe('One line per prompt, in the order of the prompts: id, text, code, tokens.'),
  output_file_id: z.string().nullable().optional().describe('File with the answers of a batch.'),
  error_file_id: z.string().nullable().optional().describe('File with its failures.'),
  cancelled: z.int().optional().describe('Of a cancelled batch: requests that were not asked.'),
  answers: contentRef.nullable().optional(),
  errors: contentRef.nullable().optional(),
});

type Line = { readonly id: string; readonly prompt: string; readonly format: AskedFormat | undefined };
type Result = z.output<typeof result>;

/** Bytes of the results within the limit of a job's result; long answers are cut to it, and whole in the journal. */
const RESULT_BYTES_MAX = 56 * 1024;

const invalid = (detail: string): JobError => new JobError('JOB_INPUT_INVALID', detail, { retryable: false });

/** Returns the prompts of an input. Throws JOB_INPUT_INVALID, which names the line of NDJSON that is none. */
function linesOf({ prompts = [], ndjson }: z.output<typeof input>): readonly Line[] {
  const all = ndjson === undefined ? prompts : parsed(ndjson);
  if (all.length === 0) throw invalid('there are no prompts');
  if (all.length > PROMPTS_MAX) throw invalid(`there are ${all.length} prompts; at most ${PROMPTS_MAX}`);
  return all.map((each, index) => {
    const given: Partial<z.output<typeof line>> = typeof each === 'string' ? { prompt: each } : each;
    const { id = String(index + 1), prompt = '', response_format: format } = given;
    return { id, prompt, format };
  });
}

function parsed(ndjson: string): readonly z.output<typeof line>[] {
  const lines = ndjson.split('\n').map((text, index) => ({ text: text.trim(), number: index + 1 }));
  return lines.flatMap(({ text, number }) => {
    if (text === '') return [];
    const given = line.safeParse(jsonOf(text));
    if (!given.success) throw invalid(`line ${number} of ndjson is no prompt`);
    return [given.data];
  });
}

/** Returns undefined for a text that is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Cuts a text to a number of bytes, between characters. */
function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  return bytes.length <= bytesMax
    ? text
    : `${bytes
        .subarray(0, bytesMax)
        .toString()
        .replace(/\uFFFD$/, '')}…`;
}

async function answer(ctx: JobContext, { id, prompt, format }: Line, options: z.output<typeof input>): Promise<Result> {
  const { model, max_tokens: maxTokens } = options;
  const optional = { ...(model !== undefined && { model }), ...(maxTokens !== undefined && { maxTokens }) };
  const asked = { prompt, ...optional, ...askedFormat(format ?? options.response_format) };
  try {
    const { text, tokens } = await ctx.model(asked);
    return { id, text, code: null, tokens: tokens.prompt + tokens.completion };
  } catch (error) {
    return { id, text: null, code: failureOf(error, 'INFERENCE_FAILED').code, tokens: 0 };
  }
}

/**
 * Answers many prompts, some at once. A prompt that fails does not end the job: its line has the code. Each lane takes
 * every n-th prompt, so that a run asks in the same order as the one before.
 */
async function answerPrompts(ctx: JobContext, options: z.output<typeof input>): Promise<z.input<typeof output>> {
  const lines = linesOf(options);
  const results: Result[] = [];
  const lanes = Math.min(options.concurrency, lines.length);
  let done = 0;
  await ctx.all(
    Array.from({ length: lanes }, (_, lane) => async (branch: JobContext) => {
      for (let at = lane; at < lines.length; at += lanes) {
        results[at] = await answer(branch, lines[at] as Line, options);
        done += 1;
        ctx.progress((100 * done) / lines.length, `${done} of ${lines.length} prompts`);
      }
    }),
  );
  const bytesMax = Math.floor(RESULT_BYTES_MAX / lines.length);
  const shown = results.map((each) => ({ ...each, text: each.text === null ? null : cut(each.text, bytesMax) }));
  return {
    completed: results.filter(({ code }) => code === null).length,
    failed: results.filter(({ code }) => code !== null).length,
    tokens: results.reduce((sum, { tokens }) => sum + tokens, 0),
    ndjson: shown.map((each) => JSON.stringify(each)).join('\n'),
  };
}

/** Returns the job that answers many prompts, given in its input or in a file. */
export const inferenceBatch = (files: JobFiles): Job<typeof input, typeof output> =>
  job({
    ...{ name: INFERENCE_BATCH, version: 4, title: 'Answer many prompts, with one result per prompt', input, output },
    async run(ctx, options) {
      if (options.batch !== undefined) return answerFile(ctx, files, options.batch);
      if (options.part !== undefined) return answerPart(ctx, files, options.part);
      return answerPrompts(ctx, options);
    },
  });
