import type { PlatformEvent } from '../../local/platform-event.ts';
import { releaseMessage, type SupervisorMessage } from '../../local/process/detached.ts';
import { chooseSlm } from '../../local/slm-choice.ts';
import { supervise } from '../../local/supervisor.ts';
import { buildConsole } from './build-console.ts';
import { startEnvironment } from './environment.ts';
import type { UpOptions } from './options.ts';

/** Runs the detached supervisor: reports its progress to the starting process, and outlives it once released. */
export async function runSupervised(dir: string, { provider, port, brokers, tls }: UpOptions): Promise<void> {
  const report = (message: SupervisorMessage): void => {
    if (process.connected) process.send?.(message, () => {});
  };
  const log = (text: string): void => console.log(`${new Date().toISOString()} ${text}`);
  const onEvent = (event: PlatformEvent): void => {
    log(`${event.name} ${event.state} ${event.ms} ms ${event.detail}`);
    report({ type: 'event', event });
  };
  const onNote = (text: string): void => {
    log(text);
    report({ type: 'note', text });
  };
  const { env } = startEnvironment(dir, process.env);
  const { localRoles } = await import('../roles/local.ts');
  const roles = localRoles(env);
  const grant = async (all: NodeJS.ProcessEnv): Promise<void> => {
    const { grantProcesses } = await import('../roles/local-grants.ts');
    await grantProcesses(roles, all);
  };
  const secure = tls === true ? grant : undefined;
  const supervisor = await supervise({
    dir,
    slm: chooseSlm(provider, env),
    port,
    brokers,
    env,
    roles,
    secure,
    onEvent,
    onNote,
  });
  process.on('message', (message) => {
    if (message === releaseMessage) process.removeAllListeners('disconnect');
  });
  try {
    const { url, apiKey } = await supervisor.ready;
    report({ type: 'ready', url, apiKey });
    void buildConsole({ dir, env, signal: supervisor.asked, onNote: log });
  } catch (error) {
    const { code = 'UNEXPECTED', message } = error as { code?: string; message: string };
    await supervisor.stopped;
    report({ type: 'failed', code, message });
    process.exitCode = 1;
  }
  await supervisor.stopped;
  if (process.connected) process.disconnect();
}
