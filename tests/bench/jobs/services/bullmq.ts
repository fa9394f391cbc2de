/** BullMQ in its own process: lists of Redis, no journal of steps. */
import { nowMs } from '../system.ts';
import { servePeer } from './serve.ts';

interface BullMq {
  Queue: new (
    name: string,
    options: object,
  ) => {
    add(name: string, data: unknown, options: object): Promise<unknown>;
    addBulk(jobs: readonly object[]): Promise<unknown>;
  };
  Worker: new (
    name: string,
    run: (job: { readonly name: string; readonly data: { readonly id: number } }) => Promise<unknown>,
    options: object,
  ) => unknown;
}

const { Queue, Worker } = (await import(process.env['PEER_MODULE'] ?? '')) as BullMq;
const { hostname: host, port, username, password } = new URL(process.env['REDIS_URL'] ?? '');
const credentials = { ...(username !== '' && { username }), ...(password !== '' && { password }) };
const connection = { host, port: Number(port), maxRetriesPerRequest: null, ...credentials };
const options = { removeOnComplete: true };

const waiting = new Map<number, (firstStepMs: number) => void>();
let ended = 0;
let last = 0;
const queue = new Queue('bench', { connection });
new Worker(
  'bench',
  async ({ name, data: { id } }) => {
    if (name === 'nothing') {
      ended += 1;
      return;
    }
    // It has no steps: the job itself is the first.
    waiting.get(id)?.(nowMs());
    waiting.delete(id);
  },
  { connection, concurrency: 64 },
);

const INSERTED_AT_ONCE = 10_000;
servePeer({
  three: () =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, resolve);
      queue.add('three', { id: last }, options).catch(reject);
    }),
  insert: async (count) => {
    for (let done = 0; done < count; done += INSERTED_AT_ONCE)
      await queue.addBulk(
        Array.from({ length: Math.min(INSERTED_AT_ONCE, count - done) }, () => ({
          ...{ name: 'nothing', data: { id: 0 }, opts: options },
        })),
      );
  },
  ended: () => ended,
});
