import { homedir } from 'node:os';
import path from 'node:path';
import { readJson, writePrivateJson } from '../../local/process/state-file.ts';
import { failure } from '../failure.ts';

/** A platform that commands can talk to. It stores the path of the key, not the key. */
export interface Context {
  readonly url: string;
  /** Absolute path of the file with the API key. */
  readonly keyFile: string;
  /** Absolute path of an env file with KAFKA_BROKERS and so on, for commands that read the log. */
  readonly envFile?: string;
}

/** The stored contexts. */
export interface Contexts {
  /** The one that commands use when none is named; null for the platform of this checkout. */
  readonly current: string | null;
  readonly contexts: Readonly<Record<string, Context>>;
}

/** The name of the platform of this checkout. It is always there, and cannot be added or removed. */
export const LOCAL = 'local';

const none: Contexts = { current: null, contexts: {} };

/** Returns the path of the file: in XDG_CONFIG_HOME, else in `~/.config`. Source: XDG Base Directory Specification 0.8. */
export const contextsFile = (env: NodeJS.ProcessEnv): string =>
  path.join(env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config'), 'khipu', 'contexts.json');

/** Returns the stored contexts; none when there is no file. */
export const readContexts = (env: NodeJS.ProcessEnv): Contexts => readJson<Contexts>(contextsFile(env)) ?? none;

/** Stores the contexts with mode 0600, in a folder that only the user can read. */
export const writeContexts = (env: NodeJS.ProcessEnv, contexts: Contexts): void =>
  writePrivateJson(contextsFile(env), contexts);

/** Returns a stored context. Throws CONTEXT_UNKNOWN, with the other names. */
export function contextOf({ contexts }: Contexts, name: string): Context {
  const context = contexts[name];
  if (context !== undefined) return context;
  const others = [LOCAL, ...Object.keys(contexts)].filter((each) => each !== name);
  throw failure('CONTEXT_UNKNOWN', `no context is named ${name}; there are ${others.join(', ')}`);
}
