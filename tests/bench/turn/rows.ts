import { type Aim, atLeast, atMost, atMostTimes, type Row } from '../runtime/figure.ts';
import { SUSTAINED_P95_MS } from './capacity.ts';
import type { KafkaClient } from './log-times.ts';
import { at, CPU_OF } from './measure-at.ts';

export const KAFKAJS = 'kafkajs';
export const SECOND = 'second driver';
export const RESTATE = 'Restate';

/** Kafka clients by the name of their side. */
export const clients = { [KAFKAJS]: 'kafkajs', [SECOND]: 'platformatic' } as const satisfies Record<
  string,
  KafkaClient
>;

/** Medians by sample and side; a side that was not measured is absent. */
export type Medians = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Bounds a row for one driver; no aim where that driver was not measured. */
type AimOf = (value: number) => Aim;

const only = (medians: Medians, sample: string, sides: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(medians[sample] ?? {}).filter(([side, value]) => sides.includes(side) && !Number.isNaN(value)),
  );

function rowOf(
  medians: Medians,
  { sample, what, unit }: { readonly sample: string; readonly what: string; readonly unit: string },
  aims: Readonly<Record<string, AimOf>> = {},
): Row[] {
  const ours = only(medians, sample, [KAFKAJS, SECOND]);
  const beside = only(medians, sample, [RESTATE]);
  if (Object.keys(ours).length + Object.keys(beside).length === 0) return [];
  const judged = Object.entries(aims).flatMap(([side, aim]): Aim[] => {
    const value = ours[side];
    return value === undefined ? [] : [named(side, aim(value))];
  });
  return [{ what, unit, ours, beside, aims: judged }];
}

/** Names the bounded side in an aim. */
export const named = (side: string, aim: Aim): Aim => ({ ...aim, aim: `${side} ${aim.aim}` });

/** Latencies of a turn beside an invocation of Restate in the same run; the share of governance; the limit of the log. */
export function latencyRows(medians: Medians, rates: readonly number[]): Row[] {
  const rows = rates.flatMap((rate) => {
    const created = at(rate, 'created p50');
    const restate = (sample: string): number | undefined => medians[at(rate, sample)]?.[RESTATE];
    const beside = (sample: string, bounds: Readonly<Record<string, number>>): Record<string, AimOf> => {
      const other = restate(sample);
      if (other === undefined) return {};
      return Object.fromEntries(
        Object.entries(bounds).map(([side, bound]) => [side, (value) => atMostTimes(value, bound, other, RESTATE)]),
      );
    };
    const afterCreated =
      (side: string): AimOf =>
      (value) => ({ ...atMost(value - (medians[created]?.[side] ?? Number.NaN), 10, 'ms after the 201') });
    return [
      ...rowOf(
        medians,
        { sample: created, what: `POST → 201 at ${rate}/s, p50`, unit: 'ms' },
        beside('created p50', { [SECOND]: 1.2, [KAFKAJS]: 2.5 }),
      ),
      ...rowOf(
        medians,
        { sample: at(rate, 'created p95'), what: `POST → 201 at ${rate}/s, p95`, unit: 'ms' },
        beside('created p95', { [SECOND]: 2, [KAFKAJS]: 2.5 }),
      ),
      ...rowOf(
        medians,
        { sample: at(rate, 'first event p50'), what: `POST → first SSE event at ${rate}/s, p50`, unit: 'ms' },
        { [SECOND]: afterCreated(SECOND), [KAFKAJS]: afterCreated(KAFKAJS) },
      ),
      ...rowOf(medians, {
        sample: at(rate, 'first event p95'),
        what: `POST → first SSE event at ${rate}/s, p95`,
        unit: 'ms',
      }),
      ...failures(medians, rate),
    ];
  });
  const fastest = Math.max(...rates);
  return [
    ...rows,
    ...['p50', 'p95'].flatMap((p) => [
      ...rowOf(medians, {
        sample: `decided ${p}`,
        what: `command → decision, as a reader sees both, at ${fastest}/s, ${p}`,
        unit: 'ms',
      }),
      ...rowOf(medians, { sample: `round trip ${p}`, what: `limit: append and read back, ${p}`, unit: 'ms' }),
    ]),
  ];
}

/** Reported only when there were some; they are in the percentiles as answers that never came. */
function failures(medians: Medians, rate: number): Row[] {
  const sample = at(rate, 'failed');
  if (Object.values(medians[sample] ?? {}).every((count) => count === 0)) return [];
  return rowOf(medians, { sample, what: `requests at ${rate}/s that failed`, unit: 'requests' });
}

/** What a turn costs all processes together. */
export function costRows(medians: Medians, rates: readonly number[]): Row[] {
  const fastest = Math.max(...rates);
  const cost = rates.flatMap((rate) => [
    ...rowOf(
      medians,
      { sample: at(rate, 'cpu'), what: `processor time of a turn at ${rate}/s, all processes with broker`, unit: 'ms' },
      rate === fastest ? { [SECOND]: (ms) => atMost(ms, 40, 'ms'), [KAFKAJS]: (ms) => atMost(ms, 60, 'ms') } : {},
    ),
    ...rowOf(
      medians,
      { sample: at(rate, 'transactions'), what: `transactions of a turn at ${rate}/s`, unit: 'transactions' },
      bothAtMost(4),
    ),
    ...rowOf(
      medians,
      { sample: at(rate, 'requests'), what: `broker requests of a turn at ${rate}/s`, unit: 'requests' },
      bothAtMost(25),
    ),
    ...rowOf(medians, { sample: at(rate, 'records'), what: `records written in a turn at ${rate}/s`, unit: 'records' }),
  ]);
  const prefix = at(fastest, CPU_OF);
  const byProcess = Object.keys(medians)
    .filter((sample) => sample.startsWith(prefix))
    .flatMap((sample) =>
      rowOf(medians, { sample, what: `of it ${sample.slice(prefix.length)}, at ${fastest}/s`, unit: 'ms' }),
    );
  const load = rowOf(medians, {
    sample: at(fastest, 'load generator'),
    what: `beside it the load generator, at ${fastest}/s`,
    unit: 'ms',
  });
  return [...cost, ...byProcess, ...load];
}

const bothAtMost = (bound: number): Record<string, AimOf> =>
  Object.fromEntries([SECOND, KAFKAJS].map((side) => [side, (value) => atMost(value, bound, 'a turn')]));

export const capacityRows = (medians: Medians): Row[] =>
  rowOf(
    medians,
    { sample: 'capacity', what: `turns/s sustained with p95 of the 201 ≤ ${SUSTAINED_P95_MS} ms`, unit: 'turns/s' },
    { [SECOND]: (rate) => atLeast(rate, 60, 'turns/s'), [KAFKAJS]: (rate) => atLeast(rate, 30, 'turns/s') },
  );
