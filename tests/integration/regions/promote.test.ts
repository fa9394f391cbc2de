import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patient } from '../../../infra/bin/region/patient.ts';
import { loadConfig } from '../../../infra/config.ts';
import { openLog, openWholeLog } from '../../../infra/kafka/connect.ts';
import { expectEpoch, firstLayout, LAYOUT_KEY, layoutRecord, layoutTopic } from '../../../infra/kafka/layout.ts';
import type { Log, OutgoingRecord } from '../../../infra/kafka/port.ts';
import { expectActive } from '../../../infra/kafka/region.ts';
import { withTransactor } from '../../../infra/kafka/with-transactor.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { type Parts, startParts } from '../../../infra/local/parts/parts.ts';
import {
  claimRegion,
  promoteRegion,
  type RegionDependencies,
  type RegionReport,
} from '../../../infra/regions/promote.ts';
import { plainEnvironment } from '../../support/environment.ts';

const MIRRORED = ['commands', 'events', 'work', 'results', 'core.redrive'];
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const logger = createLogger('test', 'silent');

let dir: string;
let parts: Parts;
let log: Log;
let report: RegionReport;

const configOf = (client: string, region: string) =>
  loadConfig({
    ...plainEnvironment(),
    ...{ SCHEMA_REGISTRY_URL: 'http://unused', DATABASE_URL: 'postgres://unused/khipu', REDIS_URL: 'redis://unused' },
    ...{ KAFKA_BROKERS: parts.env.KAFKA_BROKERS, KHIPU_KAFKA_CLIENT: client, KHIPU_REGION: region },
  });

const record = (topic: string, n: number, cause: number, outputs?: string): OutgoingRecord => ({
  ...{ topic, partition: 0, key: 'k', value: Buffer.from(String(n)) },
  headers: { ce_id: id(n), ce_causationid: id(cause), ...(outputs !== undefined && { khipu_outputs: outputs }) },
});

/** Writes in a transaction of its own, so that markers take offsets as they do on a mirror. */
const write = (...records: readonly OutgoingRecord[]): Promise<void> =>
  patient(() => withTransactor(log, 'mirror', (transactor) => transactor.commit({ records, group: 'm', offsets: [] })));

/** Two commands; of the outputs of the second, one of two arrived. */
async function tornMirror(): Promise<void> {
  const outputs = (n: number): string => `2/core/${id(n)}`;
  await write(record('commands', 1, 1));
  await write(record('events', 11, 1, outputs(1)), record('work', 12, 1, outputs(1)));
  await write(record('commands', 2, 2));
  await write(record('events', 21, 2, outputs(2)));
}

const dependencies = (): RegionDependencies => ({
  ...{ log, topics: MIRRORED, timerTopics: new Set(), stateTopics: ['core.state'] },
  readers: () => [
    {
      ...{ name: 'core', kind: 'processor', group: 'khipu.core', redrives: 'core.redrive', attemptsMax: 0 },
      ...{ topics: ['commands', 'results', 'core.redrive'], membersOf: () => ['sessions'] },
    },
  ],
  setUp: (opened) =>
    opened.createTopics([{ name: 'core.state', partitions: 1, config: { 'cleanup.policy': 'compact' } }]),
  onProgress: () => undefined,
});

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'khipu-promote-'));
  chmodSync(dir, 0o755);
  parts = await startParts({ dir, only: ['kafka'], env: plainEnvironment() });
  log = openWholeLog(configOf('kafkajs', 'b'), 'test', logger);
  await log.createTopics([layoutTopic, ...MIRRORED.map((name) => ({ name, partitions: 1, config: {} }))]);
  const appender = await log.appender();
  await patient(() => appender.append([layoutRecord(LAYOUT_KEY, firstLayout({ partitions: 1, topologies: null }))]));
  await appender.close();
  await claimRegion(log, 'a');
  await tornMirror();
  await expect(expectActive(log, 'b')).rejects.toMatchObject({ code: 'REGION_NOT_ACTIVE' });
  report = await patient(() => promoteRegion(dependencies(), { to: 'b', fenced: true, lagMsMax: 60_000 }));
  await write(record('events', 21, 2, `2/core/${id(2)}`), record('work', 22, 2, `2/core/${id(2)}`));
}, 240_000);
afterAll(async () => {
  await log?.close();
  await parts?.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('a log of a broker that was promoted', () => {
  test('is reported with each torn record by its id', () => {
    expect(report.dropped).toMatchObject([{ id: id(21), topic: 'events', reason: 'outputs-missing' }]);
    expect(report).toMatchObject({ region: 'b', term: 2, checked: 5, again: [] });
  });

  test('belongs to the region, in a new epoch', async () => {
    await expectActive(log, 'b');
    await expect(expectActive(log, 'a')).rejects.toMatchObject({ code: 'REGION_NOT_ACTIVE' });
    await expect(expectEpoch(log, 1)).rejects.toMatchObject({ code: 'LAYOUT_CHANGED' });
  });

  test('is read by the topology from the command whose outputs were torn', async () => {
    const [{ offset } = { offset: -1 }] = await log.committed('khipu.core', ['commands']);
    const read: string[] = [];
    await log.readTo({
      from: [{ topic: 'commands', partition: 0, offset }],
      onBatch: ({ records }) => void read.push(...records.map(({ headers }) => headers['ce_id'] ?? '')),
    });
    expect(read).toEqual([id(2)]);
  });

  test.each(['kafkajs', 'platformatic'])(
    'shows the torn record to no process of the region, over %s',
    async (client) => {
      const cut = openLog(configOf(client, 'b'), 'test', logger);
      const read: string[] = [];
      try {
        await cut.readTo({
          from: [{ topic: 'events', partition: 0, offset: 0 }],
          onBatch: ({ records }) => void read.push(...records.map(({ headers }) => headers['ce_id'] ?? '')),
        });
      } finally {
        await cut.close();
      }
      // Once: the torn one is cut off, the one that was written again is there.
      expect(read).toEqual([id(11), id(21)]);
    },
  );
});
