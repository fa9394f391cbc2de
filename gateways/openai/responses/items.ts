import { z } from 'zod';
import { textMessage } from '../../../schemas/contexts/slm/messages.ts';
import type { ChatMessage, ModelToolCall } from '../../../schemas/generated/records.ts';
import { argumentsText, toolName } from '../tools.ts';

const text = z.string().max(100_000);
const itemId = z.string().min(1).max(200).nullish();
const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();
const part = z.union([
  z.strictObject({ type: z.literal('input_text'), text }),
  z.strictObject({
    ...{ type: z.literal('output_text'), text },
    annotations: z.array(z.never()).max(0).optional(),
    logprobs: z.array(z.never()).max(0).nullish(),
  }),
]);
const content = z.union([text, z.array(part).min(1).max(64)]);

/** Schema of an item of an input: a message, a call of a tool, or the result of one. */
export const inputItem = z.union([
  z.strictObject({
    ...{ type: z.literal('message').optional(), id: itemId, status, content },
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    phase: z.string().nullish(),
  }),
  z.strictObject({
    ...{ type: z.literal('function_call'), id: itemId, status, call_id: z.string().min(1).max(200) },
    ...{ name: toolName, arguments: argumentsText },
  }),
  z.strictObject({
    ...{ type: z.literal('function_call_output'), id: itemId, status, call_id: z.string().min(1).max(200) },
    output: content,
  }),
]);
export type InputItem = z.output<typeof inputItem>;

/** An item with its id, as it is kept and shown. */
export type StoredItem =
  | {
      readonly type: 'message';
      readonly id: string;
      readonly status: 'completed' | 'incomplete';
      readonly role: 'user' | 'assistant' | 'system' | 'developer';
      readonly content: readonly ({ readonly type: string; readonly text: string } & Readonly<
        Record<string, unknown>
      >)[];
    }
  | ({ readonly type: 'function_call'; readonly id: string; readonly status: 'completed' } & CallFields)
  | {
      readonly type: 'function_call_output';
      readonly id: string;
      readonly status: 'completed';
      readonly call_id: string;
      readonly output: string;
    };

interface CallFields {
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}

/** Schema of an item as it is shown. */
export const shownItem = z
  .looseObject({ id: z.string(), type: z.enum(['message', 'function_call', 'function_call_output']) })
  .meta({
    id: 'ResponseItem',
    description: 'A message, a call of a tool, or the result of one',
    examples: [
      {
        ...{ id: 'msg_4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01', type: 'message', status: 'completed', role: 'user' },
        content: [{ type: 'input_text', text: 'What is a khipu?' }],
      },
    ],
  });

const plain = (value: z.output<typeof content>): string =>
  typeof value === 'string' ? value : value.map((each) => each.text).join('');

const outputText = (value: string) => ({ type: 'output_text', annotations: [], logprobs: [], text: value });

/** Returns items with ids: those that they have, else `idOf` of their place. */
export function storedItems(items: readonly InputItem[], idOf: (at: number) => string): StoredItem[] {
  return items.map((item, at): StoredItem => {
    const done = 'completed' as const;
    if (item.type === 'function_call') {
      const { call_id, name, arguments: given } = item;
      return { type: item.type, id: item.id ?? `fc_${idOf(at)}`, status: done, call_id, name, arguments: given };
    }
    if (item.type === 'function_call_output') {
      const { call_id, output } = item;
      return { type: item.type, id: item.id ?? `fco_${idOf(at)}`, status: done, call_id, output: plain(output) };
    }
    const said = plain(item.content);
    const shown = item.role === 'assistant' ? outputText(said) : { type: 'input_text', text: said };
    return { type: 'message', id: item.id ?? `msg_${idOf(at)}`, status: done, role: item.role, content: [shown] };
  });
}

interface Answer {
  readonly text: string;
  readonly toolCalls: readonly ModelToolCall[];
  /** True for an answer that is not whole. */
  readonly isCut: boolean;
  /** True where moderation cut it. */
  readonly isRefused: boolean;
}

/** Returns the items of an answer: its text, then the calls that it asks for. */
export function outputItems(turnId: string, { text: said, toolCalls, isCut, isRefused }: Answer): StoredItem[] {
  const status = isCut ? 'incomplete' : 'completed';
  const message: StoredItem = {
    ...{ type: 'message', id: `msg_${turnId}`, status, role: 'assistant', content: [outputText(said)] },
  };
  return [
    ...(said === '' && (toolCalls.length > 0 || isRefused) ? [] : [message]),
    ...toolCalls.map((call, at) => callItem(turnId, call, at)),
  ];
}

/** Returns the item of a call. */
export const callItem = (turnId: string, { id, name, arguments: given }: ModelToolCall, at: number) => ({
  ...{ type: 'function_call' as const, id: `fc_${turnId}_${at}`, status: 'completed' as const },
  ...{ call_id: id, name, arguments: given },
});

/** Returns items as messages of a model: calls belong to the message of the assistant before them. */
export function messagesOf(items: readonly StoredItem[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  for (const item of items) {
    if (item.type === 'function_call') {
      const call = { id: item.call_id, name: item.name, arguments: item.arguments };
      const last = messages.at(-1);
      if (last?.role === 'assistant') messages[messages.length - 1] = { ...last, toolCalls: [...last.toolCalls, call] };
      else messages.push({ ...textMessage('assistant', ''), toolCalls: [call] });
    } else if (item.type === 'function_call_output')
      messages.push({ role: 'tool', content: item.output, toolCalls: [], toolCallId: item.call_id });
    else {
      const role = item.role === 'developer' ? 'system' : item.role;
      messages.push(textMessage(role, item.content.map((each) => each.text).join('')));
    }
  }
  return messages;
}
