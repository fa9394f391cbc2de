import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { logTail } from './child.ts';
import { homeFiles } from './home.ts';
import { PartError } from './part.ts';
import type { PlatformEvent } from './platform-event.ts';
import { nodeArgs, program } from './roles.ts';

/** From the supervisor to the command that waits for it. */
export type SupervisorMessage =
  | { readonly type: 'event'; readonly event: PlatformEvent }
  | { readonly type: 'ready'; readonly url: string; readonly apiKey: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

/** From the command to the supervisor: it may live on without us. */
export const releaseMessage = 'release';

export interface Detached {
  /** Rejects when the platform did not come up; nothing of it runs then. */
  readonly ready: Promise<{ url: string; apiKey: string }>;
  /** Lets it live on when this process ends. Until then it stops with this process. */
  readonly release: () => void;
  /** Stops it and waits until nothing is left. */
  readonly stop: () => Promise<void>;
}

/** Starts `khipu up --supervised …` in a session of its own, its output in logs/supervisor.log. */
export function startDetached(dir: string, args: readonly string[], onEvent: (event: PlatformEvent) => void): Detached {
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
