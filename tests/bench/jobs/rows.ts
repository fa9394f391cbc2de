import { SESSION_TIMEOUT_MS } from '../../../infra/kafka/platformatic/group.ts';
import { type Aim, atLeastTimes, atMost, atMostTimes, type Row } from '../runtime/figure.ts';
import { KAFKAJS, type Medians, named, RESTATE, SECOND } from '../turn/rows.ts';

const OURS: readonly string[] = [KAFKAJS, SECOND];

/** A bound by another system of the same run; nothing where it was not measured. */
type Bound = (value: number, beside: Readonly<Record<string, number>>) => readonly Aim[];

const times =
  (of: typeof atMostTimes, bound: number, ...peers: readonly string[]): Bound =>
  (value, beside) =>
    peers.flatMap((peer) => {
      const other = beside[peer];
      return other === undefined ? [] : [of(value, bound, other, peer)];
    });

const within =
  (bound: number, unit: string): Bound =>
  (value) => [atMost(value, bound, unit)];

interface Line {
  readonly sample: string;
  readonly what: string;
  readonly unit: string;
  readonly bounds?: readonly Bound[];
}

const lines: readonly Line[] = [
  {
    ...{ sample: 'first step p50', what: 'accept → first step, idle, p50', unit: 'ms' },
    bounds: [times(atMostTimes, 1, RESTATE), times(atMostTimes, 2, 'graphile-worker')],
  },
  {
    ...{ sample: 'first step p99', what: 'accept → first step, idle, p99', unit: 'ms' },
    bounds: [within(150, 'ms')],
  },
  {
    ...{ sample: 'steps p50', what: 'three durable steps, start → result, p50', unit: 'ms' },
    bounds: [times(atMostTimes, 1.2, RESTATE)],
  },
  { sample: 'steps p99', what: 'three durable steps, start → result, p99', unit: 'ms' },
  {
    ...{ sample: 'steps jobs/s', what: 'three durable steps, 64 at once', unit: 'jobs/s' },
    bounds: [times(atLeastTimes, 1, RESTATE)],
  },
  { sample: 'insert jobs/s', what: 'insert of jobs that do nothing', unit: 'jobs/s' },
  {
    ...{ sample: 'insert and drain jobs/s', what: 'insert and drain of jobs that do nothing', unit: 'jobs/s' },
    bounds: [times(atLeastTimes, 1, RESTATE, 'DBOS')],
  },
  {
    ...{ sample: 'sleepers MB', what: 'memory of all sleeping jobs, all processes', unit: 'MB' },
    bounds: [within(200, 'MB')],
  },
  { sample: 'sleepers cpu', what: 'processor time while they sleep, all processes', unit: '% of a core' },
  { sample: 'drift p50', what: 'wake after its time, p50', unit: 'ms' },
  { ...{ sample: 'drift p99', what: 'wake after its time, p99', unit: 'ms' }, bounds: [within(1_000, 'ms')] },
  { sample: 'cancel p50', what: 'cancel → cancelled, p50', unit: 'ms' },
  { sample: 'interactive p95', what: 'interactive lane, three steps, idle, p95', unit: 'ms' },
  { sample: 'interactive flooded p95', what: 'the same in a flood of batch work', unit: 'ms' },
  {
    ...{ sample: 'interactive flooded ratio', what: 'interactive p95, flooded / idle', unit: '×' },
    bounds: [within(1.5, '×')],
  },
  { sample: 'start p99', what: 'accept → first step, idle, p99 of one tenant', unit: 'ms' },
  { sample: 'start crowded p99', what: 'the same beside thousands of queued jobs of another tenant', unit: 'ms' },
  { ...{ sample: 'start crowded ratio', what: 'start p99, crowded / idle', unit: '×' }, bounds: [within(2, '×')] },
  { sample: 'takeover p50', what: 'kill -9 of the worker in a step → its next run, p50', unit: 'ms' },
  {
    ...{ sample: 'takeover max', what: 'the same, longest', unit: 'ms' },
    bounds: [within(SESSION_TIMEOUT_MS + 1_000, 'ms')],
  },
  { ...{ sample: 'cancel p99', what: 'cancel → cancelled, p99', unit: 'ms' }, bounds: [within(1_000, 'ms')] },
];

/** Returns the rows of the samples that were measured. Graphile-worker and BullMQ keep no journal: they have no steps. */
export const jobRows = (medians: Medians): readonly Row[] =>
  lines.flatMap(({ sample, what, unit, bounds = [] }): Row[] => {
    const values = Object.entries(medians[sample] ?? {}).filter(([, value]) => !Number.isNaN(value));
    if (values.length === 0) return [];
    const ours = Object.fromEntries(values.filter(([side]) => OURS.includes(side)));
    const beside = Object.fromEntries(values.filter(([side]) => !OURS.includes(side)));
    const aims = Object.entries(ours).flatMap(([side, value]) =>
      bounds.flatMap((bound) => bound(value, beside).map((aim) => named(side, aim))),
    );
    return [{ what, unit, ours, beside, aims }];
  });
