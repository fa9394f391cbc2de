import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { homeDir } from '../../local/home.ts';
import { readLocalEnv } from '../../local/local-env.ts';
import { ownNames } from '../../local/own-values.mjs';
import { partVariables } from '../../local/parts/part.ts';
import { failure } from '../failure.ts';
import { contextOf, LOCAL, readContexts } from './contexts.ts';
import { readKeyFile } from './key-file.ts';

/**
 * Sets variables of the local platform where the environment does not; does nothing in production mode. Values that an
 * earlier start of this checkout wrote are replaced, because ports may have changed.
 */
export function useLocalPlatform(env: NodeJS.ProcessEnv): void {
  if (env['KHIPU_MODE'] === 'production') return;
  const dir = homeDir(env);
  const own = new Set(ownNames(dir, env));
  for (const [name, value] of Object.entries(readLocalEnv(dir) ?? {}))
    if (!env[name] || own.has(name)) env[name] = value;
}

function envFileOf(file: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw failure('ENV_FILE_UNREADABLE', `${file} cannot be read: ${(cause as Error).message}`, cause);
  }
}

/** Sets the variables of a context in place of those of any other platform: two are never mixed. */
function useContext(env: NodeJS.ProcessEnv, name: string): void {
  const context = contextOf(readContexts(env), name);
  for (const other of [...ownNames(homeDir(env), env), ...Object.values(partVariables)]) delete env[other];
  if (context.envFile !== undefined) Object.assign(env, envFileOf(context.envFile));
  env['KHIPU_CONTEXT'] = name;
  env['KHIPU_URL'] = context.url;
  env['KHIPU_API_KEY'] = readKeyFile(context.keyFile);
}

/**
 * Chooses the platform of a command, and sets its variables in `env`: the named context (`--context`, else KHIPU_CONTEXT);
 * else KHIPU_URL of the environment, unless this checkout wrote it; else the current context; else the platform of this
 * checkout. Throws CONTEXT_UNKNOWN, KEY_FILE_UNREADABLE, KEY_FILE_OPEN or ENV_FILE_UNREADABLE.
 */
export function usePlatform(env: NodeJS.ProcessEnv, named: string | undefined): void {
  const asked = named ?? (env['KHIPU_CONTEXT'] || undefined);
  const isForeign = Boolean(env['KHIPU_URL']) && !ownNames(homeDir(env), env).includes('KHIPU_URL');
  const name = asked ?? (isForeign ? LOCAL : (readContexts(env).current ?? LOCAL));
  if (asked === LOCAL) for (const each of ['KHIPU_URL', 'KHIPU_API_KEY']) delete env[each];
  if (name === LOCAL) {
    delete env['KHIPU_CONTEXT'];
    useLocalPlatform(env);
  } else useContext(env, name);
}

/** Returns the chosen context; undefined for the platform of this checkout, and for one that the environment names. */
export function chosenContext(env: NodeJS.ProcessEnv): string | undefined {
  const name = env['KHIPU_CONTEXT'] || LOCAL;
  return name === LOCAL ? undefined : name;
}

/** Expects the platform of this machine. Throws USAGE when a context is chosen: its processes are elsewhere. */
export function expectLocal(command: string, env: NodeJS.ProcessEnv = process.env): void {
  const name = chosenContext(env);
  if (name === undefined) return;
  throw failure(
    'USAGE',
    `khipu ${command} looks at processes of this machine, and context ${name} is elsewhere: add --context ${LOCAL}`,
  );
}
