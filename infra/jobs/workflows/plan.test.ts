import { describe, expect, it } from 'vitest';
import { readWorkflow } from './document.ts';
import { planOf } from './plan.ts';

const planned = (tasks: readonly object[]) => {
  const document = { dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0' };
  const { document: read, digest } = readWorkflow(JSON.stringify({ document, do: tasks }));
  return planOf(read, digest);
};

describe('the plan of a workflow', () => {
  const tool = (name: string) => ({ call: name, with: {} });

  it('names every capability that a run takes, and the nodes whose target is known at the run only', () => {
    const plan = planned([
      { a: tool('weather') },
      { b: { call: 'http', with: { method: 'get', endpoint: 'https://a.test' } } },
      { c: { call: 'agent', with: { prompt: 'x', agent: 'planner' } } },
      { d: { call: 'job', with: { type: 'report' } } },
      { e: { call: 'model', with: { prompt: 'x' } } },
      { f: { call: 'tool', with: { tool: '${ .name }' } } },
      { g: { run: { workflow: { namespace: 'test', name: 'other', version: '1.0.0' } } } },
      { h: { set: { n: 1 } } },
    ]);
    expect(plan.capabilities).toEqual([
      ...['agents:start:planner', 'jobs:start:report', 'jobs:start:workflow.run', 'slm:invoke:default'],
      ...['tool:execute:http.fetch', 'tool:execute:weather'],
    ]);
    expect(plan.open).toEqual(['/do/5/f']);
    expect(plan.nodes.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  it('says how often a node may run at most', () => {
    const limit = { attempt: { count: 3 } };
    const plan = planned([
      { four: { for: { in: '[1, 2, 3, 4]' }, do: [{ a: tool('a') }] } },
      { wide: { for: { in: '.items' }, metadata: { parallel: 5 }, do: [{ b: tool('b') }] } },
      { some: { for: { in: '.items' }, do: [{ c: tool('c') }] } },
      { again: { try: [{ d: tool('d') }], catch: { retry: { limit }, do: [{ e: tool('e') }] } } },
      { back: { ...tool('f'), then: 'four' } },
    ]);
    expect(plan.loops).toBe(true);
    expect(plan.nodes.every(({ timesMax }) => timesMax === null)).toBe(true);
    const ahead = planned([
      { four: { for: { in: '[1, 2, 3, 4]' }, do: [{ a: tool('a') }] } },
      { wide: { for: { in: '.items' }, metadata: { parallel: 5 }, do: [{ b: tool('b') }] } },
      { some: { for: { in: '.items' }, do: [{ c: tool('c') }] } },
      { again: { try: [{ d: tool('d') }], catch: { retry: { limit }, do: [{ e: tool('e') }] } } },
    ]);
    expect(ahead.loops).toBe(false);
    expect(ahead.nodes.map(({ timesMax }) => timesMax)).toEqual([4, 1_000, null, 3, 1]);
  });

  it('has the longest chain of nodes that wait for each other', () => {
    const plan = planned([
      { a: tool('a') },
      {
        f: {
          fork: { branches: [{ short: tool('b') }, { long: { do: [{ c: tool('c') }, { d: { wait: 'PT1S' } }] } }] },
        },
      },
      { s: { set: { n: 1 } } },
    ]);
    expect(plan.criticalPath).toEqual([
      ...['/do/0/a', '/do/1/f/fork/branches/1/long/do/0/c', '/do/1/f/fork/branches/1/long/do/1/d'],
    ]);
  });
});
