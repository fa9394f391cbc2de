import { z } from 'zod';
import { messageOf } from '../../kit/errors.ts';
import { type SlmMessage, SlmProviderError } from '../provider.ts';

const OPENING = '[[script:';
const CLOSING = ']]';
const STEPS_MAX = 256;
const CALLS_MAX = 64;

const scriptStep = z.strictObject({
  text: z.string().optional(),
  tool_calls: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** A string is passed on as it is, so that a script can ask with arguments that are no JSON. */
        arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
      }),
    )
    .max(CALLS_MAX)
    .optional(),
});
const script = z.array(scriptStep).max(STEPS_MAX);
/** One answer of a script. */
export type ScriptStep = z.output<typeof scriptStep>;

/** A text without its script. */
interface Cut {
  readonly text: string;
  /** The JSON of the script; null without one. */
  readonly script: string | null;
}

/** What a conversation with scripts says. */
export interface ScriptReading {
  /** The messages without scripts. */
  readonly messages: readonly SlmMessage[];
  /** The step that is the answer; null without a script, and beyond its end. */
  readonly step: ScriptStep | null;
}

/**
 * Reads `[[script:<JSON>]]` of system and user messages. The JSON is an array of steps, at most 256:
 * `{"tool_calls":[{"name":"…","arguments":{…}}]}`, `{"text":"…"}` or both. The last message with a script counts; the
 * answer is step n of it, where n is the number of assistant messages after that message. Throws SLM_REJECTED for a script
 * that is no such JSON.
 */
export function readScript(messages: readonly SlmMessage[]): ScriptReading {
  const cuts = messages.map(({ role, content }) =>
    role === 'system' || role === 'user' ? cutScript(content) : { text: content, script: null },
  );
  const at = cuts.findLastIndex((cut) => cut.script !== null);
  const rest = messages.map((message, index) => ({ ...message, content: cuts[index]?.text ?? '' }));
  if (at < 0) return { messages: rest, step: null };
  const played = messages.slice(at + 1).filter(({ role }) => role === 'assistant').length;
  return { messages: rest, step: stepsOf(cuts[at]?.script ?? '')[played] ?? null };
}

function stepsOf(json: string): readonly ScriptStep[] {
  try {
    return script.parse(JSON.parse(json));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new SlmProviderError('SLM_REJECTED', `the script of the prompt is not an array of steps: ${detail}`);
  }
}

/** Cuts the first script out of a text. Throws SLM_REJECTED for a script without an end. */
function cutScript(text: string): Cut {
  const from = text.indexOf(OPENING);
  if (from < 0) return { text, script: null };
  const end = endOfJson(text, from + OPENING.length);
  if (end === null || !text.startsWith(CLOSING, end)) {
    throw new SlmProviderError('SLM_REJECTED', 'the script of the prompt does not end with its JSON and ]]');
  }
  const after = text.slice(end + CLOSING.length);
  return { text: `${text.slice(0, from)}${after}`.trim(), script: text.slice(from + OPENING.length, end) };
}

/** Returns the place after the JSON array that begins at `from`: brackets in its strings do not count. */
function endOfJson(text: string, from: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}
