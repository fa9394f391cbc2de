import type { Credits } from '../../schemas/contexts/billing/credit.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** The prepaid credit of every prepaid tenant. */
export const credits = table({
  name: 'credits',
  topic: topics.billingPrepaid,
  initial: new Map() as Credits,
  evolve: (known, { data }) => new Map(known).set(data.tenantId, data),
});
