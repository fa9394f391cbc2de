import { type PriceVersions, withPrices } from '../../schemas/contexts/billing/prices.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Every version of the prices. */
export const prices = table({
  name: 'prices',
  topic: topics.billingPrices,
  initial: new Map() as PriceVersions,
  evolve: (known, { data }) => withPrices(known, data),
});
