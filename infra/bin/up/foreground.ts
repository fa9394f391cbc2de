import { shortPath } from '../../local/home.ts';
import { supervise } from '../../local/supervisor.ts';
import { buildConsole } from './build-console.ts';
import { checkStart } from './check-start.ts';
import type { UpOptions } from './options.ts';
import { watchStart } from './watch.ts';
import { welcome } from './welcome.ts';

/** Runs the platform in this process until a stop is requested. When the start fails, stops everything and rejects. */
export async function runForeground(dir: string, options: UpOptions): Promise<void> {
  const { port, brokers, turn, tls } = options;
  const json = options.json === true;
  const { env, slm, clock, progress, onEvent, onNote } = watchStart(dir, options);
  await checkStart({ ...env, ...slm.env });
  const { localRoles } = await import('../roles/local.ts');
  const roles = localRoles(env);
  const grant = async (all: NodeJS.ProcessEnv): Promise<void> => {
    const { grantProcesses } = await import('../roles/local-grants.ts');
    await grantProcesses(roles, all);
  };
  const secure = tls === true ? grant : undefined;
  const supervisor = await supervise({ dir, slm, port, brokers, env, roles, secure, onEvent, onNote });
  const { asked } = supervisor;
  try {
    const platform = await supervisor.ready;
    progress.end();
    void buildConsole({ dir, env, signal: asked, onNote });
    await welcome(dir, platform, clock, { json, turn, signal: asked });
  } catch (error) {
    const wasAsked = asked.aborted;
    supervisor.stop();
    await supervisor.stopped;
    progress.end();
    if (!wasAsked) throw error;
  }
  if (!asked.aborted && !json) console.log('Ctrl-C stops it.');
  const isEarly = asked.aborted;
  await supervisor.stopped;
  progress.end();
  if (!json) console.log(`Stopped; the data stays in ${shortPath(dir)}.`);
  if (isEarly) process.exitCode = 130;
}
