import { startDetached } from '../../local/process/detached.ts';
import type { SlmChoice } from '../../local/slm-choice.ts';
import { checkStart } from './check-start.ts';
import type { UpOptions } from './options.ts';
import { watchStart } from './watch.ts';
import { welcome } from './welcome.ts';

/**
 * Returns the arguments of the supervisor: only the requested ones, because an explicit port differs from a default
 * one.
 */
const argsOf = ({ port, brokers, tls }: UpOptions, { flag }: SlmChoice): string[] => [
  ...(flag === null ? [] : ['--provider', flag]),
  ...(port === undefined ? [] : ['--port', String(port)]),
  ...(brokers === undefined ? [] : ['--brokers', String(brokers)]),
  ...(tls === true ? ['--tls'] : []),
];

/**
 * Starts the platform in its own process, and leaves it running once it is ready. Rejects when it does not become
 * ready.
 */
export async function runDetached(dir: string, options: UpOptions): Promise<void> {
  const { env, slm, clock, progress, onEvent, onNote } = watchStart(dir, options);
  await checkStart({ ...env, ...slm.env });
  const platform = startDetached(dir, argsOf(options, slm), { onEvent, onNote });
  const asked = new AbortController();
  const cancel = (): void => {
    asked.abort();
    void platform.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, cancel);
  try {
    const at = await platform.ready;
    progress.end();
    await welcome(dir, at, clock, { json: options.json === true, turn: options.turn, signal: asked.signal });
  } catch (error) {
    await platform.stop();
    progress.end();
    if (!asked.signal.aborted) throw error;
  }
  if (!asked.signal.aborted) return platform.release();
  await platform.stop();
  process.exitCode = 130;
  console.log('Stopped.');
}
