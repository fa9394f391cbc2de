import { homeFiles, projectRoot } from '../home.ts';
import { PartError } from '../parts/part.ts';
import { logTail, startChild } from '../process/child.ts';
import { programEnv } from './role-process.ts';
import { nodeArgs } from './roles.ts';

/** The result of `khipu setup`. */
export interface SetupResult {
  /** The key of tenant demo. */
  readonly apiKey: string;
}

const timeoutMs = 120_000;

/** Returns the last line of text that is a JSON object with an API key; undefined when there is none. */
export function readSetupLine(text: string): SetupResult | undefined {
  for (const line of text.trimEnd().split('\n').reverse()) {
    try {
      const { api_key: apiKey } = JSON.parse(line) as { api_key?: unknown };
      if (typeof apiKey === 'string' && apiKey !== '') return { apiKey };
    } catch {}
  }
  return undefined;
}

/**
 * Runs `khipu setup` to its end: topics, schemas, migrations, keys, constitution. It is idempotent. Rejects with
 * PartError when it fails, takes more than two minutes, or the signal is aborted.
 */
export async function runSetup(
  { dir, program, env }: { dir: string; program: string; env: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<SetupResult> {
  let output = '';
  const child = await startChild({
    name: 'setup',
    command: process.execPath,
    args: [...nodeArgs, program, 'setup'],
    env: programEnv(dir, env),
    cwd: projectRoot,
    log: homeFiles(dir).log('setup'),
    onStdout: (text) => {
      output += text;
    },
  });
  const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  bound.addEventListener('abort', () => void child.stop());
  if (bound.aborted) await child.stop();
  const exit = await child.exited;
  const result = readSetupLine(output);
  if (exit.code === 0 && result) return result;
  const what = bound.aborted
    ? 'was stopped'
    : exit.code === 0
      ? 'printed no API key'
      : `ended with ${exit.signal ?? exit.code}`;
  throw new PartError(`setup ${what}; the end of ${child.log}:\n${logTail(child)}`);
}
