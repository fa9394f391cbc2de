/** What a model is shown: within bounds, so that neither a request nor the state of a run grows with the steps. */

import { AGENT_HISTORY_BYTES_MAX, AGENT_RESULT_BYTES_MAX } from '../../schemas/contexts/agents.ts';
import { textMessage } from '../../schemas/contexts/slm/messages.ts';
import { headOf } from '../../schemas/contexts/tools.ts';
import type { AgentCall, ChatMessage } from '../../schemas/generated/records.ts';

/** Bytes of a message besides its texts. */
const MESSAGE_BYTES_EXTRA = 16;

const bytesOf = ({ content, toolCalls }: ChatMessage): number =>
  toolCalls.reduce(
    (sum, call) => sum + Buffer.byteLength(call.arguments) + Buffer.byteLength(call.name),
    Buffer.byteLength(content) + MESSAGE_BYTES_EXTRA,
  );

const sumOf = (messages: readonly ChatMessage[]): number => messages.reduce((sum, each) => sum + bytesOf(each), 0);

/** Returns true when no request can have the messages. */
export const isTooLong = (messages: readonly ChatMessage[]): boolean => sumOf(messages) > AGENT_HISTORY_BYTES_MAX;

const leftOut = (what: string): string => JSON.stringify({ left_out: what });
/** Results that are shorter stay: leaving them out gains nothing. */
const LEFT_OUT_BYTES_MIN = 128;

/** Returns the messages with the results of the oldest calls left out, as far as their size needs it. */
export function bounded(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  let excess = sumOf(messages) - AGENT_HISTORY_BYTES_MAX;
  if (excess <= 0) return messages;
  return messages.map((message) => {
    if (excess <= 0 || message.role !== 'tool') return message;
    const bytes = Buffer.byteLength(message.content);
    if (bytes < LEFT_OUT_BYTES_MIN) return message;
    const content = leftOut(`a result of ${bytes} bytes, shown before`);
    excess -= bytes - Buffer.byteLength(content);
    return { ...message, content };
  });
}

/**
 * Returns the result of a call as the model is shown it, and the size of the whole one in bytes: `bytes` where `result` is only
 * its beginning.
 */
export function shown(
  result: string,
  bytes = Buffer.byteLength(result),
): { readonly result: string; readonly resultBytes: number } {
  if (bytes <= AGENT_RESULT_BYTES_MAX) return { result, resultBytes: bytes };
  const head = headOf(result, AGENT_RESULT_BYTES_MAX);
  return { result: `${head}… [cut: the whole result has ${bytes} bytes]`, resultBytes: bytes };
}

/** Returns the answer of a model as it is shown it again: neither its text nor the arguments of a call have more than 8 KiB. */
export const answerMessage = (text: string, calls: readonly AgentCall[]): ChatMessage => ({
  role: 'assistant',
  content: shown(text).result,
  toolCalls: calls.map(({ modelCallId: id, modelName: name, arguments: given }) => {
    const bytes = Buffer.byteLength(given);
    return { id, name, arguments: bytes > AGENT_RESULT_BYTES_MAX ? leftOut(`arguments of ${bytes} bytes`) : given };
  }),
  toolCallId: null,
});

/**
 * Returns the messages without the arguments of a call that policy has refused. Every request to the model is decided on all that
 * it is shown: with them, the next one would be refused as well, and the model could not go another way.
 */
export const withoutArguments = (messages: readonly ChatMessage[], modelCallId: string): readonly ChatMessage[] =>
  messages.map((message, at) =>
    at < messages.length - 1
      ? message
      : {
          ...message,
          toolCalls: message.toolCalls.map((call) =>
            call.id === modelCallId ? { ...call, arguments: leftOut('arguments that policy refused') } : call,
          ),
        },
  );

/** Returns the result of a call for the model that asked for it. */
export const resultMessage = (toolCallId: string, content: string): ChatMessage => ({
  ...{ role: 'tool', content, toolCalls: [], toolCallId },
});

/** Returns a failure as the model is shown it. */
export const errorResult = (code: string, detail: string): string => JSON.stringify({ error: { code, detail } });

/** Returns the first messages of a run. */
export const firstMessages = (instructions: string, prompt: string): readonly ChatMessage[] => [
  ...(instructions === '' ? [] : [textMessage('system', instructions)]),
  textMessage('user', prompt),
];
