import type { Clock } from '../clock.ts';
import { LogError } from '../errors.ts';
import type { MemoryBroker } from './broker.ts';

/** Each request, and what it is called once its effect is done and its answer is on the way back. */
export const answers = {
  append: 'appended',
  fence: 'fenced',
  enlist: 'enlisted',
  write: 'written',
  stage: 'staged',
  commit: 'committed',
  join: 'joined',
  heartbeat: 'alive',
  leave: 'left',
  fetch: 'fetched',
  offsets: 'offsets read',
  watermarks: 'watermarks read',
  ping: 'pong',
} as const;

export type Request = keyof typeof answers;
export type Point = Request | (typeof answers)[Request] | 'mark';

/** Awaited on each way: it may take its time, never resolve (a crash), or throw (the connection broke). */
export type Pass = (point: Point, subject: string) => Promise<void>;

/** One process's way to the broker. */
export class Connection {
  readonly broker: MemoryBroker;
  readonly clock: Clock;
  readonly #pass: Pass;

  constructor(broker: MemoryBroker, clock: Clock, pass: Pass) {
    this.broker = broker;
    this.clock = clock;
    this.#pass = pass;
  }

  async request<T>(request: Request, subject: string, effect: () => T | Promise<T>): Promise<T> {
    await this.#pass(request, subject);
    if (this.broker.away) throw new LogError('LOG_UNAVAILABLE', 'the memory log is away');
    let answer: () => T;
    try {
      const value = await effect();
      answer = () => value;
    } catch (error) {
      answer = () => {
        throw error;
      };
    }
    await this.#pass(answers[request], subject);
    return answer();
  }
}
