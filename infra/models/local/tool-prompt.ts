import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SlmCall, SlmMessage, SlmToolCall } from '../provider.ts';

/**
 * Returns the messages as a model without a template for tools reads them: the tools in the first system message, calls
 * as the JSON that the model is to write, results as messages of the user.
 */
export function plainMessages({ messages, tools = [], toolChoice = 'auto' }: SlmCall): readonly SlmMessage[] {
  const names = new Map<string, string>();
  const plain = messages.map((message): SlmMessage => {
    if (message.role === 'tool') {
      const name = names.get(message.toolCallId) ?? 'the tool';
      return { role: 'user', content: `Result of ${name}: ${message.content}` };
    }
    if (message.role !== 'assistant' || message.toolCalls === undefined) return message;
    for (const { id, name } of message.toolCalls) names.set(id, name);
    const calls = message.toolCalls.map((call) => ({ name: call.name, arguments: valueOfJson(call.arguments) }));
    const said = message.content === '' ? '' : `${message.content}\n`;
    return { role: 'assistant', content: `${said}${JSON.stringify({ tool_calls: calls })}` };
  });
  if (tools.length === 0 || toolChoice === 'none') return plain;
  const [first, ...rest] = plain;
  const offer = `${offerOf({ tools })}${toolChoice === 'auto' ? '' : '\nCall a tool now.'}`;
  return first?.role === 'system'
    ? [{ role: 'system', content: `${first.content}\n\n${offer}` }, ...rest]
    : [{ role: 'system', content: offer }, ...plain];
}

function offerOf({ tools = [] }: Pick<SlmCall, 'tools'>): string {
  const lines = tools.map(({ name, description, parameters }) => `- ${name}: ${description} Arguments: ${parameters}`);
  return [
    'You can call these tools:',
    ...lines,
    'To call tools, answer only with JSON: {"tool_calls": [{"name": "…", "arguments": {…}}]}. Otherwise answer with text.',
  ].join('\n');
}

function valueOfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const answerWithCalls = z.strictObject({
  tool_calls: z.array(z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })).min(1),
});

/** Returns the calls that an answer asks for; null for any other answer. Ids are derived from the request and its order. */
export function readCalls(answer: string, requestId: string): readonly SlmToolCall[] | null {
  const read = answerWithCalls.safeParse(valueOfJson(answer));
  if (!read.success) return null;
  return read.data.tool_calls.map(({ name, arguments: given }, at) => ({
    id: `call_${createHash('sha256').update(`${requestId}:${at}:${answer}`).digest('hex').slice(0, 24)}`,
    ...{ name, arguments: JSON.stringify(given) },
  }));
}
