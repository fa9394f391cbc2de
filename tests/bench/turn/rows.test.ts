import { expect, it } from 'vitest';
import { at, CPU_OF } from './measure-at.ts';
import { capacityRows, costRows, KAFKAJS, latencyRows, RESTATE, SECOND } from './rows.ts';

const latencies = {
  [at(5, 'created p50')]: { [KAFKAJS]: 30, [SECOND]: 12, [RESTATE]: 10 },
  [at(5, 'created p95')]: { [KAFKAJS]: 50, [SECOND]: 30, [RESTATE]: 14 },
  [at(5, 'first event p50')]: { [KAFKAJS]: 45, [SECOND]: 20, [RESTATE]: Number.NaN },
  [at(5, 'failed')]: { [KAFKAJS]: 0, [SECOND]: 0, [RESTATE]: 0 },
};

it('compares each driver with Restate of the same run, by its own bound', () => {
  const [p50, p95, first, ...rest] = latencyRows(latencies, [5]);
  expect(p50?.beside).toEqual({ [RESTATE]: 10 });
  expect(p50?.aims).toEqual([
    { aim: 'second driver ≤ 1.2 × Restate', measured: 1.2, reached: true },
    { aim: 'kafkajs ≤ 2.5 × Restate', measured: 3, reached: false },
  ]);
  expect(p95?.aims[0]).toEqual({ aim: 'second driver ≤ 2 × Restate', measured: 30 / 14, reached: false });
  expect(first?.beside).toEqual({});
  expect(first?.aims.map(({ measured, reached }) => [measured, reached])).toEqual([
    [8, true],
    [15, false],
  ]);
  expect(rest).toEqual([]);
});

it('reports failed requests only when there were some', () => {
  const rows = latencyRows({ ...latencies, [at(5, 'failed')]: { [KAFKAJS]: 2, [SECOND]: 0 } }, [5]);
  expect(rows.at(-1)).toMatchObject({ what: 'requests at 5/s that failed', ours: { [KAFKAJS]: 2, [SECOND]: 0 } });
});

it('has no aim beside a Restate that was not measured', () => {
  const [p50] = latencyRows({ [at(5, 'created p50')]: { [SECOND]: 12 } }, [5]);
  expect(p50).toMatchObject({ ours: { [SECOND]: 12 }, beside: {}, aims: [] });
});

it('bounds processor time at the highest rate, and divides it by process', () => {
  const rows = costRows(
    {
      [at(5, 'cpu')]: { [SECOND]: 100 },
      [at(20, 'cpu')]: { [SECOND]: 39, [KAFKAJS]: 61 },
      [at(20, 'transactions')]: { [SECOND]: 4.5 },
      [at(20, `${CPU_OF}kafka`)]: { [SECOND]: 20 },
    },
    [5, 20],
  );
  expect(rows.map(({ what, aims }) => [what, ...aims.map(({ reached }) => reached)])).toEqual([
    ['processor time of a turn at 5/s, all processes with broker'],
    ['processor time of a turn at 20/s, all processes with broker', true, false],
    ['transactions of a turn at 20/s', false],
    ['of it kafka, at 20/s'],
  ]);
});

it('has a row of the capacity when it was searched', () => {
  expect(capacityRows({})).toEqual([]);
  expect(capacityRows({ capacity: { [KAFKAJS]: 30, [SECOND]: 50 } })[0]?.aims.map(({ reached }) => reached)).toEqual([
    false,
    true,
  ]);
});
