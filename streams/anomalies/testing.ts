/** Seeded series of use, with planted anomalies, for tests of the detector. */
import { DEFAULT_SETTINGS, HOUR_MS, type Metric, seriesIdOf } from '../../schemas/contexts/anomalies.ts';
import {
  type AnomalyDetected,
  type DetectorSettings,
  type TakeMeasure,
  takeMeasure,
} from '../../schemas/generated/records.ts';
import { uuidV5 } from '../../schemas/ids.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { decideMeasure, decideReview, evolve } from './anomalies.ts';
import { reviewAt } from './level.ts';
import { absent, type SeriesState } from './series.ts';

const NAMESPACE = '0f5e6d3c-51a8-5c0e-9c55-2f1f4f3b7a10';
/** A Monday. */
export const START = Date.UTC(2026, 0, 5);
export const WEEK_HOURS = 168;

/** Returns numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Returns a normal number of mean 0 and deviation 1 (Box and Muller). */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Returns a count of arrivals whose rate varies by a tenth of itself. */
function arrivals(random: () => number, mean: number): number {
  const rate = mean * Math.max(0, 1 + 0.1 * normal(random));
  return Math.max(0, Math.round(rate + Math.sqrt(rate) * normal(random)));
}

/** Returns the mean of an hour: nights and weekends are quiet. */
const meanOf = (hour: number, peak: number): number => {
  const [day, ofDay] = [Math.floor(hour / 24) % 7, hour % 24];
  return peak * (day >= 5 ? 0.3 : 1) * (0.1 + 0.9 * Math.max(0, Math.sin((Math.PI * (ofDay - 6)) / 14)) ** 2);
};

export interface Plan {
  readonly seed: number;
  readonly weeks: number;
  /** Mean of the busiest hour. */
  readonly peak: number;
  readonly metric?: Metric;
  /** Factor of the amount of an hour, from 0. */
  readonly factor?: (hour: number) => number;
}

/** Returns the measures of a series, one an hour, at a random minute: the amount of the hour, in order. */
export function hoursOf({ seed, weeks, peak, metric = 'calls', factor = () => 1 }: Plan): readonly TakeMeasure[] {
  const random = seeded(seed);
  return Array.from({ length: weeks * WEEK_HOURS }, (_, hour) => {
    const value = arrivals(random, meanOf(hour, peak) * factor(hour));
    return measureAt(START + hour * HOUR_MS + Math.floor(random() * HOUR_MS), {
      metric,
      value,
      nth: `${seed}/${hour}`,
    });
  });
}

export function measureAt(
  at: number,
  over: {
    readonly metric?: Metric;
    readonly value?: number;
    readonly label?: string | null;
    readonly nth?: string;
  } = {},
): TakeMeasure {
  const { metric = 'calls', value = 1, label = null, nth = `${at}` } = over;
  const subject = metric === 'denials' || metric === 'mix' ? '*' : 'demo/pay';
  return takeMeasure({
    ...{ seriesId: seriesIdOf('demo', metric, subject), tenantId: 'demo', metric, subject, value, label, at },
    source: { recordId: uuidV5(NAMESPACE, `${metric}/${label}/${nth}`), topic: 'tools.calls', partition: 1, offset: 7 },
  }).data;
}

export interface Watched {
  readonly state: SeriesState;
  readonly events: readonly AnyRecord[];
  readonly anomalies: readonly AnomalyDetected[];
}

export const anomaliesIn = (events: readonly AnyRecord[]): readonly AnomalyDetected[] =>
  events.flatMap(({ type, data }) => (type === 'AnomalyDetected' ? [data as AnomalyDetected] : []));

/** Runs the measures of one series, with its timers at their times; the state passes through JSON now and then. */
export function watch(
  measures: readonly TakeMeasure[],
  settings: DetectorSettings = DEFAULT_SETTINGS,
  until: number = measures.at(-1)?.at ?? 0,
): Watched {
  let state: SeriesState = absent;
  const events: AnyRecord[] = [];
  const take = (emitted: readonly AnyRecord[]): void => {
    for (const event of emitted) {
      events.push(event);
      state = evolve(state, event as RecordOf<'SeriesMeasured'>);
    }
  };
  const ring = (before: number): void => {
    for (let fired = 0; fired < 1_000; fired += 1) {
      if (state.status === 'absent' || state.level === null) return;
      const at = reviewAt(state.level);
      if (at > before) return;
      take(decideReview(state, at, settings));
    }
  };
  for (const measure of measures) {
    ring(measure.at);
    take(decideMeasure(state, measure, settings));
    if (events.length % 50 === 0) state = JSON.parse(JSON.stringify(state)) as SeriesState;
  }
  ring(until);
  return { state, events, anomalies: anomaliesIn(events) };
}
