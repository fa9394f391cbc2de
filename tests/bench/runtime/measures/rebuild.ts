import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pino } from 'pino';
import { rebuild } from '../../../../infra/bin/roles/projections.ts';
import { type Config, loadConfig } from '../../../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../../../infra/kafka/connect.ts';
import { connectPostgres, type Sql } from '../../../../infra/stores/postgres/client.ts';
import { setUpBenchPlatform } from '../bench-platform.ts';
import { atLeast, type BenchContext, type Figure, type Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';
import { markAsRead } from '../read-positions.ts';
import { budgetsView } from './rebuild/budgets.ts';
import { usageView } from './rebuild/usage.ts';
import type { RebuiltView } from './rebuild/view.ts';

const APPEND_RECORDS = 2_000;
const APPENDS_AT_ONCE = 4;

async function preload({ log, decoder }: KafkaConnection, view: RebuiltView, events: number): Promise<void> {
  const appender = await log.appender({ pendingMax: 2 * APPEND_RECORDS * APPENDS_AT_ONCE });
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < events) {
      const first = next;
      next = Math.min(events, first + APPEND_RECORDS);
      await appender.append(Array.from({ length: next - first }, (_, nth) => view.eventOf(decoder, first + nth)));
    }
  };
  await Promise.all(Array.from({ length: APPENDS_AT_ONCE }, work));
  await appender.close();
}

/**
 * Returns the events per second of `khipu projections rebuild`, from its start to the swap. Throws when it did not read
 * all events.
 */
async function rebuildOnce(config: Config, name: string, events: number): Promise<number> {
  const { records, refused, swapped, seconds } = await rebuild(config, name, 'swap');
  if (records !== events || refused !== 0 || !swapped)
    throw new Error(`the rebuild read ${records} of ${events}, refused ${refused}, swapped: ${swapped}`);
  return events / seconds;
}

async function checkRows(sql: Sql, { projection, sums }: RebuiltView, events: number): Promise<void> {
  const [live] = await sql<{ schema: string }[]>`
    SELECT 'v_' || view || '_' || generation AS schema FROM khipu.projection_views WHERE view = ${projection.name}`;
  for (const { table, column, of } of sums) {
    const [found] = await sql.begin(async (tx) => {
      await tx`SELECT set_config('role', 'khipu_projector', true)`;
      return tx<
        { sum: number }[]
      >`SELECT sum(${tx(column)})::float8 AS sum FROM ${tx(live?.schema ?? '')}.${tx(table)}`;
    });
    const wanted = of(events);
    if (found === undefined || Math.abs(found.sum - wanted) > 1e-6)
      throw new Error(`${table}.${column} comes to ${found?.sum}, not to ${wanted}`);
  }
}

/**
 * Returns the limit in rows per second: one row per event with the same columns, from memory into a table without
 * indexes by COPY.
 */
async function copyOnce(sql: Sql, view: RebuiltView, events: number): Promise<number> {
  await sql`DROP TABLE IF EXISTS bench_copy`;
  await sql.unsafe(`CREATE TABLE bench_copy (${view.copyColumns})`);
  const chunks: Buffer[] = [];
  for (let first = 0; first < events; first += 1_000)
    chunks.push(
      Buffer.from(
        Array.from({ length: Math.min(1_000, events - first) }, (_, nth) => view.copyLine(first + nth)).join(''),
      ),
    );
  const began = performance.now();
  await pipeline(Readable.from(chunks), await sql`COPY bench_copy FROM STDIN`.writable());
  const seconds = (performance.now() - began) / 1_000;
  await sql`DROP TABLE bench_copy`;
  return events / seconds;
}

interface Parts {
  readonly kafka: KafkaConnection;
  readonly sql: Sql;
  configOf(client: 'kafkajs' | 'platformatic'): Config;
}

async function rowOf(view: RebuiltView, { kafka, sql, configOf }: Parts, { sizes, note }: BenchContext): Promise<Row> {
  const { records: events } = sizes;
  const before = await kafka.log.watermarks([view.topic]);
  if (before.some(({ high }) => high > 0)) throw new Error(`${view.topic} is not empty`);
  await preload(kafka, view, events);
  note(`${events} events stand in ${view.topic}`);
  const measured = (work: () => Promise<number>) => async () => ({ perSecond: await work() });
  const built = (client: 'kafkajs' | 'platformatic') => async (): Promise<number> => {
    await markAsRead(sql, kafka.log, view.projection.name, view.topic);
    const perSecond = await rebuildOnce(configOf(client), view.projection.name, events);
    await checkRows(sql, view, events);
    return perSecond;
  };
  const { perSecond } = await runInterleaved(
    sizes.runs,
    {
      kafkajs: measured(built('kafkajs')),
      platformatic: measured(built('platformatic')),
      'COPY of a row an event': measured(() => copyOnce(sql, view, events)),
    },
    note,
  );
  const { kafkajs, platformatic, ...beside } = perSecond;
  const best = Math.max(kafkajs, platformatic);
  const ratio = { aim: 'reported: ratio to COPY', measured: best / perSecond['COPY of a row an event'], reached: true };
  return {
    what: view.what,
    unit: 'events/s',
    ours: { kafkajs, platformatic },
    beside,
    aims: [
      atLeast(kafkajs, 100_000, 'events/s, kafkajs'),
      atLeast(platformatic, 100_000, 'events/s, platformatic'),
      ratio,
    ],
  };
}

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const platform = await setUpBenchPlatform(context);
  const configOf: Parts['configOf'] = (client) => loadConfig({ ...platform.env, KHIPU_KAFKA_CLIENT: client });
  const config = configOf('platformatic');
  const kafka = await connectKafka(config, 'bench', pino({ level: 'silent' }));
  const sql = connectPostgres(config.databaseUrl, { applicationName: 'khipu-bench', connectionsMax: 2 });
  try {
    const rows: Row[] = [];
    for (const view of [budgetsView, usageView]) rows.push(await rowOf(view, { kafka, sql, configOf }, context));
    return rows;
  } finally {
    await sql.end({ timeout: 2 });
    await kafka.close();
  }
}

export const projectionRebuild: Figure = {
  name: 'rebuild',
  about: 'a narrow view and a wider one are rebuilt from the log beside COPY of the same rows',
  needs: ['kafka', 'registry', 'postgres', 'redis'],
  run: measure,
};
