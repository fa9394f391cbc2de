import { describe, expect, it } from 'vitest';
import { metaOf, rowsOf } from '../testing/apply.ts';
import { metered } from '../testing/sample.ts';
import { usage } from './projection.ts';

const records = [
  metered('a', { cost: '0.000000001' }),
  metered('a', { cost: '0.999999999', outcome: 'failed' }),
  metered('b', { currency: 'EUR' }),
  metered('c', { sessionId: null, turnId: null, origin: 'inference' }),
];

describe('usage', () => {
  it('sums per day, model and currency, to the ninth digit', () => {
    expect(rowsOf(usage, records, 'usage_daily')).toMatchObject([
      { currency: 'EUR', requests: 1, failures: 0 },
      { currency: 'USD', day: '2026-01-02', requests: 3, failures: 1, tokens_prompt: 9, cost: '1.000001600' },
    ]);
  });

  it('sums per session; requests outside a session add to none', () => {
    const rows = rowsOf(usage, records, 'usage_sessions');
    expect(rows.map(({ session_id, cost }) => [session_id, cost])).toEqual([
      ['a', '1.000000000'],
      ['b', '0.000001600'],
    ]);
  });

  it('throws when record and header name different tenants', () => {
    const record = metered('a', { tenantId: 'globex' });
    expect(() => usage.apply(record, metaOf(record, 0))).toThrow(/globex/);
  });
});
