import { expect, test } from 'vitest';
import type { WorkflowDocument } from './document.ts';
import { edgesOf, tasksOf } from './tree.ts';

const { do: tasks } = JSON.parse(`{"do": [
  {"look": {"try": [{"ask": {"call": "weather"}}], "catch": {"do": [{"tell": {"set": {}}}]}}},
  {"choose": {"switch": [{"warm": {"when": ".celsius > 20", "then": "out"}}, {"again": {"when": ".retry", "then": "look"}}]}},
  {"both": {"fork": {"branches": [{"left": {"set": {}}}, {"right": {"set": {}}}]}}},
  {"out": {"set": {}, "then": "end"}},
  {"a/b": {"set": {}}}
]}`) as Pick<WorkflowDocument, 'do'>;

test('tasks come in the order of the document, each before those in it, by their pointers', () => {
  expect(tasksOf({ do: tasks }).map(({ at, kind, depth }) => `${at} ${kind} ${depth}`)).toEqual([
    '/do/0/look try 0',
    '/do/0/look/try/0/ask call 1',
    '/do/0/look/catch/do/0/tell set 1',
    '/do/1/choose switch 0',
    '/do/2/both fork 0',
    '/do/2/both/fork/branches/0/left set 1',
    '/do/2/both/fork/branches/1/right set 1',
    '/do/3/out set 0',
    '/do/4/a~1b set 0',
  ]);
});

test('a task leads to the next one or to where it says, and branches lead to no task', () => {
  expect(edgesOf({ do: tasks }).map(({ from, to }) => `${from} > ${to}`)).toEqual([
    '/do/0/look > /do/1/choose',
    '/do/1/choose > /do/3/out',
    '/do/1/choose > /do/0/look',
    '/do/1/choose > /do/2/both',
    '/do/2/both > /do/3/out',
  ]);
});
