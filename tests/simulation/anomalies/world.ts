import { DEFAULT_SETTINGS } from '../../../schemas/contexts/anomalies.ts';
import {
  type AnomalyDetected,
  reviewSeries,
  type TakeMeasure,
  takeMeasure,
} from '../../../schemas/generated/records.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import { anomalies } from '../../../streams/anomalies/anomalies.ts';
import { hoursOf, measureAt, START, WEEK_HOURS, watch } from '../../../streams/anomalies/testing.ts';
import type { AnyRecord, Processor } from '../../../streams/kernel.ts';
import { Random } from '../random.ts';

const HOUR_MS = 60 * 60 * 1000;
const NAMESPACE = '0f5e6d3c-51a8-5c0e-9c55-2f1f4f3b7a10';
const tables = { anomalySettings: new Map() };

/** A change of the processor that a schedule has to show. */
export type Plant = (good: Processor) => Processor;

export type AnomalyInvariant = 'as-without-crashes' | 'raised-once' | 'names-records-of-the-log';

export interface AnomalyRun {
  readonly violated: readonly AnomalyInvariant[];
  readonly anomalies: number;
  readonly crashes: number;
}

/** Returns a series with a planted hour, a burst or a new host, some of its records late. */
function seriesOf(random: Random, seed: number): readonly TakeMeasure[] {
  const kind = random.between(0, 2);
  const delayed = (all: readonly TakeMeasure[]): readonly TakeMeasure[] =>
    all.flatMap((each, at) => (at % 50 === 7 ? [] : at % 50 === 8 ? [each, all[at - 1] ?? each] : [each]));
  if (kind === 0) {
    const odd = 3 * WEEK_HOURS + 12 + 24 * random.between(0, 4);
    return delayed(
      hoursOf({ seed, weeks: 4, peak: 200, factor: (hour) => (hour === odd ? 20 : hour === odd + 3 ? 0 : 1) }),
    );
  }
  const step = kind === 1 ? 9_000 : 5 * HOUR_MS;
  return delayed(
    Array.from({ length: 120 }, (_, nth) =>
      measureAt(START + nth * step, {
        ...(kind === 1 ? { metric: 'denials' } : { metric: 'hosts', label: `h${Math.floor(nth / 40)}.example` }),
        nth: `${seed}/${nth}`,
      }),
    ),
  );
}

/**
 * Runs the detector over a series through crashes: a batch that was decided and not committed is decided again, from the
 * state as the last commit wrote it. Timers come at their times, between the records.
 */
export function runAnomalies(seed: number, nth: number, plant: Plant = (good) => good): AnomalyRun {
  const random = new Random(seed, nth);
  const processor = plant(anomalies);
  const measures = seriesOf(random, seed * 1_000 + nth);
  const raised: AnomalyDetected[] = [];
  let committed = JSON.stringify(processor.initial);
  let crashes = 0;

  /** Decides records in one transaction; without a commit, nothing of it stays. */
  function transact(records: readonly (readonly [AnyRecord, string, number])[], commits: boolean): void {
    let state: unknown = JSON.parse(committed);
    const found: AnomalyDetected[] = [];
    for (const [record, id, timeMs] of records)
      for (const output of processor.decide(state, record, { id, timeMs } as never, tables)) {
        if (output.type === 'AnomalyDetected') found.push(output.data);
        state = processor.evolve(state, output);
      }
    if (!commits) return;
    raised.push(...found);
    committed = JSON.stringify(state);
  }
  const timersBefore = (untilMs: number): void => {
    for (;;) {
      const [timer] = processor.timers?.due(JSON.parse(committed), measures[0]?.seriesId ?? '') ?? [];
      if (timer === undefined || timer.atMs > untilMs) return;
      const seriesId = measures[0]?.seriesId ?? '';
      const before = committed;
      transact([[reviewSeries({ seriesId }), uuidV5(NAMESPACE, `timer/${timer.atMs}`), timer.atMs]], true);
      // A processor that a timer does not carry on would be asked without end.
      if (committed === before) return;
    }
  };
  for (let at = 0; at < measures.length; ) {
    const first = measures[at]?.at ?? 0;
    timersBefore(first);
    // Records of one batch come before any timer between them.
    const size =
      1 + measures.slice(at + 1, at + random.between(1, 5)).filter((each) => each.at - first < HOUR_MS).length;
    const batch = measures
      .slice(at, at + size)
      .map((each) => [takeMeasure(each), each.source.recordId, each.at] as const);
    if (random.chance(0.2)) {
      crashes += 1;
      transact(batch.slice(0, random.between(1, batch.length)), false);
    }
    transact(batch, true);
    at += size;
  }

  const violated = new Set<AnomalyInvariant>();
  const wanted = watch(measures, DEFAULT_SETTINGS).anomalies;
  const named = (all: readonly AnomalyDetected[]): string =>
    JSON.stringify(all.map(({ anomalyId }) => anomalyId).sort());
  if (named(raised) !== named(wanted)) violated.add('as-without-crashes');
  const windows = raised.map(({ rule, direction, windowStart }) => `${rule}/${direction}/${windowStart}`);
  if (new Set(windows).size !== windows.length) violated.add('raised-once');
  const known = new Set(measures.map(({ source }) => source.recordId));
  if (
    raised.some(
      ({ records, recordsTotal }) => recordsTotal > 0 && !records.every(({ recordId }) => known.has(recordId)),
    )
  )
    violated.add('names-records-of-the-log');
  return { violated: [...violated], anomalies: raised.length, crashes };
}
