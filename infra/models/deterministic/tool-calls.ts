import { createHash } from 'node:crypto';
import type { SlmCall, SlmMessage, SlmToolCall } from '../provider.ts';
import { exampleValue } from './example-value.ts';
import type { ScriptStep } from './script.ts';
import { keywords } from './text.ts';

const ID_CHARS = 24;

/**
 * Returns the calls that the deterministic model asks for: those of the script's step, else one of the first or the named
 * tool where the request requires one. None without offered tools. Ids are derived from the conversation, so they are
 * stable, and differ from step to step.
 *
 * @param messages those of the call, without markers.
 */
export function askedCalls(call: SlmCall, messages: readonly SlmMessage[], step: ScriptStep | null): SlmToolCall[] {
  const { tools = [], toolChoice = 'auto', parallelToolCalls = true } = call;
  if (tools.length === 0 || toolChoice === 'none') return [];
  const idOf = idsOf(call.seed, messages);
  if (step !== null) {
    return (step.tool_calls ?? [])
      .slice(0, parallelToolCalls ? undefined : 1)
      .map(({ name, arguments: given }, index) => ({
        ...{ id: idOf(index), name },
        arguments: typeof given === 'string' ? given : JSON.stringify(given),
      }));
  }
  if (toolChoice === 'auto') return [];
  const tool = toolChoice === 'required' ? tools[0] : tools.find(({ name }) => name === toolChoice.name);
  if (tool === undefined) return [];
  const words = keywords(messages.findLast(({ role }) => role === 'user')?.content ?? '');
  const value = exampleValue(JSON.parse(tool.parameters), words);
  return [{ id: idOf(0), name: tool.name, arguments: JSON.stringify(value) }];
}

function idsOf(seed: number, messages: readonly SlmMessage[]): (index: number) => string {
  const said = createHash('sha256')
    .update(JSON.stringify([seed, messages]))
    .digest('hex');
  return (index) => `call_${createHash('sha256').update(`${said}:${index}`).digest('hex').slice(0, ID_CHARS)}`;
}
