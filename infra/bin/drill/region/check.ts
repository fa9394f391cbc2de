import { setTimeout as sleep } from 'node:timers/promises';
import { isDeadLetterTopic, topics } from '../../../../schemas/topics.ts';
import { declaredProcessors } from '../../../../streams/all.ts';
import { backlogOf, groupReader } from '../../../growth/readers.ts';
import { CutLog } from '../../../kafka/cut-log.ts';
import type { Log, LogRecord } from '../../../kafka/port.ts';
import { readRegion } from '../../../kafka/region.ts';
import { closedPrefix, type DroppedRecord } from '../../../regions/closure.ts';
import { lineageOf, ofTopics } from '../../../regions/mirror.ts';
import { isRedriven } from '../../../runner/dead-letters/write.ts';
import { mirroredTopics, regionReaders } from '../../region/dependencies.ts';

/** What the log of a region holds, after its readers have read everything. */
export interface CheckedLog {
  readonly records: number;
  /** Sessions whose start is in the log. */
  readonly sessions: ReadonlySet<string>;
  /** Effects without their cause, and incomplete outputs. */
  readonly torn: readonly DroppedRecord[];
  /** Ids of records that are there more than once. */
  readonly doubled: readonly string[];
  /** Commands of sessions without a decision, or decisions without an effect. */
  readonly undecided: readonly string[];
}

const LOOK_EVERY_MS = 500;

/** Waits until no reader has anything to read. Rejects after `timeoutMs`. */
export async function untilDrained(log: Log, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  const cut = cutOf(log);
  const readers = regionReaders({ topologies: 'chained' });
  for (;;) {
    const backlog = await backlogOf(
      cut,
      readers.map(({ group, topics: inputs }) => groupReader(cut, group, inputs)),
    );
    if (backlog.length === 0) return;
    if (Date.now() > until) throw new Error(`readers have records to read: ${JSON.stringify(backlog.slice(0, 5))}`);
    await sleep(LOOK_EVERY_MS);
  }
}

const cutOf = (log: Log): Log => new CutLog(log, async () => (await readRegion(log))?.cuts ?? []);

/** Reads the whole log, without what was cut off, and checks that causes and effects are complete and single. */
export async function checkLog(log: Log): Promise<CheckedLog> {
  const cut = cutOf(log);
  const timers = new Set(declaredProcessors().flatMap((each) => each.timers?.topic.name ?? []));
  const records: LogRecord[] = [];
  await cut.readTo({
    from: (await ofTopics(mirroredTopics(), (topic) => cut.watermarks(topic))).map(({ topic, partition, low }) => ({
      topic,
      partition,
      offset: low,
    })),
    onBatch: (batch) => void records.push(...batch.records),
  });
  // Nothing is settled: every record must have its cause.
  const { dropped } = closedPrefix(records.map((record) => lineageOf(record, timers, 0)));
  const commands = records.filter(({ topic }) => topic === topics.sessionsCommands.name);
  return {
    records: records.length,
    sessions: new Set(commands.flatMap(({ key }) => key ?? [])),
    torn: dropped,
    doubled: doubledIn(records.filter(({ topic, headers }) => !timers.has(topic) && !isRedriven(headers))),
    undecided: undecidedIn(commands, records),
  };
}

/** Returns `<topic> <id>` of every record that is in its topic more than once. */
function doubledIn(records: readonly LogRecord[]): readonly string[] {
  const named = records.filter(({ topic }) => !isDeadLetterTopic(topic));
  const byName = Map.groupBy(named, ({ topic, headers }) => `${topic} ${headers['ce_id'] ?? ''}`);
  return [...byName].flatMap(([name, { length }]) => (length > 1 ? [name] : []));
}

/** Returns the commands without a decision in the log, and the decisions on them that nothing followed. */
function undecidedIn(commands: readonly LogRecord[], records: readonly LogRecord[]): readonly string[] {
  const causes = new Map<string, Set<string>>();
  for (const { topic, headers } of records) {
    const cause = headers['ce_causationid'] ?? '';
    causes.set(cause, (causes.get(cause) ?? new Set()).add(`${topic} ${headers['ce_id']}`));
  }
  return commands.flatMap(({ headers }) => {
    const id = headers['ce_id'] ?? '';
    const decisions = [...(causes.get(id) ?? [])].filter((each) => each.startsWith(`${topics.policyDecisions.name} `));
    const acted = decisions.some((each) => causes.has(each.split(' ')[1] ?? ''));
    return acted ? [] : [id];
  });
}
