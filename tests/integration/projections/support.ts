import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Registry } from 'prom-client';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import { MemoryLog } from '../../../infra/kafka/memory/log.ts';
import type { Log, OutgoingRecord, Position } from '../../../infra/kafka/port.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { startParts } from '../../../infra/local/parts/parts.ts';
import type { View } from '../../../infra/projections/generation.ts';
import { prepareViewsOn } from '../../../infra/projections/generation.ts';
import { loadViews } from '../../../infra/projections/load-view.ts';
import type { StoreViews } from '../../../infra/projections/run/bound-view.ts';
import { createProjectionMetrics } from '../../../infra/projections/run/metrics.ts';
import { runViews, type ViewRunner } from '../../../infra/projections/run/run-views.ts';
import type { ViewDependencies } from '../../../infra/projections/run/view-dependencies.ts';
import { postgresViews } from '../../../infra/projections/sinks/postgres.ts';
import { connectPostgres, type Sql } from '../../../infra/stores/postgres/client.ts';
import { postgres } from '../../../infra/stores/postgres/driver.ts';
import { sqlStateOf } from '../../../infra/stores/postgres/errors.ts';
import { PROJECTOR_ROLE } from '../../../infra/stores/postgres/roles.ts';
import { allProjections } from '../../../projections/all.ts';
import type { Projection } from '../../../projections/kernel.ts';
import { RecordCodec } from '../../../schemas/codec.ts';
import * as records from '../../../schemas/generated/records.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import {
  allTopics,
  deadLetterTopic,
  keyOf,
  PARTITIONS_DEFAULT,
  partitionsOf,
  topicOf,
} from '../../../schemas/topics.ts';
import { placeOf } from '../../../streams/kernel/place.ts';
import { makeDataFolder } from '../../support/data-folder.ts';

/** Returns a required environment variable. Throws when it is not set. */
export const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run it with \`vitest --project integration\``);
  return value;
};

export interface TestDatabase {
  readonly url: string;
  /** Connected as the owner of the tables, to whom row-level security also applies unless it is a superuser. */
  readonly sql: Sql;
  /** Connected as the projector, which sees the rows of every tenant. Usable once the views exist. */
  readonly rows: Sql;
  drop(): Promise<void>;
}

const asProjector = (url: string): Sql =>
  postgres(url, { max: 4, onnotice: () => undefined, connection: { role: PROJECTOR_ROLE, TimeZone: 'UTC' } });

function handlesOf(url: string, end: () => Promise<void>): TestDatabase {
  const sql = connectPostgres(url, { applicationName: 'test', connectionsMax: 10 });
  const rows = asProjector(url);
  return {
    url,
    sql,
    rows,
    drop: async () => {
      await Promise.all([sql.end({ timeout: 1 }), rows.end({ timeout: 1 })]);
      await end();
    },
  };
}

/** Creates a database per test file, so that files run side by side; on its own server when none may be created. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `khipu_test_${randomBytes(6).toString('hex')}`;
  const admin = connectPostgres(env('DATABASE_URL'), { applicationName: 'test', connectionsMax: 1 });
  try {
    await admin.unsafe(`CREATE DATABASE ${name}`);
  } catch (error) {
    await admin.end();
    if (sqlStateOf(error) !== '42501') throw error;
    return startServer();
  }
  const url = new URL(env('DATABASE_URL'));
  url.pathname = `/${name}`;
  return handlesOf(url.href, async () => {
    await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  });
}

async function startServer(): Promise<TestDatabase> {
  const dir = makeDataFolder('khipu-postgres-');
  const parts = await startParts({ dir, only: ['postgres'], env: { ...process.env, DATABASE_URL: undefined } });
  return handlesOf(parts.env.DATABASE_URL, async () => {
    await parts.stop();
    rmSync(dir, { recursive: true, force: true });
  });
}

const ids = new Map(Object.keys(records.fullNames).map((name, index) => [name as records.RecordName, index + 1]));
export const codec = new RecordCodec(ids);
export const decoder = new RecordDecoder(codec, async () => {
  throw new Error('every schema is known here');
});

export const TIME_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
let made = 0;

/** Returns a record as a processor would write it; ids are derived, so that two runs of a test write the same. */
export function outgoing(
  record: records.AnyRecord,
  { tenantId = 'acme', timeMs = TIME_MS, id = '', correlationId = '', requestDigest = '' } = {},
): OutgoingRecord {
  made += 1;
  const recordId = id === '' ? uuidV5('6b687069-7500-5000-8000-6b6e6f747321', `test/${made}`) : id;
  const { name: topic, spread } = topicOf(record.type);
  const key = keyOf(record);
  return toOutgoing(codec, {
    topic,
    key,
    record,
    id: recordId,
    tenantId,
    place: spread === 'single' ? null : placeOf(tenantId, key, 16),
    correlationId: correlationId === '' ? recordId : correlationId,
    ...(requestDigest !== '' && { requestDigest }),
    causationId: recordId,
    timeMs,
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    source: 'khipu/test',
  });
}

/** Creates an in-memory log with every topic of the catalogue. */
export async function memoryLog(): Promise<MemoryLog> {
  const log = new MemoryLog();
  await log.createTopics(
    allTopics.flatMap((topic) => {
      const partitions = partitionsOf(topic, PARTITIONS_DEFAULT);
      return [topic.name, deadLetterTopic(topic.name)].map((name) => ({ name, partitions, config: {} }));
    }),
  );
  return log;
}

/** Appends records and returns their positions. */
export async function append(log: Log, list: readonly OutgoingRecord[]): Promise<readonly Position[]> {
  const appender = await log.appender();
  try {
    return await appender.append(list);
  } finally {
    await appender.close();
  }
}

export const views = await loadViews(allProjections);
/** Returns the view of a projection, with its migrations. Throws when there is none. */
export const viewOf = (projection: Projection): View => {
  const view = views.find((candidate) => candidate.projection.name === projection.name);
  if (view === undefined) throw new Error(`no view ${projection.name}`);
  return view;
};
export const prepare = (sql: Sql): Promise<number> => prepareViewsOn(sql, views);

export const logger = createLogger('test', process.env['KHIPU_LOG_LEVEL'] ?? 'silent');

export const dependencies = (log: Log, more: Partial<ViewDependencies> = {}): ViewDependencies => ({
  log,
  decoder,
  metrics: createProjectionMetrics(new Registry()),
  logger,
  now: Date.now,
  onFatal: (error) => {
    throw error;
  },
  ...more,
});

/** A view that runs by itself. */
export interface RunningView extends ViewRunner {
  close(): Promise<void>;
}

/** Runs the only view of a store. */
export function runView(store: StoreViews, more: ViewDependencies): RunningView {
  const { views, close } = runViews([store], more);
  const [view] = views;
  if (view === undefined) throw new Error('no view');
  return { ...view, close };
}

export const runPostgresView = (
  sql: Sql,
  projection: Projection,
  log: Log,
  more: Partial<ViewDependencies> = {},
): RunningView => runView(postgresViews(sql, [projection]), dependencies(log, more));

/** Polls until `check` holds. Rejects after `timeoutMs` with the last value. */
export async function until<T>(
  look: () => Promise<T> | T,
  check: (seen: T) => boolean,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (check(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`the condition was never met; last value: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
