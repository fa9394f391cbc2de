import { describe, expect, it } from 'vitest';
import { readWorkflow } from './document.ts';
import { worstOf } from './worst.ts';

const facts = {
  prices: { models: { default: '1', small: '0.5' }, otherwise: '2' },
  toolCost: (tool: string) => (tool === 'weather' ? '0.25' : null),
};
const worst = (tasks: readonly object[], metadata?: object) => {
  const document = { dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0', ...(metadata && { metadata }) };
  return worstOf(readWorkflow(JSON.stringify({ document, do: tasks })).document, facts);
};
const model = (prompt: string, more: object = {}) => ({ call: 'model', with: { prompt, ...more } });
const weather = { call: 'weather', with: {} };

describe('the worst case of a run', () => {
  it('is the longest prompt with the longest answer, at the price of the model', () => {
    // 4 bytes, 16 of the message, 80 of the answer: 100 tokens at 0.5 a million.
    expect(worst([{ a: model('four', { model: 'small', max_tokens: 80 }) }]).total).toEqual({
      ...{ calls: 1, tokens: 100, cost: '0.000050000' },
    });
    // A text of an expression has at most 32 KiB, and any other model the highest price.
    expect(worst([{ a: model('${ .text }', { model: '${ .model }', max_tokens: 1 }) }]).total).toEqual({
      ...{ calls: 1, tokens: 32_785, cost: '0.065570000' },
    });
  });

  it('counts retries, iterations and branches', () => {
    const retry = { limit: { attempt: { count: 3 } } };
    const { total, tasks } = worst([
      { each: { for: { in: '[1, 2, 3, 4]' }, do: [{ again: { try: [{ ask: weather }], catch: { retry } } }] } },
      { both: { fork: { branches: [{ left: weather }, { right: weather }] } } },
    ]);
    expect(total).toEqual({ calls: 14, tokens: 0, cost: '3.500000000' });
    expect(tasks.get('/do/0/each/do/0/again/try/0/ask')).toEqual({ calls: 12, tokens: 0, cost: '3.000000000' });
    expect(tasks.get('/do/1/both')).toEqual({ calls: 2, tokens: 0, cost: '0.500000000' });
  });

  it('is at most the budget of a task, and of the run', () => {
    const each = { for: { in: '.items' }, do: [{ ask: weather }] };
    expect(worst([{ each }]).total).toEqual({ calls: null, tokens: 0, cost: null });
    const bounded = { ...each, metadata: { budget: { calls: 5 } } };
    expect(worst([{ bounded }, { last: weather }]).total).toEqual({ calls: 6, tokens: 0, cost: null });
    expect(worst([{ each }], { budget: { calls: 2, cost: '0.5' } }).total).toEqual({
      calls: 2,
      tokens: 0,
      cost: '0.500000000',
    });
  });

  it('has no bound where a task leads back, or another job runs', () => {
    expect(worst([{ a: weather }, { b: { switch: [{ again: { when: '.x', then: 'a' } }] } }]).total.calls).toBe(null);
    expect(worst([{ a: { call: 'job', with: { type: 'report' } } }]).total).toEqual({
      calls: 1,
      tokens: null,
      cost: null,
    });
  });
});
