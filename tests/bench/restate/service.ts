/**
 * A Restate service in its own process: one handler of three durable steps that do nothing. The environment names its
 * port and the SDK, which is not a dependency of this repository.
 */
interface Context {
  run(name: string, action: () => Promise<void>): Promise<void>;
}

interface Sdk {
  service(spec: {
    readonly name: string;
    readonly handlers: Readonly<Record<string, (ctx: Context) => Promise<string>>>;
  }): unknown;
  serve(options: { readonly services: readonly unknown[]; readonly port: number }): Promise<number>;
}

const { service, serve } = (await import(process.env['RESTATE_SDK'] ?? '')) as Sdk;

const steps = service({
  name: 'Steps',
  handlers: {
    three: async (ctx) => {
      for (const name of ['decide', 'effect', 'charge']) await ctx.run(name, async () => undefined);
      return 'done';
    },
  },
});

await serve({ services: [steps], port: Number(process.env['PORT']) });
