import { expect, test } from 'vitest';
import type { Schemas } from '../../../../infra/client/api.ts';
import { commandsOf, isGoing, timelineOf, tokensOf } from './job-timeline.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const NOW = Date.parse(at(20));

const step = (more: Partial<Schemas['JobStepSummary']>): Schemas['JobStepSummary'] => ({
  ...{ path: '', name: 'fetch', nth: 1, kind: 'step', status: 'completed', attempts: 1, generation: 1, code: null },
  ...{ detail: null, waits_for: null, output_bytes: 2, started_at: at(0), ended_at: at(8) },
  ...more,
});

test('a timeline has each step from its beginning to its end, and what is open to now', () => {
  const steps = [
    step({ attempts: 2 }),
    step({
      ...{
        path: 'left',
        name: 'approved',
        nth: 2,
        kind: 'signal',
        status: 'waiting',
        started_at: at(9),
        ended_at: null,
      },
      waits_for: { until: null, signal: 'approved', child_type: null },
    }),
  ];
  const { spanMs, bars } = timelineOf({ created_at: at(0), ended_at: null, steps }, NOW);
  expect(spanMs).toBe(20_000);
  expect(bars).toMatchObject([
    { name: 'fetch', isWait: false, fromMs: 0, toMs: 8_000, attempts: 2, remark: '' },
    { name: 'left/approved#2', isWait: true, fromMs: 9_000, toMs: 20_000, remark: 'for signal approved' },
  ]);
});

test('a step lies within its job, whatever the clocks of the workers say', () => {
  const steps = [step({ started_at: at(-3), ended_at: at(99) }), step({ nth: 2, started_at: at(6), ended_at: at(4) })];
  const { bars } = timelineOf({ created_at: at(0), ended_at: at(10), steps }, NOW);
  expect(bars.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [0, 10_000],
    [6_000, 6_000],
  ]);
  expect(timelineOf({ created_at: null, ended_at: null, steps: [] }, NOW)).toEqual({ spanMs: 1, bars: [] });
});

test('a job takes the commands that its status allows', () => {
  expect(commandsOf({ status: 'running' })).toEqual(['pause', 'cancel']);
  expect(commandsOf({ status: 'suspended' })).toEqual(['resume', 'cancel']);
  expect(commandsOf({ status: 'dead' })).toEqual(['retry']);
  expect(commandsOf({ status: 'completed' })).toEqual([]);
  expect([isGoing({ status: 'waiting' }), isGoing({ status: 'cancelled' })]).toEqual([true, false]);
});

test('the tokens of a job are those of its requests to models', () => {
  const answer = { text: 'a', model: 'm', finish_reason: 'stop', tokens: { prompt: 3, completion: 4 } };
  expect(
    tokensOf([
      { kind: 'model', output: answer },
      { kind: 'model', output: null },
      { kind: 'step', output: answer },
    ]),
  ).toBe(7);
});
