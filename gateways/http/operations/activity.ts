import { setTimeout as sleep } from 'node:timers/promises';
import { readLayout } from '../../../infra/kafka/layout.ts';
import { partitionId } from '../../../infra/kafka/partition-id.ts';
import type { GroupMember, Log, Position, Watermark } from '../../../infra/kafka/port.ts';
import { lagOf } from '../../../infra/projections/run/lag.ts';
import { allTopics, writtenBy } from '../../../schemas/topics.ts';
import type { DeclaredPlatform, ReaderKind } from '../../shared/declared-platform.ts';
import type { ReadModel } from '../../shared/read-model.ts';

/** An activity of this age is shown again, so that any number of callers costs the broker the same. */
const SHOWN_AGAIN_MS = 2_000;
/** Time between two looks that a rate is counted over, at least and at most. */
const WATCH_MS_MIN = 1_000;
const WATCH_MS_MAX = 60_000;

/** What a reader has not read of one partition. */
export interface PartitionLag extends Position {
  readonly end: number;
  readonly lag: number;
}

/** A process that reads for a consumer group. */
export type ReaderProcess = Pick<GroupMember, 'host' | 'startedMs' | 'restarts' | 'partitions'>;

/** A reader with what it has not read. */
export interface ReaderLag {
  readonly name: string;
  readonly kind: ReaderKind;
  /** Members of its group, the oldest first; empty for a read model. */
  readonly processes: readonly ReaderProcess[];
  readonly partitions: readonly PartitionLag[];
}

/** What happens in a topic. */
export interface TopicRate {
  readonly name: string;
  readonly partitions: number;
  /** Offsets between the first and the end. */
  readonly offsets: number;
  readonly offsetsPerSecond: number;
}

/** What happens in the log of the platform. */
export interface Activity {
  /** ms since 1970. */
  readonly atMs: number;
  /** Time that the rates are counted over, ms. */
  readonly watchedMs: number;
  readonly topics: readonly TopicRate[];
  readonly readers: readonly ReaderLag[];
}

interface Look {
  readonly atMs: number;
  readonly marks: readonly Watermark[];
}

const shownTopics = allTopics.filter(({ kind }) => kind !== 'state').map(({ name }) => name);

/** Topics whose records are appended alone; all others end each transaction with a marker, which takes an offset. */
const plain = new Set(writtenBy('gateway'));

/** Returns a lag without the marker of the last transaction, which is all that an up-to-date reader has not read. */
const withoutMarker = (topic: string, lag: number): number => (lag === 1 && !plain.has(topic) ? 0 : lag);

/** Parts that the activity is read from. */
export interface ActivityParts {
  readonly log: Pick<Log, 'watermarks' | 'committed' | 'members' | 'readTo'>;
  readonly readModel: Pick<ReadModel, 'positions'>;
  readonly platform: DeclaredPlatform;
}

/** Reads what happens in the topics, and how far each reader is, from positions alone: it reads no record. */
export class PlatformActivity {
  readonly #parts: ActivityParts;
  #last: Look | null = null;
  #shown: Activity | null = null;
  #reading: Promise<Activity> | null = null;

  constructor(parts: ActivityParts) {
    this.#parts = parts;
  }

  /** Resolves with the activity, at most 2 s old. Rejects with LogError, and with Problem READ_MODEL_UNAVAILABLE. */
  read(): Promise<Activity> {
    if (this.#shown !== null && Date.now() - this.#shown.atMs < SHOWN_AGAIN_MS) return Promise.resolve(this.#shown);
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<Activity> {
    const ageMs = this.#last === null ? Number.POSITIVE_INFINITY : Date.now() - this.#last.atMs;
    if (ageMs < WATCH_MS_MIN || ageMs > WATCH_MS_MAX) {
      this.#last = await this.#look();
      await sleep(WATCH_MS_MIN);
    }
    const before = this.#last as Look;
    const now = await this.#look();
    this.#last = now;
    const watchedMs = Math.max(1, now.atMs - before.atMs);
    const ends = new Map(before.marks.map((mark) => [partitionId(mark), mark.high]));
    const topics = shownTopics.map((name) => {
      const mine = now.marks.filter(({ topic }) => topic === name);
      const grown = mine.reduce((sum, mark) => sum + mark.high - (ends.get(partitionId(mark)) ?? mark.high), 0);
      return {
        ...{ name, partitions: mine.length },
        offsets: mine.reduce((sum, { low, high }) => sum + high - low, 0),
        offsetsPerSecond: Math.round((grown * 10_000) / watchedMs) / 10,
      };
    });
    this.#shown = { atMs: now.atMs, watchedMs, topics, readers: await this.#readers(now.marks) };
    return this.#shown;
  }

  async #look(): Promise<Look> {
    const marks = await this.#parts.log.watermarks(shownTopics);
    return { atMs: Date.now(), marks };
  }

  async #readers(marks: readonly Watermark[]): Promise<readonly ReaderLag[]> {
    const { log, readModel, platform } = this.#parts;
    const layout = await readLayout(log as Log);
    const groups = await Promise.all(
      platform.groups(layout?.topologies ?? 'chained').map(async ({ name, kind, group, topics }) => {
        const [committed, members] = await Promise.all([log.committed(group, topics), log.members(group)]);
        const processes = members
          .map(({ host, startedMs, restarts, partitions }) => ({ host, startedMs, restarts, partitions }))
          .sort((one, other) => (one.startedMs ?? 0) - (other.startedMs ?? 0));
        return { name, kind, topics, processes, positions: committed.filter(({ offset }) => offset >= 0) };
      }),
    );
    const stored = Map.groupBy(await readModel.positions(), ({ view }) => view);
    const views = platform.readers
      .filter(({ kind, name }) => kind === 'view' && stored.has(name))
      .map(({ name, kind, reads }) => ({
        name,
        kind,
        topics: reads,
        processes: [],
        positions: stored.get(name) ?? [],
      }));
    return [...groups, ...views].map(({ name, kind, topics, processes, positions }) => {
      const mine = marks.filter(({ topic }) => topics.includes(topic));
      const ends = new Map(mine.map((mark) => [partitionId(mark), mark.high]));
      return {
        ...{ name, kind, processes },
        partitions: lagOf(mine, positions).map(({ topic, partition, offset, records }) => {
          const end = ends.get(partitionId({ topic, partition })) ?? 0;
          return { topic, partition, offset, end, lag: withoutMarker(topic, records) };
        }),
      };
    });
  }
}
