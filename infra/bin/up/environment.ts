import { ownNames, withoutOwn } from '../../local/own-values.mjs';
import { partVariables } from '../../local/parts/part.ts';

/** The environment of a start. */
export interface StartEnvironment {
  /** The environment without the values that this checkout wrote; the others name external services. */
  readonly env: NodeJS.ProcessEnv;
  /** Sentence about the parts that are started again; empty when the shell has no such values. */
  readonly note: string;
}

const listed = new Intl.ListFormat('en', { type: 'conjunction' });

/** Returns the environment of a start from a shell that may have sourced `local.env` of an earlier start. */
export function startEnvironment(dir: string, shell: NodeJS.ProcessEnv): StartEnvironment {
  const parts = new Set<string>(Object.values(partVariables));
  const own = ownNames(dir, shell).filter((name) => parts.has(name));
  const note =
    own.length === 0
      ? ''
      : `${listed.format(own)} of this shell come from an earlier start of this checkout: the local parts are started`;
  return { env: withoutOwn(dir, shell), note };
}
