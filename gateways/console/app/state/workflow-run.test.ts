import { expect, test } from 'vitest';
import { reviewedRun, reviewId, workflowRun } from '../../../../tests/console/recorded/workflows.ts';
import {
  budgetGauges,
  firstTask,
  notReviewable,
  openReviews,
  partAt,
  runCards,
  type TaskCard,
  usedText,
} from './workflow-run.ts';

const NOW = Date.UTC(2026, 0, 1, 10, 1, 0);
const card = (name: string, run = workflowRun): TaskCard | undefined =>
  runCards(run, NOW).find((each) => each.name === name);

test('a card says what its task has done: state, steps, attempts, time, use and budget', () => {
  expect(card('fetch')).toEqual({
    ...{ at: '/do/0/gather/do/0/read/try/0/fetch', name: 'fetch', kind: 'call', state: 'failed', share: 0.8 },
    ...{ remark: 'TOOL_TIMED_OUT · 4 of 5 · 7 attempts · 9.0 s · 5 calls', isStressed: true },
  });
  expect(card('facts')?.remark).toBe('22.0 s · 1 call, 2,710 tokens, cost 0.0041 · 25 % of its budget');
  expect(card('publish')).toMatchObject({ state: 'in review', share: null, isStressed: false });
  expect(card('tell')).toMatchObject({ state: '', remark: '', isStressed: false });
});

test('a group has begun with the first step in it, and runs while one in it does', () => {
  expect(card('gather')).toMatchObject({ state: '', remark: '5 calls · 25 % of its budget', isStressed: true });
  const going = workflowRun.nodes.map((node) =>
    node.name === 'fetch' ? { ...node, state: 'running' as const } : node,
  );
  const states = runCards({ nodes: going }, NOW).map(({ name, state }) => `${name} ${state}`.trim());
  expect(states.slice(0, 4)).toEqual(['gather running', 'read running', 'fetch running', 'without']);
});

test('what goes on has taken the time until now', () => {
  const nodes = workflowRun.nodes.map((node) => ({ ...node, ended_at: null }));
  expect(runCards({ nodes }, NOW).find(({ name }) => name === 'style')?.remark).toMatch(/^51\.0 s/);
});

test('a person looks first for a review, then for what runs, then for a failure', () => {
  expect(firstTask(workflowRun)).toBe('/do/3/publish');
  expect(firstTask(reviewedRun)).toBe('/do/0/gather/do/0/read/try/0/fetch');
  expect(firstTask({ nodes: [] })).toBe('');
});

test('open reviews have their task and what is to be approved', () => {
  expect(openReviews(workflowRun)).toMatchObject([
    { node: { name: 'publish' }, reviewId, input: { text: 'The khipu of Laramate has 1,500 cords.' } },
  ]);
  expect(openReviews(reviewedRun)).toEqual([]);
});

test('who started a run does not review it, and others need both capabilities', () => {
  const may = () => true;
  expect(notReviewable('user:bob', { principal: 'user:bob', may })).toBe('Who started a run does not review it.');
  expect(notReviewable('user:bob', { principal: 'user:ana', may })).toBeNull();
  expect(notReviewable('user:bob', { principal: 'user:ana', may: (each) => each === 'jobs:control' })).toBe(
    'A decision takes workflows:review.',
  );
});

test('a budget has a gauge for each of its limits, and what was exceeded has nothing left', () => {
  const used = { calls: 3, tokens: 120, cost: '0.250000000' };
  expect(budgetGauges({ calls: 4, tokens: 100, cost: '1' }, used)).toEqual([
    { name: 'calls', leftText: '1', maxText: '4', share: 0.25 },
    { name: 'tokens', leftText: '0', maxText: '100', share: 0 },
    { name: 'cost', leftText: '0.75', maxText: '1', share: 0.75 },
  ]);
  expect(budgetGauges(null, used)).toEqual([]);
});

test('use is said in one line', () => {
  expect(usedText({ calls: 1, tokens: 0, cost: '0.000000000' })).toBe('1 call');
  expect(usedText({ calls: 0, tokens: 0, cost: '0' })).toBe('');
});

test('a part of a document is found by its pointer', () => {
  expect(partAt({ do: [{ 'a/b': { set: 1 } }] }, '/do/0/a~1b/set')).toBe(1);
  expect(partAt({ do: [] }, '/do/0/a')).toBeUndefined();
});
