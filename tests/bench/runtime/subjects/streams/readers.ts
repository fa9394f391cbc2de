import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Arrival, ReadersAnswer, ReadersOrder, WantedStream } from './readers-main.ts';

/** The process of the readers, with its commands and answers. */
export class Readers {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('readers-main.ts', import.meta.url)), { serialization: 'advanced' });
  }

  async open(port: number, streams: readonly WantedStream[]): Promise<void> {
    await this.#ask({ type: 'open', port, streams: streams.map(({ sessionId, token }) => ({ sessionId, token })) });
  }

  /** Returns the arrivals since the last call. Throws when a stream has ended. */
  async arrivals(): Promise<readonly Arrival[]> {
    const answer = await this.#ask({ type: 'report' });
    if (answer.type !== 'report') throw new Error(`the readers answered ${answer.type}`);
    if (answer.ended > 0) throw new Error(`${answer.ended} streams ended before their time`);
    return answer.arrivals;
  }

  async close(): Promise<void> {
    if (!this.#child.connected) return;
    const ended = once(this.#child, 'exit');
    this.#child.send({ type: 'close' } satisfies ReadersOrder);
    await ended;
  }

  async #ask(order: ReadersOrder): Promise<ReadersAnswer> {
    const answering = once(this.#child, 'message') as Promise<[ReadersAnswer]>;
    this.#child.send(order);
    const [answer] = await answering;
    if (answer.type === 'failed') throw new Error(`a stream did not open: ${answer.detail}`);
    return answer;
  }
}
