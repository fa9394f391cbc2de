import { expect, it } from 'vitest';
import { PRICES_LEAD_MS } from '../../schemas/contexts/billing/prices.ts';
import { pricesSet, priceVersion, type SetPrices, setPrices } from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { prices } from './prices.ts';

const NOW = Date.UTC(2026, 10, 25);
const { given, when } = scenarios(prices, { startMs: NOW });
const book = [{ meter: 'tool_calls', resource: '*', unitPrice: '0.010000000', tiers: null }];
const set = (changes: Partial<SetPrices> = {}) =>
  setPrices({
    ...{ bookId: 'prices', principal: 'user:ana', principalTenant: 'demo', capabilities: ['billing:prices'] },
    ...{ expectedVersion: null, effectiveFrom: null, currency: 'USD', prices: book, note: 'The first', ...changes },
  });
const version = (number: number, effectiveFrom: number) => ({
  ...{ version: number, effectiveFrom, currency: 'USD', prices: book, note: 'The first' },
});
const by = { bookId: 'prices', by: 'user:ana', byTenant: 'demo' };

it('prices are numbered, and hold a minute later at the earliest', () => {
  const at = NOW + PRICES_LEAD_MS;
  when(set()).then(pricesSet({ ...version(1, at), ...by }), priceVersion({ versionId: 'prices/1', ...version(1, at) }));
});

it('a later version has the next number, also when the one before it holds later', () => {
  const first = pricesSet({ ...version(1, NOW + 9 * PRICES_LEAD_MS), ...by });
  const { records } = given(first).when(set({ expectedVersion: 1 }));
  expect(records[0]).toMatchObject({ type: 'PricesSet', data: { version: 2, effectiveFrom: NOW + PRICES_LEAD_MS } });
});

it.each([
  ['CAPABILITY_MISSING', 0, { capabilities: ['billing:read', 'billing:correct:demo'] }],
  ['PRECONDITION_FAILED', 1, { expectedVersion: 7 }],
  ['PRICES_INVALID', 1, { effectiveFrom: NOW }],
  ['PRICES_INVALID', 1, { currency: 'usd' }],
  ['PRICES_INVALID', 1, { bookId: 'others' }],
  ['PRICES_INVALID', 1, { note: 'x'.repeat(501) }],
  ['PRICES_INVALID', 1, { prices: [{ meter: 'hours', resource: '*', unitPrice: '1', tiers: null }] }],
])('a change is refused with %s, and shows version %i', (code, shown, changes) => {
  const first = pricesSet({ ...version(1, NOW), ...by });
  const { records } = given(first).when(set(changes));
  expect(records).toMatchObject([{ type: 'PricesRefused', data: { code, version: shown } }]);
});
