import type { Schemas } from '../../../../infra/client/api.ts';

type Hour = Schemas['AnomalyHour'];
type Anomaly = Schemas['Anomaly'];

const HOUR_MS = 60 * 60 * 1000;

/** A series with its hours, one value each: hours without a record are 0. */
export interface ShownSeries {
  readonly name: string;
  readonly metric: string;
  readonly subject: string;
  /** In seconds since 1970. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly expected: readonly (number | null)[];
  /** True for an hour that an anomaly is of. */
  readonly marks: readonly boolean[];
}

export const seriesName = ({ metric, subject }: Pick<Hour, 'metric' | 'subject'>): string => `${metric} ${subject}`;

/** Returns true when the window of an anomaly has a part of the hour. An instant, such as of a new host, is in its hour. */
const isIn = ({ window_start: start, window_ms: ms }: Anomaly, hour: number): boolean => {
  const from = Date.parse(start);
  return from < hour + HOUR_MS && from + Math.max(1, ms) > hour;
};

function shown(hours: readonly Hour[], anomalies: readonly Anomaly[]): ShownSeries | null {
  const [first] = hours;
  if (first === undefined) return null;
  const byStart = new Map(hours.map((hour) => [Date.parse(hour.window_start), hour]));
  const from = Date.parse(first.window_start);
  const until = Math.max(...byStart.keys());
  const starts = Array.from({ length: Math.round((until - from) / HOUR_MS) + 1 }, (_, nth) => from + nth * HOUR_MS);
  const own = anomalies.filter((each) => seriesName(each) === seriesName(first));
  return {
    ...{ name: seriesName(first), metric: first.metric, subject: first.subject },
    times: starts.map((start) => start / 1_000),
    values: starts.map((start) => byStart.get(start)?.value ?? 0),
    expected: starts.map((start) => byStart.get(start)?.expected ?? null),
    marks: starts.map((start) => own.some((each) => isIn(each, start))),
  };
}

/** Returns the series of the hours of an answer, those with anomalies first. */
export function seriesOf(hours: readonly Hour[], anomalies: readonly Anomaly[]): readonly ShownSeries[] {
  const byName = Map.groupBy(hours, seriesName);
  const all = [...byName.values()].flatMap((each) => shown(each, anomalies) ?? []);
  const odd = ({ marks }: ShownSeries): number => marks.filter(Boolean).length;
  return all.sort((one, other) => odd(other) - odd(one) || (one.name < other.name ? -1 : 1));
}
