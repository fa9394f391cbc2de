import type { Clock } from '../../kit/clock.ts';
import { LogError } from '../errors.ts';
import { MemberStarts } from '../member-start.ts';
import type { MemoryBroker } from './broker.ts';

/** Each request, and the name of the point at which its effect is done and its answer is on the way back. */
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
  members: 'members read',
  watermarks: 'watermarks read',
  ping: 'pong',
} as const;

/** A request to the broker. */
export type Request = keyof typeof answers;
/** A point of a request at which Pass is awaited. */
export type Point = Request | (typeof answers)[Request] | 'mark';

/** Awaited on each way: it may take time, never resolve (a crash), or throw (the connection broke). */
export type Pass = (point: Point, subject: string) => Promise<void>;

/** The connection of one process to the broker. */
export class Connection {
  readonly broker: MemoryBroker;
  readonly clock: Clock;
  /** The process started when it opened the connection. */
  readonly starts: MemberStarts;
  readonly #pass: Pass;

  constructor(broker: MemoryBroker, clock: Clock, pass: Pass) {
    this.broker = broker;
    this.clock = clock;
    this.starts = new MemberStarts(clock.now());
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
