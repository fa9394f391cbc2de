import { describe, expect, it } from 'vitest';
import type { Chain, Step } from './chain.ts';
import { spansOf } from './latency.ts';

const step = (record: string, afterMs: number, data: Step['data'] = null): Step => ({
  ...{ id: record, causedBy: '', record: `khipu.x.${record}`, context: 'x', topic: 'x', partition: 0, offset: 0 },
  ...{ at: '', afterMs, decideUs: null, summary: '', data },
});
const chain = (...steps: Step[]): Chain => ({ commandId: 'c', at: '', steps });

describe('the time of a turn', () => {
  it('is divided at the decision, the start of the model, its first words and its end', () => {
    const metered = step('SlmMetered', 1_000, { latency_ms: 900, time_to_first_token_ms: 300 });
    expect(spansOf(chain(step('PolicyDecided', 4), step('SlmRequested', 5), metered))).toEqual([
      { name: 'command to decision', fromMs: 0, toMs: 4 },
      { name: 'waiting for the model', fromMs: 4, toMs: 100 },
      { name: 'first words', fromMs: 100, toMs: 400 },
      { name: 'rest of the answer', fromMs: 400, toMs: 1_000 },
    ]);
  });

  it('has no first words for an answer that came whole', () => {
    const metered = step('SlmMetered', 50, { latency_ms: 20, time_to_first_token_ms: null });
    expect(spansOf(chain(step('SlmRequested', 5), metered)).map(({ name }) => name)).toEqual([
      'waiting for the model',
      'answer',
    ]);
  });

  it('is unknown without a model call', () => {
    expect(spansOf(chain(step('PolicyDecided', 4)))).toEqual([]);
  });
});
