/**
 * Measures a recall over many memories beside exact search alone: p50 and p99, with the share of the database.
 *
 *   node tests/bench/memory.ts --items 100000 --recalls 200
 *
 * It needs DATABASE_URL with a Postgres in which it may create a schema; it fills a table like that of the read model, and drops
 * it. With KHIPU_MEMORY_MODEL_PATH it uses static vectors, else feature hashing. It is not part of `npm test`.
 */
import { parseArgs } from 'node:util';
import { embedderOf } from '../../infra/memory/embedding/embedder.ts';
import { MemoryRecall, type MemoryVectors } from '../../infra/memory/recall.ts';
import { connectPostgres, type Sql } from '../../infra/stores/postgres/client.ts';
import { cosine, type Vector, vectorOf, vectorText } from '../../schemas/contexts/memory/vectors.ts';
import { percentile } from './statistics.ts';

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '100000' },
    recalls: { type: 'string', default: '200' },
  },
});
const items = Number(values.items);
const recalls = Number(values.recalls);
const TENANT = 'bench';
const WORDS =
  'office train llama price order invoice river mountain market coffee tea school doctor winter summer red blue north south left right open closed early late cheap costly Cusco Lima Puno Arequipa Tacna Ica'.split(
    ' ',
  );

/** Returns a text of eight words; the same number gives the same text. */
const textOf = (nth: number): string =>
  Array.from({ length: 8 }, (_, at) => WORDS[(nth * (at + 7) * 2_654_435_761 + at * 97) % WORDS.length]).join(' ');

const memoryModelPath = process.env['KHIPU_MEMORY_MODEL_PATH'] ?? null;
const embedder = embedderOf({ memoryModelPath, memoryEmbeddings: memoryModelPath === null ? 'hashing' : 'static' });
const vector = (text: string): Vector => vectorOf(embedder.embed(text));

async function fill(sql: Sql): Promise<Vector[]> {
  await sql.unsafe(
    'CREATE SCHEMA khipu_bench; CREATE TABLE khipu_bench.memories (tenant_id text, memory_id text, vector text)',
  );
  const vectors: Vector[] = [];
  const BATCH = 2_000;
  for (let from = 0; from < items; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, items - from) }, (_, at) => {
      const made = vector(textOf(from + at));
      vectors.push(made);
      return { tenant_id: TENANT, memory_id: `m-${String(from + at).padStart(8, '0')}`, vector: vectorText(made) };
    });
    await sql`INSERT INTO khipu_bench.memories ${sql(rows)}`;
  }
  await sql.unsafe('CREATE INDEX ON khipu_bench.memories (tenant_id, memory_id); ANALYZE khipu_bench.memories');
  return vectors;
}

const times: { database: number[] } = { database: [] };

const rowsOf = (sql: Sql): MemoryVectors => ({
  async ids(tenantId) {
    const at = performance.now();
    const rows = await sql<
      { memory_id: string }[]
    >`SELECT memory_id FROM khipu_bench.memories WHERE tenant_id = ${tenantId}`;
    times.database.push(performance.now() - at);
    return rows.map(({ memory_id }) => memory_id);
  },
  vectors: (tenantId, ids) =>
    Promise.resolve(sql<{ memory_id: string; vector: string; text: string }[]>`
      SELECT memory_id, vector, '' AS text FROM khipu_bench.memories
      WHERE tenant_id = ${tenantId} AND memory_id = ANY(${[...ids]}::text[])`),
});

const shown = (name: string, measured: readonly number[]): void =>
  console.log(
    `${name}: p50 ${percentile(measured, 0.5).toFixed(1)} ms, p99 ${percentile(measured, 0.99).toFixed(1)} ms`,
  );

const sql = connectPostgres(process.env['DATABASE_URL'] ?? '', { applicationName: 'khipu-bench-memory' });
try {
  await sql.unsafe('DROP SCHEMA IF EXISTS khipu_bench CASCADE');
  const vectors = await fill(sql);
  const recall = new MemoryRecall(rowsOf(sql), embedder);
  const filter = {
    ...{ space: 'bench', asOf: null, validAt: new Date(0), labels: [], withoutLabels: [], tags: [], metadata: {} },
  };
  const cold = performance.now();
  await recall.find(TENANT, textOf(1), 10, filter);
  console.log(
    `${items} items, ${recall.model}; the first recall reads every vector: ${(performance.now() - cold).toFixed(0)} ms`,
  );
  times.database.length = 0;
  const whole: number[] = [];
  const alone: number[] = [];
  for (let nth = 0; nth < recalls; nth += 1) {
    const query = textOf(nth * 31 + 7);
    let at = performance.now();
    await recall.find(TENANT, query, 10, filter);
    whole.push(performance.now() - at);
    at = performance.now();
    const asked = vector(query);
    const scores = vectors.map((each, index) => [cosine(asked, each), index] as const);
    scores.sort((one, other) => other[0] - one[0]);
    alone.push(performance.now() - at);
  }
  shown('recall', whole);
  shown('of it the database', times.database);
  shown('exact search alone', alone);
} finally {
  await sql.unsafe('DROP SCHEMA IF EXISTS khipu_bench CASCADE');
  await sql.end({ timeout: 5 });
}
