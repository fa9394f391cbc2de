import { z } from 'zod';
import { responseFormat } from '../../infra/models/openai/response-format.ts';
import { turnRecall } from '../shared/turn-recall.ts';
import { modelName } from './asked-model.ts';
import { type AskedChoice, argumentsText, toolFields, toolList, toolName, toolsFault, unaskedResult } from './tools.ts';

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

const toolCall = z
  .strictObject({
    ...{ id: z.string().min(1).max(200), type: z.literal('function') },
    function: z.strictObject({ name: toolName, arguments: argumentsText }),
  })
  .meta({ id: 'ChatToolCall' });

const tool = z
  .strictObject({ type: z.literal('function'), function: z.strictObject(toolFields) })
  .meta({ id: 'ChatTool' });
const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: toolName }) }),
]);
/** Returns the choice of a request. */
export const choiceOf = (choice: z.output<typeof toolChoice> | null | undefined): AskedChoice | null =>
  typeof choice === 'object' && choice !== null ? choice.function : (choice ?? null);

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content }),
  z.strictObject({ role: z.literal('user'), content }),
  z.strictObject({
    ...{ role: z.literal('assistant'), content: content.nullish(), ...nothing },
    tool_calls: z.array(toolCall).min(1).max(128).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), content, tool_call_id: z.string().min(1).max(200) }),
]);
/** A message of a request. */
export type RequestMessage = z.output<typeof message>;

/** Returns a parameter that may only have the value which changes nothing. */
const only = <const V extends string | number | boolean>(value: V) =>
  z.literal(value, `Expected ${JSON.stringify(value)}: no other value is supported`).nullish();

const tokens = z.int().min(1).max(4_096);

const linksOf = (each: RequestMessage) => ({
  asks: each.role === 'assistant' ? (each.tool_calls ?? []).map(({ id }) => id) : [],
  answers: each.role === 'tool' ? each.tool_call_id : null,
});

/** Body of a chat completion. A parameter that is not listed is not supported, and refused. */
export const chatBody = z
  .strictObject({
    model: modelName,
    messages: z
      .array(message)
      .min(1)
      .max(256)
      .meta({ description: 'Oldest first; the last one is of the user, or the result of a call of a tool' }),
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
    tools: toolList(tool),
    tool_choice: toolChoice.nullish().meta({ description: '`auto` when omitted' }),
    parallel_tool_calls: z.boolean().nullish().meta({ description: 'False: the answer asks for at most one call' }),
    recall: turnRecall.nullish(),
    n: only(1),
    top_p: only(1),
    frequency_penalty: only(0),
    presence_penalty: only(0),
    logprobs: only(false),
    store: only(false),
  })
  .refine(({ messages }) => ['user', 'tool'].includes(messages.at(-1)?.role ?? ''), {
    path: ['messages'],
    message: 'Expected the last message to be of the user, or the result of a call',
  })
  .superRefine(({ messages, tools, tool_choice: choice }, context) => {
    const fault = toolsFault(
      (tools ?? []).map((each) => each.function),
      choiceOf(choice),
    );
    if (fault !== null) context.addIssue({ code: 'custom', path: [fault.path], message: fault.message });
    const at = unaskedResult(messages.map(linksOf));
    if (at >= 0) {
      const path = ['messages', at, 'tool_call_id'];
      context.addIssue({ code: 'custom', path, message: 'Expected the id of a call of an earlier message' });
    }
    const empty = messages.findIndex((each) => each.role === 'assistant' && each.content == null && !each.tool_calls);
    if (empty >= 0) {
      const path = ['messages', empty, 'content'];
      context.addIssue({ code: 'custom', path, message: 'Expected a content or calls of tools' });
    }
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
        message: z.object({
          role: z.literal('assistant'),
          content: z.string().nullable().meta({ description: 'Null for an answer that only asks for tools' }),
          refusal: z
            .string()
            .nullable()
            .meta({ description: 'Why moderation cut the answer; null for a whole one', examples: [null] }),
          tool_calls: z.array(toolCall).optional().meta({ description: 'Calls that the client is to make' }),
        }),
        logprobs: z.null(),
        finish_reason: z.enum(['stop', 'length', 'tool_calls', 'content_filter']),
      }),
    ),
    usage,
  })
  .meta({ id: 'ChatCompletion' });
