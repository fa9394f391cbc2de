import { z } from 'zod';
import { responseFormat } from '../../infra/models/openai/response-format.ts';
import { modelName } from './asked-model.ts';

const text = z.string().max(100_000);
const content = z.union([
  text,
  z
    .array(z.strictObject({ type: z.literal('text'), text }))
    .min(1)
    .max(64),
]);
/** Members that clients send back from an earlier answer, where they are empty. */
const nothing = { refusal: z.null().optional(), annotations: z.array(z.never()).max(0).optional() };

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content }),
  z.strictObject({ role: z.literal('user'), content }),
  z.strictObject({ role: z.literal('assistant'), content, ...nothing }),
]);
/** A message of a request. */
export type RequestMessage = z.output<typeof message>;

/** Returns a parameter that may only have the value which changes nothing. */
const only = <const V extends string | number | boolean>(value: V) =>
  z.literal(value, `Expected ${JSON.stringify(value)}: no other value is supported`).nullish();

const tokens = z.int().min(1).max(4_096);

/** Body of a chat completion. A parameter that is not listed is not supported, and refused. */
export const chatBody = z
  .strictObject({
    model: modelName,
    messages: z.array(message).min(1).max(256).meta({ description: 'Oldest first; the last one is of the user' }),
    stream: z.boolean().nullish().meta({ description: 'True for Server-Sent Events' }),
    stream_options: z
      .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: only(false) })
      .nullish()
      .meta({ description: '`include_usage`: a chunk with the usage comes last' }),
    temperature: z.number().min(0).max(2).nullish().meta({ description: 'That of the persona when omitted' }),
    seed: z.int().min(0).max(2_147_483_647).nullish().meta({ description: 'Seed of the sampler' }),
    stop: z
      .union([z.string().min(1).max(100), z.array(z.string().min(1).max(100)).min(1).max(4)])
      .nullish()
      .meta({ description: 'At most 4 texts that end the answer, which does not contain them' }),
    max_completion_tokens: tokens.nullish().meta({ description: 'Maximum length of the answer, in tokens' }),
    max_tokens: tokens.nullish().meta({ description: 'The older name of `max_completion_tokens`' }),
    metadata: z
      .record(z.string().min(1).max(64), z.string().max(512))
      .refine((entries) => Object.keys(entries).length <= 16, 'Expected at most 16 pairs')
      .nullish()
      .meta({ description: 'Key-value pairs of the session; `khipu_persona` chooses the persona' }),
    user: z.string().max(512).nullish().meta({ description: 'Kept in the metadata of the session' }),
    response_format: responseFormat
      .nullish()
      .meta({ description: 'Form of the answer, as far as the provider of the model supports it' }),
    n: only(1),
    top_p: only(1),
    frequency_penalty: only(0),
    presence_penalty: only(0),
    logprobs: only(false),
    store: only(false),
  })
  .refine(({ messages }) => messages.at(-1)?.role === 'user', {
    path: ['messages'],
    message: 'Expected the last message to be of the user',
  })
  .refine(({ stream, stream_options: options }) => stream === true || (options ?? null) === null, {
    path: ['stream_options'],
    message: 'Expected only with "stream": true',
  })
  .meta({
    id: 'ChatCompletionRequest',
    examples: [{ model: 'default', messages: [{ role: 'user', content: 'What is a khipu?' }] }],
  });
/** The body of a chat completion. */
export type ChatBody = z.output<typeof chatBody>;

const usage = z
  .object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
  .meta({ id: 'CompletionUsage', description: 'Tokens of the request' });

/** Schema of a chat completion that is not streamed. */
export const chatCompletion = z
  .object({
    id: z.string().meta({ description: '`chatcmpl-` and the id of the session' }),
    object: z.literal('chat.completion'),
    created: z.int().meta({ description: 'Time of the request, seconds since 1970' }),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.string().nullable() }),
        logprobs: z.null(),
        finish_reason: z.enum(['stop', 'length', 'content_filter']),
      }),
    ),
    usage,
  })
  .meta({ id: 'ChatCompletion' });
