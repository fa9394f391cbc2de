/**
 * A Restate service in its own process: three durable steps that do nothing, and a handler that does nothing at all. The
 * environment names its port and the SDK, which is not a dependency of this repository.
 */
import { nowMs } from '../jobs/system.ts';

interface Context {
  run<Result>(name: string, action: () => Promise<Result>): Promise<Result>;
}

interface Sdk {
  service(spec: {
    readonly name: string;
    readonly handlers: Readonly<Record<string, (ctx: Context) => Promise<unknown>>>;
  }): unknown;
  serve(options: { readonly services: readonly unknown[]; readonly port: number }): Promise<number>;
}

const { service, serve } = (await import(process.env['RESTATE_SDK'] ?? '')) as Sdk;

let ended = 0;
const steps = service({
  name: 'Steps',
  handlers: {
    three: async (ctx) => {
      for (const name of ['decide', 'effect', 'charge']) await ctx.run(name, async () => undefined);
      return 'done';
    },
    timed: async (ctx) => {
      const first = await ctx.run('decide', async () => nowMs());
      for (const name of ['effect', 'charge']) await ctx.run(name, async () => undefined);
      return { first_step_ms: first };
    },
    nothing: async () => {
      ended += 1;
    },
    count: async () => ({ ended }),
  },
});

await serve({ services: [steps], port: Number(process.env['PORT']) });
