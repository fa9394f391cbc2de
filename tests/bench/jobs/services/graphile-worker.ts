/** graphile-worker in its own process: rows of Postgres, no journal of steps. */
import { nowMs } from '../system.ts';
import { servePeer } from './serve.ts';

interface Runner {
  addJob(task: string, payload: unknown): Promise<{ readonly id: string }>;
  readonly promise: Promise<void>;
}
interface Graphile {
  readonly Logger: new (factory: () => () => void) => object;
  run(options: object): Promise<Runner>;
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>;
    addJobs(jobs: readonly object[]): Promise<unknown>;
  }>;
}

const graphile = (await import(process.env['PEER_MODULE'] ?? '')) as Graphile;
const connectionString = process.env['DATABASE_URL'];

const waiting = new Map<number, (firstStepMs: number) => void>();
let ended = 0;
let last = 0;
const logger = new graphile.Logger(() => () => undefined);
const utils = await graphile.makeWorkerUtils({ connectionString, logger });
await utils.migrate();
const runner = await graphile.run({
  ...{ connectionString, concurrency: 64, noHandleSignals: true, logger },
  taskList: {
    // It has no steps: the task itself is the first.
    three: async (payload: unknown) => {
      const { id } = payload as { readonly id: number };
      waiting.get(id)?.(nowMs());
      waiting.delete(id);
    },
    nothing: async () => {
      ended += 1;
    },
  },
});

const INSERTED_AT_ONCE = 10_000;
servePeer({
  three: () =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, resolve);
      runner.addJob('three', { id: last }).catch(reject);
    }),
  insert: async (count) => {
    for (let done = 0; done < count; done += INSERTED_AT_ONCE)
      await utils.addJobs(
        Array.from({ length: Math.min(INSERTED_AT_ONCE, count - done) }, () => ({
          identifier: 'nothing',
          payload: {},
        })),
      );
  },
  ended: () => ended,
});
