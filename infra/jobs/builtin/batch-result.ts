import { BATCH_CANCELLED } from '../../../schemas/contexts/jobs/batch.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import type { EmbeddingAnswer, JobContext, ModelAnswer } from '../sdk/context.ts';
import { failureOf } from '../sdk/errors.ts';
import { type BatchRequest, customIdIn, jsonOf } from './batch-line.ts';

/** The end of a request of a batch: a line of its output file, or of its error file. */
export interface BatchResult {
  readonly isAnswered: boolean;
  /** Tokens of prompt and answer. */
  readonly tokens: number;
  /** JSON, with the line break. */
  readonly line: string;
}

/** Where a request stands: ids derive from the job and the number of the line. */
interface Place {
  readonly jobId: string;
  readonly number: number;
  /** Seconds since 1970. */
  readonly created: number;
}

type Asked = Exclude<BatchRequest, { readonly kind: 'invalid' }>;

/** Answers a request. Never rejects: a failure is a line with its code. */
export async function resultOf(ctx: JobContext, request: BatchRequest, place: Place): Promise<BatchResult> {
  if (request.kind === 'invalid') return failed(place, request.customId, 'BATCH_LINE_INVALID', request.detail);
  try {
    if (request.kind === 'chat') return chatResult(place, request, await ctx.model(request.request));
    return embeddingResult(place, request, await ctx.embed(request.request));
  } catch (error) {
    const { code, detail } = failureOf(error, 'INFERENCE_FAILED');
    return failed(place, request.customId, code, detail);
  }
}

const idOf = ({ jobId, number }: Place, what: string): string => uuidV5(jobId, `batch/${what}/${number}`);
const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

function answered(place: Place, { customId }: Asked, tokens: number, body: object): BatchResult {
  const response = { status_code: 200, request_id: idOf(place, 'call'), body };
  const line = lineOf({ id: `batch_req_${idOf(place, 'line')}`, custom_id: customId, response, error: null });
  return { isAnswered: true, tokens, line };
}

function failed(place: Place, customId: string | null, code: string, message: string): BatchResult {
  const error = { code, message, line: place.number };
  const line = lineOf({ id: `batch_req_${idOf(place, 'line')}`, custom_id: customId, response: null, error });
  return { isAnswered: false, tokens: 0, line };
}

/** Returns the line of a request that a cancelled batch has not asked; `text` is its line of the input file. */
export function unaskedLine(jobId: string, text: string, number: number): string {
  const message = 'The batch was cancelled before this request was asked.';
  return failed({ jobId, number, created: 0 }, customIdIn(jsonOf(text)), BATCH_CANCELLED, message).line;
}

function chatResult(place: Place, request: Asked, answer: ModelAnswer): BatchResult {
  const { prompt, completion } = answer.tokens;
  return answered(place, request, prompt + completion, {
    ...{ id: `chatcmpl-${idOf(place, 'call')}`, object: 'chat.completion', created: place.created },
    model: answer.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: answer.text, refusal: null },
        logprobs: null,
        finish_reason: answer.finish_reason === 'length' ? 'length' : 'stop',
      },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  });
}

function embeddingResult(
  place: Place,
  request: Extract<Asked, { kind: 'embedding' }>,
  { vectors, model, tokens }: EmbeddingAnswer,
): BatchResult {
  const encoded = (vector: readonly number[]) =>
    request.format === 'float' ? vector : Buffer.from(new Float32Array(vector).buffer).toString('base64');
  return answered(place, request, tokens.prompt, {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encoded(vector) })),
    model,
    usage: { prompt_tokens: tokens.prompt, total_tokens: tokens.prompt },
  });
}
