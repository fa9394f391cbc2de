import { randomBytes } from 'node:crypto';
import { type IHeaders, Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../infra/config.ts';
import { openLog } from '../../../infra/kafka/connect.ts';
import { eventually, unique } from '../../../infra/kafka/contract/testing.ts';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { openRegistry } from '../../../infra/kafka/registry.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { prepareViewsOn } from '../../../infra/projections/generation.ts';
import { listDeadLetters } from '../../../infra/runner/dead-letters/select.ts';
import { deadLetterHeaders } from '../../../infra/runner/dead-letters/write.ts';
import { runObserver } from '../../../infra/runner/observer/runner.ts';
import { runProcessor } from '../../../infra/runner/processor/runner.ts';
import {
  answersOf,
  ask,
  command,
  counter,
  dependenciesOf,
  type Names,
  uncommitted,
} from '../../../infra/runner/testing/processors.ts';
import { runWorker } from '../../../infra/runner/worker/runner.ts';
import { foldTable, key, projection, row, sum } from '../../../projections/kernel.ts';
import { fullNames } from '../../../schemas/generated/records.ts';
import { deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { worker } from '../../../streams/kernel.ts';
import { createDatabase, runPostgresView, type TestDatabase } from '../projections/support.ts';
import { brokers } from './open-log.ts';

const LARGE_BYTES = 10_000_000;

interface Message {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}

/**
 * Records that a broken or hostile writer may append, derived from a valid one, with the code that a processor reports.
 */
const corruptions: readonly (readonly [what: string, code: string, make: (good: Message) => Message])[] = [
  ['random bytes', 'BYTES_NOT_FRAMED', (good) => ({ ...good, value: Buffer.concat([Buffer.of(7), randomBytes(63)]) })],
  ['no bytes', 'BYTES_NOT_FRAMED', (good) => ({ ...good, value: Buffer.alloc(0) })],
  ['no value', 'ENVELOPE_INVALID', (good) => ({ ...good, value: null })],
  ['an unknown schema', 'RECORD_UNKNOWN', (good) => ({ ...good, value: Buffer.of(0, 127, 255, 255, 255, 1) })],
  ['half of the Avro', 'BYTES_NOT_AVRO', (good) => ({ ...good, value: (good.value ?? Buffer.of()).subarray(0, 12) })],
  ['another type than its schema', 'RECORD_UNKNOWN', (good) => withHeader(good, 'ce_type', fullNames.EmbedText)],
  ['an unknown type', 'ENVELOPE_INVALID', (good) => withHeader(good, 'ce_type', 'khipu.Nothing')],
  ['no headers', 'ENVELOPE_INVALID', (good) => ({ ...good, headers: {} })],
  ['no tenant', 'ENVELOPE_INVALID', (good) => withHeader(good, 'ce_tenantid', '')],
  ['an id that is not a UUID', 'ENVELOPE_INVALID', (good) => withHeader(good, 'ce_id', 'one')],
  ['an invalid time', 'ENVELOPE_INVALID', (good) => withHeader(good, 'ce_time', 'yesterday')],
  ['a time before all years', 'ENVELOPE_INVALID', (good) => withHeader(good, 'ce_time', '-000044-03-15T12:00:00Z')],
  ['a time after all years', 'ENVELOPE_INVALID', (good) => withHeader(good, 'ce_time', '+275760-09-13T00:00:00Z')],
  ['a header that is not UTF-8', 'ENVELOPE_INVALID', (good) => withHeader(good, 'ce_time', Buffer.of(0xff, 0xfe))],
  ['a key that is not UTF-8', 'KEY_MISMATCH', (good) => ({ ...good, key: Buffer.of(0xff, 0xfe) })],
  ['no key', 'KEY_MISMATCH', (good) => ({ ...good, key: null })],
  ['10 MB of nothing', 'BYTES_NOT_FRAMED', (good) => ({ ...good, value: Buffer.alloc(LARGE_BYTES, 7) })],
];

const withHeader = (good: Message, name: string, value: string | Buffer): Message => ({
  ...good,
  headers: { ...good.headers, [name]: value },
});

let database: TestDatabase;
let decoder: RecordDecoder;
const raw = new Kafka({ brokers: [...brokers()], logLevel: logLevel.NOTHING }).producer({
  createPartitioner: Partitioners.DefaultPartitioner,
});
beforeAll(async () => {
  database = await createDatabase();
  const registry = await openRegistry(process.env['SCHEMA_REGISTRY_URL'] ?? '');
  decoder = new RecordDecoder(registry.codec, registry.lookup);
  await raw.connect();
});
afterAll(async () => {
  await raw.disconnect();
  await database.drop();
});

/**
 * Creates a topic of one partition, which accepts far larger records than Khipu's: a reader that stops at one record
 * stops at all.
 */
async function prepare(log: Log): Promise<Names> {
  const name = unique('corrupt');
  const input = { ...topics.inferenceCommands, name: `${name}.commands`, partitionedBy: 'key' as const };
  const state = { ...topics.sessionsState, name: `${name}.state` };
  const config = { 'max.message.bytes': String(LARGE_BYTES + 1_000_000) };
  await log.createTopics([
    { name: input.name, partitions: 1, config },
    { name: deadLetterTopic(input.name), partitions: 1, config: { 'max.message.bytes': '2097152' } },
    { name: state.name, partitions: 1, config: {} },
    { name: topics.inferenceEvents.name, partitions: 4, config: {} },
  ]);
  return { name, input, state };
}

const asMessage = ({ key, value, headers }: ReturnType<typeof command>): Message => ({
  ...{ key: key === null ? null : Buffer.from(key), value },
  headers: { ...headers },
});

describe.each(['kafkajs', 'platformatic'] as const)('invalid input, over %s', (driver) => {
  it('is dead-lettered with a code, by every kind of reader; later records are read', async () => {
    const log = openLog({ ...loadConfig(), kafkaClient: driver }, 'test', createLogger('test', 'silent'));
    const names = await prepare(log);
    const table = foldTable(`corrupt_${driver}`, { tenant_id: key('text'), subject: key('text'), seen: sum('bigint') });
    const view = projection({
      name: `corrupt_${driver}`,
      version: 1,
      inputs: [names.input],
      tables: [table],
      apply: ({ data }, { tenantId }) => [row(table, { tenant_id: tenantId, subject: data.requestId, seen: 1 })],
    });
    const sql = `CREATE TABLE corrupt_${driver} (tenant_id text NOT NULL, subject text NOT NULL,
      seen bigint NOT NULL, PRIMARY KEY (tenant_id, subject));`;
    await prepareViewsOn(database.sql, [
      { projection: view, migrations: [{ name: '0001-corrupt.sql', sql, checksum: driver }] },
    ]);
    const worked: string[] = [];
    const observed: string[] = [];
    const declared = worker({
      ...{ name: `${names.name}.worker`, inputs: [names.input], outputs: [topics.inferenceEvents] },
      key: ({ data }) => data.requestId,
      ...{ concurrencyMax: 8, attemptsMax: 2, deadlineMs: 10_000 },
    });
    const bystanders = dependenciesOf(log, decoder);
    const { dependencies, metric } = bystanders;
    const handle = async (record: { data: object }): Promise<void> =>
      void worked.push((record.data as { prompt: string }).prompt);
    const runners = [
      runProcessor(counter(names), dependencies),
      runWorker(declared, { handle, abandon: async () => undefined }, dependencies),
      runObserver(
        {
          ...{ name: `${names.name}.observer`, topic: names.input.name },
          observe: (events) =>
            void observed.push(...events.map(({ record }) => (record.data as { prompt: string }).prompt)),
        },
        dependencies,
      ),
      runPostgresView(database.sql, view, log, { decoder }),
    ];
    const good = unique('good');
    const bad = unique('bad');
    const appender = await log.appender();
    try {
      await appender.append([command(names, decoder, ask(good, 'before'), good)]);
      const tooLarge = { ...command(names, decoder, ask(bad, ''), bad), value: Buffer.alloc(LARGE_BYTES) };
      await expect(appender.append([tooLarge])).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
      for (const [what, , make] of corruptions) {
        const { key: k, value, headers } = make(asMessage(command(names, decoder, ask(bad, what), bad)));
        await raw.send({ topic: names.input.name, messages: [{ key: k, value, headers, partition: 0 }] });
      }
      await appender.append([command(names, decoder, ask(good, 'after'), good)]);

      for (const name of [names.name, declared.name])
        await eventually(async () => expect(await uncommitted(log, { ...names, name })).toBe(0));
      await eventually(async () => {
        const [seen] = await database.rows`
          SELECT seen::int FROM ${database.rows(`khipu.corrupt_${driver}`)} WHERE subject = ${good}`;
        expect(seen).toMatchObject({ seen: 2 });
      });
      await eventually(() => expect(observed).toEqual(['before', 'a key that is not UTF-8', 'no key', 'after']));
      expect((await answersOf(log, decoder, [good])).get(good)).toEqual(['1:before', '2:after']);
      expect(worked.sort()).toEqual(['a key that is not UTF-8', 'after', 'before', 'no key']);

      const letters = await listDeadLetters(log, { topic: names.input.name });
      const codesOf = (reader: string): string[] =>
        letters.filter(({ processor }) => processor === reader).map(({ code }) => code);
      expect(codesOf(names.name)).toEqual(corruptions.map(([, code]) => code));
      // Only readers with state check the key.
      const unreadable = corruptions.map(([, code]) => code).filter((code) => code !== 'KEY_MISMATCH');
      expect(codesOf(declared.name).sort()).toEqual(unreadable.sort());
      expect(codesOf(`projection.${view.name}`).sort()).toEqual(unreadable.sort());

      const large = letters.filter(({ headers }) => headers[deadLetterHeaders.leftOut] !== undefined);
      expect(large.map(({ value, from }) => [value, from.offset])).toEqual(large.map(() => [null, corruptions.length]));
      expect(large).toHaveLength(3);
      expect(large[0]?.headers[deadLetterHeaders.leftOut]).toMatch(/^10000000 bytes, sha256 [\da-f]{64}$/);

      for (const runner of runners) expect(await runner.health()).toMatchObject({ ok: true });
      expect(await metric('khipu_restarts_total')).toBe(0);
    } finally {
      await appender.close();
      await Promise.all(runners.map((runner) => runner.close()));
      await log.close();
    }
  });
});
