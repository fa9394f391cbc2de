/** The prompt of a run of a capsule: its task, an empty line, and the input as canonical JSON, which has no line end. */
import { canonicalJson } from '../../governance/constitution/canonical-json.ts';
import type { CapsuleManifest } from '../manifest.ts';

const BETWEEN = '\n\n';

/** Returns the text of an input in a prompt. */
export const inputText = (input: unknown): string => canonicalJson(input).toString('utf8');

/** Returns the prompt of a run with an input, which is canonical JSON. */
export const promptWith = ({ agent: { prompt } }: Pick<CapsuleManifest, 'agent'>, input: string): string =>
  `${prompt}${BETWEEN}${input}`;

/** Returns the input of a run by its prompt, under any version of its capsule; null where the prompt has none. Never throws. */
export function inputIn(prompt: string): Readonly<Record<string, unknown>> | null {
  const at = prompt.lastIndexOf(BETWEEN);
  if (at < 0) return null;
  try {
    const input: unknown = JSON.parse(prompt.slice(at + BETWEEN.length));
    return typeof input === 'object' && input !== null && !Array.isArray(input)
      ? (input as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
