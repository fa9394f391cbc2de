import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Backoff, pauseMs } from '../../kit/backoff.ts';
import type { ChildMessage, ChildOptions, ParentMessage } from './protocol.ts';

const loadMaxMs = 60_000;
const RESTART: Backoff = { firstMs: 250, maxMs: 30_000 };
const stderrMaxChars = 2_000;

/** The callbacks of a model process. */
export interface ModelProcessEvents {
  onReady(): void;
  onMessage(message: ChildMessage): void;
  /** Called when the process is gone; its pending jobs are lost. `deaths` counts since the last completed answer. */
  onDeath(detail: string, deaths: number): void;
}

/**
 * Keeps one model process alive: absent → loading → ready → (dies) → waiting → loading …, until `close`. A process and
 * not a worker thread: a fault in native code then costs one answer and not the stream processor, its memory returns to
 * the system, its priority can be lowered, and the kernel reports its parent's death to it by closing the channel. It
 * restarts after 250 ms, doubled with every death up to 30 s.
 */
export class ModelProcess {
  readonly #options: ChildOptions;
  readonly #events: ModelProcessEvents;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deaths = 0;
  #state: 'loading' | 'ready' | 'waiting' | 'closed' = 'waiting';
  #loaded = '';
  #lastDeath = '';

  constructor(options: ChildOptions, events: ModelProcessEvents) {
    this.#options = options;
    this.#events = events;
    this.#start();
  }

  get ready(): boolean {
    return this.#state === 'ready';
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** One line for an operator. */
  get detail(): string {
    if (this.#state === 'ready') return `ready, ${this.#loaded}`;
    if (this.#deaths === 0) return this.#state;
    return `${this.#state}, died ${this.#deaths} times: ${this.#lastDeath}`;
  }

  send(message: ParentMessage): void {
    // A failed send means that the channel is closed: the exit of the process is reported instead.
    this.#child?.send(message, () => undefined);
  }

  /** Called when an answer was completed: the next death counts as the first one. */
  proved(): void {
    this.#deaths = 0;
  }

  /** Kills a process that no longer answers. It restarts as after any other death. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Resolves when the process is gone. */
  async close(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  #start(): void {
    this.#state = 'loading';
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [JSON.stringify(this.#options)], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: childEnvironment(),
    });
    this.#child = child;
    this.#timer = setTimeout(() => this.kill(), loadMaxMs);
    let lastWords = '';
    child.stderr?.on('data', (data: Buffer) => {
      lastWords = (lastWords + data.toString()).slice(-stderrMaxChars);
    });
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'broken') lastWords = message.message;
      else if (message.type === 'ready') this.#becameReady(message);
      else this.#events.onMessage(message);
    });
    child.on('error', (error) => this.#died(child, error.message));
    child.on('exit', (code, signal) => this.#died(child, lastWords.trim() || `exit ${signal ?? code}`));
  }

  #becameReady(message: ChildMessage & { type: 'ready' }): void {
    clearTimeout(this.#timer);
    this.#state = 'ready';
    this.#loaded = `loaded in ${Math.round(message.loadMs)} ms, context of ${message.contextSize} tokens`;
    this.#events.onReady();
  }

  #died(child: ChildProcess, detail: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    clearTimeout(this.#timer);
    if (this.#state === 'closed') return;
    this.#state = 'waiting';
    this.#lastDeath = detail;
    this.#deaths += 1;
    this.#timer = setTimeout(() => this.#start(), pauseMs(this.#deaths, RESTART));
    this.#events.onDeath(detail, this.#deaths);
  }
}

/** Returns an environment without secrets, because native code reads untrusted prompts. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
