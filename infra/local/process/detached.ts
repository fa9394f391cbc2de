import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { homeFiles } from '../home.ts';
import { PartError } from '../parts/part.ts';
import type { PlatformEvent } from '../platform-event.ts';
import { nodeArgs, program } from '../roles/roles.ts';
import { logTail } from './child.ts';

/** Messages from the supervisor to the command that waits for it. */
export type SupervisorMessage =
  | { readonly type: 'event'; readonly event: PlatformEvent }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'ready'; readonly url: string; readonly apiKey: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

/** Message from the command to the supervisor: it may continue without the command. */
export const releaseMessage = 'release';

/** A platform in its own process. */
export interface Detached {
  /** Rejects when the platform did not start; then none of its processes runs. */
  readonly ready: Promise<{ url: string; apiKey: string }>;
  /** Lets the platform continue after this process ends. Until then it stops with this process. */
  readonly release: () => void;
  /** Stops the platform and waits until no process is left. */
  readonly stop: () => Promise<void>;
}

/** The callbacks of a detached start. */
export interface DetachedWatch {
  readonly onEvent: (event: PlatformEvent) => void;
  readonly onNote: (text: string) => void;
}

/** Starts `khipu up --supervised …` in its own session, with its output in logs/supervisor.log. */
export function startDetached(dir: string, args: readonly string[], { onEvent, onNote }: DetachedWatch): Detached {
  const log = homeFiles(dir).log('supervisor');
  mkdirSync(path.dirname(log), { recursive: true });
  const fd = openSync(log, 'a', 0o640);
  const logStart = fstatSync(fd).size;
  const child = spawn(process.execPath, [...nodeArgs, program, 'up', '--supervised', ...args], {
    detached: true,
    stdio: ['ignore', fd, fd, 'ipc'],
  });
  closeSync(fd);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<{ url: string; apiKey: string }>((resolve, reject) => {
    child.on('message', (message: SupervisorMessage) => {
      if (message.type === 'event') onEvent(message.event);
      else if (message.type === 'note') onNote(message.text);
      else if (message.type === 'ready') resolve({ url: message.url, apiKey: message.apiKey });
      else reject(Object.assign(new Error(message.message), { code: message.code }));
    });
    child.once('error', reject);
    void exited.then(() =>
      reject(new PartError(`the supervisor ended; the end of ${log}:\n${logTail({ log, logStart })}`)),
    );
  });
  ready.catch(() => {});
  return {
    ready,
    release: () => {
      child.send(releaseMessage, () => {
        child.disconnect();
        child.unref();
      });
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
