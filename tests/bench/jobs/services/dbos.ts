/** DBOS in its own process: it checkpoints each step in Postgres. The environment names its module and its database. */
import { atOnce, nowMs } from '../system.ts';
import { servePeer } from './serve.ts';

interface Handle<Result> {
  getResult(): Promise<Result>;
}
interface Dbos {
  setConfig(config: object): void;
  launch(): Promise<void>;
  registerQueue(name: string): Promise<unknown>;
  registerWorkflow<Args extends unknown[], Result>(
    run: (...args: Args) => Promise<Result>,
    options: { readonly name: string },
  ): (...args: Args) => Promise<Result>;
  runStep<Result>(run: () => Promise<Result>, options: { readonly name: string }): Promise<Result>;
  startWorkflow<Args extends unknown[], Result>(
    workflow: (...args: Args) => Promise<Result>,
    options?: object,
  ): (...args: Args) => Promise<Handle<Result>>;
}

const { DBOS } = (await import(process.env['PEER_MODULE'] ?? '')) as { readonly DBOS: Dbos };

let ended = 0;
const three = DBOS.registerWorkflow(
  async () => {
    const first = await DBOS.runStep(async () => nowMs(), { name: 'decide' });
    for (const name of ['effect', 'charge']) await DBOS.runStep(async () => undefined, { name });
    return first;
  },
  { name: 'three' },
);
const nothing = DBOS.registerWorkflow(
  async () => {
    ended += 1;
  },
  { name: 'nothing' },
);

DBOS.setConfig({
  ...{ name: 'bench', systemDatabaseUrl: process.env['DATABASE_URL'], logLevel: 'error', runAdminServer: false },
});
await DBOS.launch();
await DBOS.registerQueue('bench');

servePeer({
  three: async () => (await DBOS.startWorkflow(three)()).getResult(),
  insert: (count) => atOnce(count, () => DBOS.startWorkflow(nothing, { queueName: 'bench' })()),
  ended: () => ended,
});
