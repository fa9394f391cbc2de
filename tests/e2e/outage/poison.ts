import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LogRecord, OutgoingRecord, Position } from '../../../infra/kafka/port.ts';
import { PARTITIONS_DEFAULT as partitions, topics } from '../../../schemas/topics.ts';
import { until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { withPlatformLog } from '../../support/platform-log.ts';
import { clientOf, runTurn } from '../support/turn-fixture.ts';

interface Letter {
  readonly name: string;
  readonly code: string;
  readonly processor: string;
  readonly key: string;
  readonly from: Position;
}

const { name: topic } = topics.sessionsCommands;

/** Returns records that a foreign writer may append: none can be decoded, each for another reason. */
function poisonOf({ headers, value }: LogRecord): Readonly<Record<string, Pick<OutgoingRecord, 'headers' | 'value'>>> {
  const bytes = value ?? Buffer.alloc(0);
  const unknownSchema = Buffer.from(bytes);
  unknownSchema.writeInt32BE(2_000_000_000, 1);
  return {
    BYTES_NOT_FRAMED: { headers, value: Buffer.from('{"persona":"guide"}') },
    BYTES_NOT_AVRO: { headers, value: bytes.subarray(0, 12) },
    RECORD_UNKNOWN: { headers, value: unknownSchema },
    ENVELOPE_INVALID: { headers: {}, value: bytes },
  };
}

/** Appends undecodable records to a partition. */
export function describePoison(platform: () => TestPlatform): void {
  describe('a record that cannot be decoded', () => {
    const expected: Omit<Letter, 'name'>[] = [];
    const dlq = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await khipu(['dlq', ...args], platform().env);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    };
    const list = async (): Promise<Letter[]> => JSON.parse(await dlq('list', '--topic', topic, '--json')) as Letter[];

    beforeAll(async () => {
      await runTurn(clientOf(platform()));
      await withPlatformLog(platform(), async (log) => {
        const found: LogRecord[] = [];
        const from = (await log.watermarks([topic])).map(({ partition, low }) => ({ topic, partition, offset: low }));
        await log.readTo({ from, onBatch: ({ records }) => void found.push(...records) });
        const [genuine] = found;
        if (genuine === undefined) throw new Error(`${topic} is empty`);
        const appender = await log.appender();
        for (const [code, poison] of Object.entries(poisonOf(genuine)))
          for (let partition = 0; partition < partitions; partition += 1) {
            const key = randomUUID();
            const [place] = await appender.append([{ topic, partition, key, ...poison }]);
            if (place !== undefined) expected.push({ code, processor: 'policy', key, from: place });
          }
        await appender.close();
      });
    });

    test('delays no later session, in any partition', async () => {
      const turns = await Promise.all(
        Array.from({ length: 8 }, () => runTurn(clientOf(platform()), '[[words:3]] Hi.')),
      );
      expect(turns.map(({ events }) => events.at(-1)?.event)).toEqual(turns.map(() => 'turn.completed'));
    });

    test('is one dead letter with reason and origin', async () => {
      const letters = await until(list, (found) => found.length >= expected.length, 60_000);
      const places = letters.map(({ code, processor, key, from }) => ({ code, processor, key, from }));
      expect(places).toHaveLength(expected.length);
      expect(places).toEqual(expect.arrayContaining(expected));
      for (const { name, from } of letters) expect(name).toMatch(new RegExp(`^${topic}\\.dlq/${from.partition}/\\d+$`));
    });

    test('is listed by code and key, and shown whole', async () => {
      const wanted = expected.find(({ code }) => code === 'BYTES_NOT_FRAMED');
      const found = JSON.parse(
        await dlq('list', '--code', 'BYTES_NOT_FRAMED', '--key', wanted?.key ?? '', '--json'),
      ) as Letter[];
      expect(found).toMatchObject([{ ...wanted }]);
      const shown = JSON.parse(await dlq('show', found[0]?.name ?? '')) as { value_base64: string; headers: object };
      expect(Buffer.from(shown.value_base64, 'base64').toString()).toBe('{"persona":"guide"}');
      expect(shown.headers).toMatchObject({ ce_type: 'khipu.sessions.StartSession' });
    });

    test('leaves the list when it is dropped, and is still shown by --all', async () => {
      const of = ['--topic', topic, '--code', 'BYTES_NOT_FRAMED', '--json'];
      expect(JSON.parse(await dlq('drop', '--dry-run', ...of))).toMatchObject({ would_drop: { length: partitions } });
      expect(JSON.parse(await dlq('drop', ...of))).toMatchObject({
        dropped: { length: partitions },
        still_parked: [],
      });
      expect(JSON.parse(await dlq('list', ...of))).toEqual([]);
      expect(JSON.parse(await dlq('drop', ...of))).toMatchObject({ dropped: [] });
      const all = JSON.parse(await dlq('list', '--all', ...of)) as { note: { outcome: string } }[];
      expect(all.map(({ note }) => note.outcome)).toEqual(Array.from({ length: partitions }, () => 'dropped'));
    });

    test('is redriven once to its reader alone, and is dead-lettered again', async () => {
      const of = ['--topic', topic, '--code', 'RECORD_UNKNOWN', '--json'];
      expect(JSON.parse(await dlq('redrive', ...of))).toMatchObject({ redriven: { length: partitions } });
      const again = await until(
        async () => JSON.parse(await dlq('list', ...of)) as (Letter & { attempt: number })[],
        (found) => found.length >= partitions,
        60_000,
      );
      expect(again.map(({ processor, attempt }) => [processor, attempt])).toEqual(
        Array.from({ length: partitions }, () => ['policy', 2]),
      );
    });
  });
}
