import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pino } from 'pino';
import { rebuild } from '../../../infra/bin/roles/projections.ts';
import { type Config, loadConfig } from '../../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import type { OutgoingRecord } from '../../../infra/kafka/log.ts';
import { connectPostgres, type Sql } from '../../../infra/postgres/client.ts';
import { usage } from '../../../projections/usage/projection.ts';
import { slmMetered } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { alternate } from './alternate.ts';
import { atLeast, type BenchContext, type Figure, type Row } from './figure.ts';
import { setStage } from './stage.ts';

/** A session asks ten times; a tenant has a hundred sessions. */
const EVENTS_PER_SESSION = 10;
const SESSIONS_PER_TENANT = 100;
const APPEND_RECORDS = 2_000;
const APPENDS_AT_ONCE = 4;
const FIRST_DAY_MS = Date.UTC(2026, 0, 1);
const DAYS = 30;

const sessionOf = (index: number): number => Math.floor(index / EVENTS_PER_SESSION);
const tenantOf = (session: number): string => `tenant-${Math.floor(session / SESSIONS_PER_TENANT)}`;
const sessionIdOf = (session: number): string => `00000000-0000-4000-8000-${String(session).padStart(12, '0')}`;
const timeMsOf = (index: number): number => FIRST_DAY_MS + (index % (DAYS * 24)) * 3_600_000;

function eventOf(decoder: KafkaConnection['decoder'], index: number): OutgoingRecord {
  const session = sessionOf(index);
  const sessionId = sessionIdOf(session);
  const tenantId = tenantOf(session);
  const turnId = randomUUID();
  const record = slmMetered({
    ...{ subjectId: sessionId, sessionId, tenantId, turnId, requestId: turnId, origin: 'conversation' },
    ...{ provider: 'bench', modelId: `model-${session % 2}`, outcome: 'completed', latencyMs: 120 },
    ...{ tokensConsumed: { prompt: 20, completion: 80 }, timeToFirstTokenMs: 30, cost: '0.000020000', currency: 'USD' },
  });
  const id = randomUUID();
  return toOutgoing(decoder.codec, {
    ...{ topic: topics.slmMetrics.name, key: sessionId, record, id, tenantId, timeMs: timeMsOf(index) },
    ...{
      correlationId: id,
      causationId: id,
      source: 'khipu/slm',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    },
  });
}

async function preload({ log, decoder }: KafkaConnection, events: number): Promise<void> {
  const appender = await log.appender({ pendingMax: 2 * APPEND_RECORDS * APPENDS_AT_ONCE });
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < events) {
      const first = next;
      next = Math.min(events, first + APPEND_RECORDS);
      await appender.append(Array.from({ length: next - first }, (_, nth) => eventOf(decoder, first + nth)));
    }
  };
  await Promise.all(Array.from({ length: APPENDS_AT_ONCE }, work));
  await appender.close();
}

/** As if the live view had read all of the topic, so that a rebuild reads all of it too. Its own rows are not looked at. */
async function claimRead(sql: Sql, { log }: KafkaConnection): Promise<void> {
  for (const { topic, partition, high } of await log.watermarks([topics.slmMetrics.name]))
    await sql`
      INSERT INTO khipu.projection_offsets (view, generation, topic, partition, next_offset)
      SELECT view, generation, ${topic}, ${partition}, ${high} FROM khipu.projection_views WHERE view = ${usage.name}
      ON CONFLICT (view, generation, topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;
}

/** Events a second of `khipu projections rebuild usage`, from its start to the swap. Throws when a sum is wrong. */
async function rebuildOnce(config: Config, events: number): Promise<number> {
  const { records, refused, swapped, seconds } = await rebuild(config, usage.name, 'swap');
  if (records !== events || refused !== 0 || !swapped)
    throw new Error(`the rebuild read ${records} of ${events}, refused ${refused}, swapped: ${swapped}`);
  return events / seconds;
}

interface Sums {
  readonly rows: number;
  readonly requests: number;
  readonly cost: string;
}

async function checkRows(sql: Sql, events: number): Promise<void> {
  for (const table of ['usage_daily', 'usage_sessions']) {
    const schema = await sql<{ schema: string }[]>`
      SELECT 'v_' || view || '_' || generation AS schema FROM khipu.projection_views WHERE view = ${usage.name}`;
    const [sums] = await sql.begin(async (tx) => {
      await tx`SELECT set_config('role', 'khipu_projector', true)`;
      return tx<Sums[]>`
        SELECT count(*)::float8 AS rows, sum(requests)::float8 AS requests, sum(cost)::text AS cost
        FROM ${tx(schema[0]?.schema ?? '')}.${tx(table)}`;
    });
    const cost = (events * 20) / 1e6;
    if (sums?.requests !== events || Math.abs(Number(sums.cost) - cost) > 1e-6)
      throw new Error(`${table} has ${JSON.stringify(sums)} of ${events} events that cost ${cost}`);
  }
}

/** The limit: as many rows of the same columns, one an event, from memory into an indexless table by COPY; rows a second. */
async function copyOnce(sql: Sql, events: number): Promise<number> {
  await sql`DROP TABLE IF EXISTS bench_copy`;
  await sql`
    CREATE TABLE bench_copy (
      tenant_id text, session_id text, model_id text, currency text, requests bigint, failures bigint,
      tokens_prompt bigint, tokens_completion bigint, latency_ms bigint, cost numeric(18, 9), last_at timestamptz)`;
  const lineOf = (index: number): string => {
    const session = sessionOf(index);
    const at = new Date(timeMsOf(index)).toISOString();
    return `${tenantOf(session)}\t${sessionIdOf(session)}\tmodel-${session % 2}\tUSD\t1\t0\t20\t80\t120\t0.000020000\t${at}\n`;
  };
  const chunks: Buffer[] = [];
  for (let first = 0; first < events; first += 1_000)
    chunks.push(
      Buffer.from(Array.from({ length: Math.min(1_000, events - first) }, (_, nth) => lineOf(first + nth)).join('')),
    );
  const began = performance.now();
  await pipeline(Readable.from(chunks), await sql`COPY bench_copy FROM STDIN`.writable());
  const seconds = (performance.now() - began) / 1_000;
  await sql`DROP TABLE bench_copy`;
  return events / seconds;
}

const drivers = ['kafkajs', 'platformatic'] as const;

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const { sizes, note } = context;
  const stage = await setStage(context);
  const configOf = (client: (typeof drivers)[number]): Config =>
    loadConfig({ ...stage.env, KHIPU_KAFKA_CLIENT: client });
  const kafka = await connectKafka(configOf('platformatic'), 'bench', pino({ level: 'silent' }));
  const sql = connectPostgres(configOf('platformatic').databaseUrl, {
    applicationName: 'khipu-bench',
    connectionsMax: 2,
  });
  try {
    const before = await kafka.log.watermarks([topics.slmMetrics.name]);
    if (before.some(({ high }) => high > 0)) throw new Error(`${topics.slmMetrics.name} is not empty`);
    await preload(kafka, sizes.records);
    note(`${sizes.records} events stand in ${topics.slmMetrics.name}`);
    const measured = (work: () => Promise<number>) => async () => ({ perSecond: await work() });
    const built = (client: (typeof drivers)[number]) => async (): Promise<number> => {
      await claimRead(sql, kafka);
      const perSecond = await rebuildOnce(configOf(client), sizes.records);
      await checkRows(sql, sizes.records);
      return perSecond;
    };
    const { perSecond } = await alternate(
      sizes.runs,
      {
        kafkajs: measured(built('kafkajs')),
        platformatic: measured(built('platformatic')),
        'COPY of a row an event': measured(() => copyOnce(sql, sizes.records)),
      },
      note,
    );
    const { kafkajs, platformatic, ...beside } = perSecond;
    const best = Math.max(kafkajs, platformatic);
    const ratio = {
      aim: 'reported: ratio to COPY',
      measured: best / perSecond['COPY of a row an event'],
      reached: true,
    };
    return [
      {
        what: 'rebuild of the view `usage` (two tables) into Postgres',
        unit: 'events/s',
        ours: { kafkajs, platformatic },
        beside,
        aims: [
          atLeast(kafkajs, 100_000, 'events/s, kafkajs'),
          atLeast(platformatic, 100_000, 'events/s, platformatic'),
          ratio,
        ],
      },
    ];
  } finally {
    await sql.end({ timeout: 2 });
    await kafka.close();
  }
}

export const projectionRebuild: Figure = {
  name: 'rebuild',
  about: 'a narrow view is rebuilt from the log beside COPY of the same rows',
  needs: ['kafka', 'registry', 'postgres', 'redis'],
  run: measure,
};
