import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Log } from '../../../infra/kafka/port.ts';
import type { Sql } from '../../../infra/stores/postgres/client.ts';
import type { AnyTopic } from '../../../streams/kernel.ts';
import { python } from '../../support/foreign-client/consumer.ts';
import type { LoadReport } from '../subject/load.ts';
import { chaosWorker, counting, relay, schemaFiles, tally } from '../subject/topology.ts';

interface Hop {
  readonly name: string;
  readonly keys: number;
  readonly records: number;
  readonly lost: number;
  readonly doubled: number;
  readonly moved: number;
  readonly examples: readonly unknown[];
}

type TallyRow = Readonly<Record<string, number | null>>;

interface OutsideCount {
  readonly hops: readonly Hop[];
  readonly acknowledged_lost: number;
  readonly acknowledged_lost_examples: readonly unknown[];
  readonly miscounted: number;
  readonly miscounted_examples: readonly unknown[];
  readonly states_wrong: readonly unknown[];
  readonly dead_letters: number;
  readonly dead_letters_examples: readonly unknown[];
  readonly tally: Readonly<Record<string, TallyRow>>;
}

export interface Verdict {
  readonly ok: boolean;
  readonly lost: number;
  readonly doubled: number;
  readonly moved: number;
  readonly keys: number;
  readonly rowsWrong: readonly unknown[];
  readonly count: Omit<OutsideCount, 'tally'>;
}

const run = promisify(execFile);

/** Resolves when every group has read to the end; rejects when it has not within `timeoutMs`. */
export async function drained(log: Log, sql: Sql, timeoutMs: number, onLine: (line: string) => void): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const left = await unread(log, sql).catch((error: Error) => ({ [error.message]: 1 }));
    if (Object.values(left).every((records) => records === 0)) return;
    if (Date.now() > until) throw new Error(`not drained after ${timeoutMs} ms: ${JSON.stringify(left)}`);
    onLine(`unread: ${JSON.stringify(left)}`);
    await sleep(1_000);
  }
}

async function unread(log: Log, sql: Sql): Promise<Record<string, number>> {
  const left: Record<string, number> = {};
  const note = async (name: string, inputs: readonly AnyTopic[], done: ReadonlyMap<string, number>): Promise<void> => {
    const marks = await log.watermarks(inputs.map((topic) => topic.name));
    left[name] = marks.reduce(
      (sum, { topic, partition, high }) => sum + high - Math.max(0, done.get(`${topic} ${partition}`) ?? 0),
      0,
    );
  };
  for (const { name, inputs } of [{ name: counting.name, inputs: counting.external }, chaosWorker, relay]) {
    const committed = await log.committed(
      `khipu.${name}`,
      inputs.map((topic) => topic.name),
    );
    await note(name, inputs, new Map(committed.map((place) => [`${place.topic} ${place.partition}`, place.offset])));
  }
  const rows = await sql<{ place: string; next: number }[]>`
    SELECT topic || ' ' || partition AS place, next_offset::float8 AS next FROM khipu.projection_offsets
    WHERE view = ${tally.name}`;
  await note(tally.name, tally.inputs, new Map(rows.map(({ place, next }) => [place, next])));
  return left;
}

/** Counts with a client in another language, and compares Postgres' rows with the fold of the log. */
export async function verdictOf(dir: string, brokers: string, load: LoadReport, sql: Sql): Promise<Verdict> {
  const registry = path.join(dir, 'registry');
  for (const [file, text] of schemaFiles) {
    mkdirSync(path.dirname(path.join(registry, file)), { recursive: true });
    writeFileSync(path.join(registry, file), text);
  }
  const program = path.join(import.meta.dirname, 'count.py');
  const { stdout } = await run(
    await python(),
    [program, brokers, pathToFileURL(registry).href, String(load.acknowledged)],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { tally: folded, ...count } = JSON.parse(stdout) as OutsideCount;
  const rows = await sql<(Record<string, string | null> & { subject: string })[]>`
    SELECT subject, counted, counted_sum, relayed, relayed_sum, relayed_last FROM khipu.chaos_tally`;
  const held = new Map(rows.map((row) => [row.subject, row]));
  const rowsWrong = Object.entries(folded).flatMap(([subject, expected]) => {
    const row = held.get(subject);
    const seen = Object.fromEntries(
      Object.keys(expected).map((column) => [column, row?.[column] == null ? null : Number(row[column])]),
    );
    return JSON.stringify(seen) === JSON.stringify(expected) ? [] : [{ subject, expected, seen }];
  });
  const sum = (of: (hop: Hop) => number): number => count.hops.reduce((total, hop) => total + of(hop), 0);
  const [lost, doubled, moved] = [sum((hop) => hop.lost), sum((hop) => hop.doubled), sum((hop) => hop.moved)];
  const wrong =
    lost +
    doubled +
    moved +
    count.acknowledged_lost +
    count.miscounted +
    count.states_wrong.length +
    count.dead_letters;
  // A count of zero records proves nothing.
  const counted = held.size === load.keys.length && count.hops.every(({ keys, records }) => keys > 0 && records > 0);
  return {
    ...{ ok: wrong === 0 && rowsWrong.length === 0 && counted, lost, doubled, moved, keys: held.size },
    ...{ rowsWrong: rowsWrong.slice(0, 5), count },
  };
}
