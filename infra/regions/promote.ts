import { derivedId } from '../../schemas/ids.ts';
import { CutLog } from '../kafka/cut-log.ts';
import { LAYOUT_KEY, type Layout, LayoutError, layoutRecord, readLayout } from '../kafka/layout.ts';
import { partitionId } from '../kafka/partition-id.ts';
import type { CommittedOffset, Log, LogRecord, OutgoingRecord, Transactor, Watermark } from '../kafka/port.ts';
import { type Cut, REGION_KEY, type Region, RegionError, readRegion } from '../kafka/region.ts';
import { withTransactor } from '../kafka/with-transactor.ts';
import { isForAnother, isRedriven, recordNameOf, redriveHeaders } from '../runner/dead-letters/write.ts';
import { Progress } from '../runner/worker/progress.ts';
import type { DroppedRecord, DropReason, MirroredRecord } from './closure.ts';
import { type CheckedMirror, checkMirror, ofTopics, recordAt } from './mirror.ts';
import { type MirrorReader, type ReaderStart, readerStarts } from './positions.ts';

/** A reader of the platform, with its consumer group. */
export interface RegionReader extends MirrorReader {
  readonly group: string;
  /** Names of its members that read a topic; one for a reader of its own. */
  readonly membersOf: (topic: string) => readonly string[];
  /** Topic through which records come back; null when they are appended to their own. */
  readonly redrives: string | null;
  /** Runs of one record at most; of a worker. */
  readonly attemptsMax: number;
}

/** The log of the region to promote, and the declarations of the platform. */
export interface RegionDependencies {
  /** The whole log: cuts of earlier promotions are left out here. */
  readonly log: Log;
  /** All mirrored topics. */
  readonly topics: readonly string[];
  readonly timerTopics: ReadonlySet<string>;
  /** Topics of states, which are not mirrored: they are rebuilt from the events. */
  readonly stateTopics: readonly string[];
  readonly readers: (layout: Pick<Layout, 'topologies'>) => readonly RegionReader[];
  /** Creates the topics of the catalogue that are missing. */
  readonly setUp: (log: Log) => Promise<unknown>;
  readonly onProgress: (line: string) => void;
}

export interface PromoteOptions {
  readonly to: string;
  /** True when the operator has made sure that the former region cannot write any more. */
  readonly fenced: boolean;
  /** See MirrorOptions. */
  readonly lagMsMax: number;
}

/** A record by the names that are the same in every region. */
export interface NamedRecord {
  readonly id: string | null;
  readonly type: string | null;
  readonly topic: string;
  readonly key: string | null;
}

export interface RegionReport {
  readonly region: string | null;
  readonly term: number;
  /** Time of the newest record of the mirror; null for an empty one. */
  readonly newestMs: number | null;
  /** Number of records that were checked. */
  readonly checked: number;
  readonly dropped: readonly (NamedRecord & { readonly reason: DropReason; readonly cause: string | null })[];
  /** Commands and other inputs whose outputs were lost: they run again under their ids. */
  readonly again: readonly (NamedRecord & { readonly reader: string })[];
  /** Dropped records that no reader wrote, such as commands of clients: they are appended again behind the cut. */
  readonly appended: readonly NamedRecord[];
}

/** Transactional id of a promotion, and the name of the group of its writes: a newer tool fences an older one. */
export const REGION_ID = 'khipu.region';

/** Everything that a promotion does, computed and not written. */
interface Plan {
  readonly mirror: CheckedMirror;
  readonly starts: readonly ReaderStart[];
  readonly cuts: readonly Cut[];
  readonly readers: readonly RegionReader[];
  readonly report: RegionReport;
}

/**
 * Checks the mirror and returns what a promotion would drop and run again. Changes nothing. Rejects with LayoutError
 * NOT_SET_UP and with LogError.
 */
export async function verifyRegion(
  dependencies: RegionDependencies,
  { lagMsMax }: Pick<PromoteOptions, 'lagMsMax'>,
): Promise<RegionReport> {
  const { layout, region } = await stateOf(dependencies.log);
  return (await planOf(dependencies, layout, region, lagMsMax)).report;
}

/**
 * Gives the log to a region: cuts off the torn end of the mirror, sets every reader behind what it has handled, rebuilds all
 * states from their events, and runs again what lost its outputs. May be interrupted at any point and run again: the last
 * transaction holds all records, so nothing is appended twice. Rejects with RegionError: REGION_ACTIVE when the log
 * belongs to the region already, REGION_OTHER while it is given to another one, REGION_NOT_FENCED when the former region
 * may still write, MIRROR_RUNNING when the mirror grows meanwhile; with LayoutError NOT_SET_UP; and with LogError.
 */
export async function promoteRegion(
  dependencies: RegionDependencies,
  { to, fenced, lagMsMax }: PromoteOptions,
): Promise<RegionReport> {
  const { log, onProgress } = dependencies;
  const { layout, region } = await stateOf(log);
  checkPromotion(region, to, fenced);
  return withTransactor(log, REGION_ID, async (transactor) => {
    const plan = await planOf(dependencies, layout, region, lagMsMax);
    await expectStill(log, plan.mirror);
    onProgress(`${plan.report.checked} records checked: ${plan.report.dropped.length} are cut off`);
    await write(transactor, [regionRecord({ ...region, active: null, promoting: to })]);
    await dependencies.setUp(log);
    await rebuildStates(dependencies, transactor);
    for (const reader of plan.readers) await setStarts(plan, reader, transactor);
    onProgress(`${plan.readers.length} consumer groups begin behind what is handled`);
    const next: Region = { active: to, term: region.term + 1, promoting: null, cuts: plan.cuts };
    await write(transactor, [
      ...appendedAgain(plan),
      ...runAgain(plan),
      layoutRecord(LAYOUT_KEY, { ...layout, epoch: layout.epoch + 1, begins: {} } satisfies Layout),
      regionRecord(next),
    ]);
    onProgress(`the log belongs to ${to} in term ${next.term}`);
    return { ...plan.report, region: to, term: next.term };
  });
}

/** Gives a log that belongs to no region to the first one. Does nothing when the log was ever given to one. */
export async function claimRegion(log: Log, region: string): Promise<void> {
  if ((await readRegion(log)) !== null) return;
  const appender = await log.appender();
  try {
    await appender.append([regionRecord({ ...NO_REGION, active: region, term: 1 })]);
  } finally {
    await appender.close();
  }
}

/** Takes the log from the active region, so that none of its processes starts. Rejects with RegionError and LogError. */
export async function closeRegion(log: Log, transactor: Transactor): Promise<Region> {
  const { layout, region } = await stateOf(log);
  const next: Region = { ...region, active: null, promoting: null, term: region.term + 1 };
  await write(transactor, [
    layoutRecord(LAYOUT_KEY, { ...layout, epoch: layout.epoch + 1 } satisfies Layout),
    regionRecord(next),
  ]);
  return next;
}

const NO_REGION: Region = { active: null, term: 0, promoting: null, cuts: [] };

async function stateOf(log: Log): Promise<{ readonly layout: Layout; readonly region: Region }> {
  const layout = await readLayout(log);
  if (layout === null)
    throw new LayoutError('NOT_SET_UP', 'the log has no topics of the platform, nor a mirror of them');
  return { layout, region: (await readRegion(log)) ?? NO_REGION };
}

function checkPromotion({ active, promoting }: Region, to: string, fenced: boolean): void {
  if (active === to) throw new RegionError('REGION_ACTIVE', `the log belongs to ${to} already`);
  if (promoting !== null && promoting !== to)
    throw new RegionError('REGION_OTHER', `the log is given to ${promoting}; complete that first`);
  if (active !== null && !fenced)
    throw new RegionError(
      'REGION_NOT_FENCED',
      `the log belongs to ${active}: run khipu region fence there, or cut it off and pass --fenced`,
    );
}

async function planOf(
  dependencies: RegionDependencies,
  layout: Layout,
  region: Region,
  lagMsMax: number,
): Promise<Plan> {
  const { topics, timerTopics } = dependencies;
  const log = new CutLog(dependencies.log, () => Promise.resolve(region.cuts));
  const readers = dependencies.readers(layout);
  const offsets = new Map(
    await Promise.all(
      readers.map(async ({ name, group, topics: inputs }) => [name, await log.committed(group, inputs)] as const),
    ),
  );
  const committed = [...offsets.values()].flat();
  const mirror = await checkMirror(log, { topics, timerTopics, committed, lagMsMax });
  const passed = new Map(
    [...offsets].flatMap(([name, list]) => list.map((each) => [`${name} ${partitionId(each)}`, each.offset] as const)),
  );
  const starts = readerStarts(readers, mirror.closed, mirror.begins, (name, topic, partition) => {
    const offset = passed.get(`${name} ${partitionId({ topic, partition })}`) ?? -1;
    return offset < 0 ? null : offset;
  });
  const highs = new Map(mirror.marks.map((mark) => [partitionId(mark), mark.high]));
  const cuts = [...mirror.closed.ends].map(([id, from]): Cut => {
    const slash = id.lastIndexOf('/');
    return { topic: id.slice(0, slash), partition: Number(id.slice(slash + 1)), from, to: highs.get(id) ?? from };
  });
  const plan = { mirror, starts, readers, cuts: [...region.cuts, ...cuts] };
  return { ...plan, report: reportOf(region, plan) };
}

function reportOf({ active, term }: Region, { mirror, starts, readers }: Omit<Plan, 'report'>): RegionReport {
  const named = (record: MirroredRecord): NamedRecord => {
    const { key, headers } = originalOf(mirror, record);
    return { id: headers['ce_id'] ?? null, type: headers['ce_type'] ?? null, topic: record.topic, key };
  };
  const { kept, dropped } = mirror.closed;
  return {
    ...{ region: active, term, newestMs: mirror.newestMs, checked: kept.length + dropped.length },
    dropped: dropped.map((record) => ({ ...named(record), reason: record.reason, cause: record.cause })),
    again: readers.flatMap((reader) =>
      againOf(starts, mirror, reader).map(({ record }) => ({ ...named(record), reader: reader.name })),
    ),
    appended: dropped.filter(isRoot).map(named),
  };
}

const originalOf = ({ records }: CheckedMirror, record: MirroredRecord): LogRecord =>
  records.get(recordAt(record)) as LogRecord;

/** A record that nothing on the log caused: a command of a client. */
const isRoot = ({ id, input, cause, outputs }: DroppedRecord): boolean =>
  id !== null && input === id && cause === null && outputs === null;

/** Rejects with MIRROR_RUNNING when a partition has grown since the check. */
async function expectStill(log: Log, { marks }: CheckedMirror): Promise<void> {
  const topics = [...new Set(marks.map(({ topic }) => topic))];
  const ends = await ofTopics(topics, (topic) => log.watermarks(topic));
  const now = new Map(ends.map((mark) => [partitionId(mark), mark.high]));
  const grown = marks.filter((mark) => now.get(partitionId(mark)) !== mark.high);
  if (grown.length > 0)
    throw new RegionError(
      'MIRROR_RUNNING',
      `the mirror still writes to ${partitionId(grown[0] as Watermark)}; stop it first`,
    );
}

const regionRecord = (region: Region): OutgoingRecord => layoutRecord(REGION_KEY, region);

const write = (transactor: Transactor, records: readonly OutgoingRecord[]): Promise<void> =>
  transactor.commit({ records, group: REGION_ID, offsets: [] });

/** Key of a stored state that no version of a processor has: its partition is rebuilt from the events. */
const OUTDATED_KEY = 'khipu.region';
const OUTDATED = Buffer.from(JSON.stringify({ version: -1, state: null }));

async function rebuildStates({ log, stateTopics }: RegionDependencies, transactor: Transactor): Promise<void> {
  const counts = await log.partitionCounts(stateTopics);
  const records = [...counts].flatMap(([topic, count]) =>
    Array.from(
      { length: count },
      (_, partition): OutgoingRecord => ({
        ...{ topic, partition, key: OUTDATED_KEY, value: OUTDATED, headers: {} },
      }),
    ),
  );
  await write(transactor, records);
}

async function setStarts({ mirror, starts }: Plan, reader: RegionReader, transactor: Transactor): Promise<void> {
  const own = starts.filter((start) => start.reader === reader.name);
  if (own.length === 0) return;
  const ids = new Set(mirror.closed.kept.map(({ id }) => id));
  const offsets = own.map((start): CommittedOffset => {
    const { topic, partition } = start;
    if (reader.kind === 'processor') return { topic, partition, offset: start.offset, metadata: '' };
    return { topic, partition, ...progressOf(mirror, start, reader, ids).snapshot() };
  });
  await transactor.commit({ records: [], group: reader.group, offsets });
}

/** Returns the progress of a worker: what is handled, and how often open work was begun. */
function progressOf(
  { closed }: CheckedMirror,
  { topic, partition, offset, open }: ReaderStart,
  { name, attemptsMax }: RegionReader,
  ids: ReadonlySet<string | null>,
): Progress {
  const progress = new Progress(offset);
  const last = closed.kept.findLast((record) => record.topic === topic && record.partition === partition);
  progress.passTo(
    (last?.offset ?? offset - 1) + 1,
    open.map((record) => record.offset),
  );
  for (const record of open)
    for (let runs = 1; runs <= attemptsMax; runs += 1)
      if (record.id !== null && ids.has(derivedId(record.id, name, `${runs}.0`))) progress.begin(record.offset);
  return progress;
}

/** An input that a reader runs again, with the members that it is appended for. */
interface Again {
  readonly record: MirroredRecord;
  readonly original: LogRecord;
  readonly members: readonly string[];
}

/** Returns what a reader runs again. A record that was appended for one reader alone is for no other. */
const againOf = (starts: Plan['starts'], mirror: CheckedMirror, reader: RegionReader): readonly Again[] =>
  starts
    .filter((start) => start.reader === reader.name)
    .flatMap(({ again }) => again)
    .map((record) => {
      const original = originalOf(mirror, record);
      const members = reader.membersOf(record.topic).filter((member) => !isForAnother(original.headers, member));
      return { record, original, members };
    })
    .filter(({ members }) => members.length > 0);

/** Returns copies of what is run again, one for each member. Their ids are those of the originals. */
const runAgain = ({ mirror, starts, readers }: Plan): readonly OutgoingRecord[] =>
  readers.flatMap((reader) =>
    againOf(starts, mirror, reader).flatMap(({ original, members }) =>
      members.map((member): OutgoingRecord => {
        const { topic, partition, key, value, headers } = original;
        if (isRedriven(headers)) return { topic, partition, key, value, headers };
        const named = {
          [redriveHeaders.processor]: member,
          [redriveHeaders.record]: recordNameOf(original),
          [redriveHeaders.by]: REGION_ID,
          ...(reader.redrives !== null && { [redriveHeaders.topic]: topic }),
        };
        return { topic: reader.redrives ?? topic, partition, key, value, headers: { ...headers, ...named } };
      }),
    ),
  );

const appendedAgain = ({ mirror }: Plan): readonly OutgoingRecord[] =>
  mirror.closed.dropped.filter(isRoot).map((record) => {
    const { topic, partition, key, value, headers } = originalOf(mirror, record);
    return { topic, partition, key, value, headers };
  });
