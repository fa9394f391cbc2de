import { fileURLToPath } from 'node:url';
import { topics } from '../../../../schemas/topics.ts';
import { type BenchPlatform, type Serving, serveGateway, serveScript, setUpBenchPlatform } from '../bench-platform.ts';
import { atLeastTimes, type BenchContext, type Figure, type Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';
import { type Load, type LoadResult, post } from '../load.ts';
import { usageOf } from '../usage.ts';

const SECONDS = 6;
const WARM_UP_SECONDS = 4;
const QUICK_SECONDS = 3;
const CONNECTIONS = [50, 500] as const;
const QUICK_CONNECTIONS = [5, 20] as const;

/** A typical start of a session; the bare handlers receive the same bytes. */
const BODY = JSON.stringify({
  persona: 'guide',
  prompt: 'What is a khipu, and how were numbers recorded in its knots?',
  capabilities: ['slm:invoke:*'],
  metadata: { channel: 'web', campaign: 'spring' },
});

const drivers = ['kafkajs', 'platformatic'] as const;
type Side = (typeof drivers)[number] | 'one send a request' | 'batched by hand';
const bareHandler = fileURLToPath(new URL('../subjects/bare-handler.ts', import.meta.url));

const ours = (platform: BenchPlatform, driver: (typeof drivers)[number]): Promise<Serving> =>
  serveGateway(platform, {
    name: `gateway-${driver}`,
    gateways: ['http'],
    // The limit applies to one caller, and this caller creates the whole load.
    env: { KHIPU_KAFKA_CLIENT: driver, KHIPU_RATE_LIMIT_PER_MINUTE: '1000000000' },
  });

const bare = (platform: BenchPlatform, mode: 'send' | 'batched'): Promise<Serving> =>
  serveScript(platform, `bare-${mode}`, bareHandler, { BARE_MODE: mode, BARE_TOPIC: topics.sessionsCommands.name });

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const { sizes, note } = context;
  const platform = await setUpBenchPlatform(context);
  const seconds = sizes.quick ? QUICK_SECONDS : SECONDS;
  const serving: Partial<Record<Side, Serving>> = {};
  try {
    for (const driver of drivers) serving[driver] = await ours(platform, driver);
    serving['one send a request'] = await bare(platform, 'send');
    serving['batched by hand'] = await bare(platform, 'batched');
    const loadOf = (side: Side, connections: number): Load => {
      const isOurs = (drivers as readonly string[]).includes(side);
      return {
        url: `${serving[side]?.url}${isOurs ? '/v1/sessions/start' : '/'}`,
        connections,
        seconds,
        headers: {
          'content-type': 'application/json',
          ...(isOurs && { authorization: `Bearer ${platform.apiKey}`, prefer: 'respond-async' }),
        },
        body: BODY,
      };
    };
    const sides = Object.keys(serving) as Side[];
    for (const side of sides)
      await post({ ...loadOf(side, QUICK_CONNECTIONS[1]), seconds: sizes.quick ? QUICK_SECONDS : WARM_UP_SECONDS });
    const rows: Row[] = [];
    for (const connections of sizes.quick ? QUICK_CONNECTIONS : CONNECTIONS) {
      note(`gateway, ${connections} connections`);
      const run = (side: Side) => async (): Promise<Sample> => {
        const pid = serving[side]?.pid ?? 0;
        const began = usageOf(pid).cpuSeconds;
        const result = await post(loadOf(side, connections));
        return { ...result, processorUs: ((usageOf(pid).cpuSeconds - began) * 1e6) / (result.perSecond * seconds) };
      };
      const medians = await runInterleaved(
        sizes.runs,
        Object.fromEntries(sides.map((side) => [side, run(side)])) as unknown as Record<
          Side,
          () => Promise<Record<keyof Sample, number>>
        >,
        note,
      );
      rows.push(...rowsOf(connections, medians));
    }
    return rows;
  } finally {
    await Promise.all(Object.values(serving).map((server) => server.stop()));
  }
}

interface Sample extends LoadResult {
  /** Processor time of the handler's process per request, µs. */
  readonly processorUs: number;
}

type Medians = Readonly<Record<keyof Sample, Readonly<Record<Side, number>>>>;

function rowsOf(connections: number, { perSecond, p50Ms, p99Ms, processorUs }: Medians): Row[] {
  const split = (values: Readonly<Record<Side, number>>) => {
    const { kafkajs, platformatic, ...beside } = values;
    return { ours: { kafkajs, platformatic }, beside };
  };
  const aims = drivers.flatMap((driver) => [
    atLeastTimes(perSecond[driver], 5, perSecond['one send a request'], `one send a request (${driver})`),
    atLeastTimes(perSecond[driver], 0.7, perSecond['batched by hand'], `batched by hand (${driver})`),
  ]);
  const at = `POST of commands, ${connections} connections`;
  return [
    { what: `${at}, appends`, unit: '1/s', ...split(perSecond), aims },
    { what: `${at}, p50`, unit: 'ms', ...split(p50Ms), aims: [] },
    { what: `${at}, p99`, unit: 'ms', ...split(p99Ms), aims: [] },
    { what: `${at}, processor time of a request`, unit: 'µs', ...split(processorUs), aims: [] },
  ];
}

export const gateway: Figure = {
  name: 'gateway',
  about: 'POST of commands, acks=all, beside bare Fastify + kafkajs handlers',
  needs: ['kafka', 'registry', 'postgres', 'redis'],
  run: measure,
};
