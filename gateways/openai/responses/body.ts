import { z } from 'zod';
import { type AskedFormat, responseFormat } from '../../../infra/models/openai/response-format.ts';
import { turnRecall } from '../../shared/turn-recall.ts';
import { modelName } from '../asked-model.ts';
import { type AskedChoice, toolFields, toolList, toolName, toolsFault } from '../tools.ts';
import { inputItem, shownItem } from './items.ts';

/** Returns a parameter that may only have the value which changes nothing. */
const only = <const V extends string | number | boolean>(value: V) =>
  z.literal(value, `Expected ${JSON.stringify(value)}: no other value is supported`).nullish();

/** Schema of metadata. */
export const metadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((entries) => Object.keys(entries).length <= 16, 'Expected at most 16 pairs')
  .nullish();

const tool = z.strictObject({ type: z.literal('function'), ...toolFields }).meta({ id: 'ResponseTool' });
const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.strictObject({ type: z.literal('function'), name: toolName }),
]);
const [plainText, jsonObject, jsonSchema] = responseFormat.options;
const format = z.discriminatedUnion('type', [
  plainText,
  jsonObject,
  z.strictObject({ type: z.literal('json_schema'), ...jsonSchema.shape.json_schema.shape }),
]);

/** Returns the form of a request as chat completions have it. */
export function formatIn(asked: z.output<typeof format> | null | undefined): AskedFormat | null {
  if (asked?.type !== 'json_schema') return asked ?? null;
  const { type, ...json_schema } = asked;
  return { type, json_schema };
}

/** Returns the choice of a request. */
export const responseChoice = (choice: z.output<typeof toolChoice> | null | undefined): AskedChoice | null =>
  typeof choice === 'object' && choice !== null ? { name: choice.name } : (choice ?? null);

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-f-]{36}$`), `Expected ${prefix}_ and a UUID`);
export const responseIdSchema = id('resp');
export const conversationIdSchema = id('conv');

/** Body of a request for a response. A parameter that is not listed is not supported, and refused. */
export const createResponseBody = z
  .strictObject({
    model: modelName,
    input: z
      .union([z.string().min(1).max(100_000), z.array(inputItem).min(1).max(256)])
      .meta({ description: 'A prompt, or items oldest first; the last one is of the user, or the result of a call' }),
    instructions: z.string().max(100_000).nullish().meta({ description: 'Take the place of the persona’s' }),
    previous_response_id: responseIdSchema.nullish().meta({ description: 'The response that this one continues' }),
    conversation: z
      .union([conversationIdSchema, z.strictObject({ id: conversationIdSchema })])
      .nullish()
      .meta({ description: 'The conversation whose turn it is' }),
    stream: z.boolean().nullish().meta({ description: 'True for Server-Sent Events' }),
    stream_options: z.strictObject({ include_obfuscation: only(false) }).nullish(),
    background: z
      .boolean()
      .nullish()
      .meta({ description: 'True: answer at once; the response goes on without its client' }),
    store: z.boolean().nullish().meta({ description: 'False: it cannot be read later. The log keeps it' }),
    tools: toolList(tool),
    tool_choice: toolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    text: z.strictObject({ format: format.nullish(), verbosity: only('medium') }).nullish(),
    max_output_tokens: z.int().min(1).max(4_096).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    metadata: metadata.meta({ description: 'Key-value pairs; `khipu_persona` chooses the persona' }),
    recall: turnRecall.nullish(),
    user: z.string().max(512).nullish(),
    ...{ safety_identifier: z.string().max(512).nullish(), prompt_cache_key: z.string().max(512).nullish() },
    include: z
      .array(z.enum(['reasoning.encrypted_content', 'message.output_text.logprobs']))
      .nullish()
      .meta({ description: 'Taken, and without effect: models here have neither' }),
    ...{ top_p: only(1), truncation: only('disabled'), service_tier: only('auto'), top_logprobs: only(0) },
  })
  .superRefine((body, context) => {
    const fault = toolsFault(body.tools ?? [], responseChoice(body.tool_choice));
    if (fault !== null) context.addIssue({ code: 'custom', path: [fault.path], message: fault.message });
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (body.previous_response_id && body.conversation)
      issue('conversation', 'Expected no previous_response_id with it');
    if (body.background === true && body.store === false) issue('store', 'Expected true with "background": true');
    if (body.conversation && body.store === false) issue('store', 'Expected true with a conversation');
  })
  .meta({ id: 'ResponseRequest', examples: [{ model: 'default', input: 'What is a khipu?' }] });
export type CreateResponseBody = z.output<typeof createResponseBody>;

const usage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
});

/** Schema of a response. */
export const responseBody = z
  .object({
    id: z.string().meta({ description: '`resp_` and the id of the turn' }),
    object: z.literal('response'),
    created_at: z.int(),
    completed_at: z.int().nullable(),
    status: z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']),
    background: z.boolean(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    incomplete_details: z.object({ reason: z.string() }).nullable(),
    instructions: z.string().nullable(),
    max_output_tokens: z.int().nullable(),
    model: z.string(),
    output: z.array(shownItem),
    parallel_tool_calls: z.boolean(),
    previous_response_id: z.string().nullable(),
    conversation: z.object({ id: z.string() }).nullable(),
    reasoning: z.object({ effort: z.null(), summary: z.null() }),
    store: z.boolean(),
    temperature: z.number().nullable(),
    text: z.looseObject({}),
    tool_choice: z.unknown(),
    tools: z.array(z.looseObject({})),
    top_p: z.number().nullable(),
    truncation: z.literal('disabled'),
    usage: usage.nullable(),
    user: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({
    id: 'Response',
    examples: [
      {
        ...{ id: 'resp_4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01', object: 'response', status: 'completed' },
        ...{ created_at: 1_795_944_600, completed_at: 1_795_944_601, background: false, error: null },
        ...{ incomplete_details: null, instructions: null, max_output_tokens: null, model: 'default' },
        output: [
          {
            ...{ id: 'msg_4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01', type: 'message', status: 'completed' },
            role: 'assistant',
            content: [
              {
                ...{ type: 'output_text', text: 'A khipu is a record made of knotted cords.' },
                ...{ annotations: [], logprobs: [] },
              },
            ],
          },
        ],
        ...{ parallel_tool_calls: true, previous_response_id: null, conversation: null, store: true },
        ...{ reasoning: { effort: null, summary: null }, temperature: null, text: { format: { type: 'text' } } },
        ...{ tool_choice: 'auto', tools: [], top_p: null, truncation: 'disabled', user: null, metadata: {} },
        usage: {
          ...{ input_tokens: 5, input_tokens_details: { cached_tokens: 0 }, output_tokens: 12 },
          ...{ output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 17 },
        },
      },
    ],
  });
