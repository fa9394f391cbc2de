/** Prepaid credit: a limit of use in money that only top-ups raise, and the most that a use is charged under it. */
import type { BudgetLimit, TenantCredit } from '../../generated/records.ts';
import { moneyOf, unitsOf } from './money.ts';
import { amountOf, type Meter, type PriceVersions, priceIn, versionAt } from './prices.ts';

/** Largest credit of a tenant, spent or not. */
export const CREDIT_MAX = '999999999';

/** Credit of each prepaid tenant, by its id. A tenant without any pays later. */
export type Credits = ReadonlyMap<string, TenantCredit>;

/** Returns the place of the top-ups of a tenant: one, so that one task sees all of them in order. */
export const creditPlace = (tenantId: string): string => `${tenantId}/0`;

/** Returns the limits of a tenant: those of its budgets, and that of its prepaid credit. */
export const limitsWith = (
  budgets: readonly BudgetLimit[],
  credit: Pick<TenantCredit, 'total'> | undefined,
): readonly BudgetLimit[] =>
  credit === undefined ? budgets : [...budgets, { window: 'credit', tokensMax: null, costMax: credit.total }];

/** The most that a request uses. */
export interface UseBound {
  readonly kind: 'model' | 'tool';
  /** Model or tool; null when it is not known yet. */
  readonly resource: string | null;
  /** Tokens, or calls. */
  readonly units: number;
  /** The most that is metered, for use without a price. A decimal. */
  readonly metered: string;
}

const metersOf = (kind: UseBound['kind']): readonly Meter[] =>
  kind === 'model' ? ['prompt_tokens', 'completion_tokens'] : ['tool_calls'];

/**
 * Returns the most that a use is charged at any time of a range, in ms since 1970, by the versions of prices that are known.
 * A resource without a price of its own counts as the dearest: a model may answer under another name than it was asked by.
 * A version in another currency than that of the credit bounds nothing.
 */
export function mostCharged(
  known: PriceVersions,
  { kind, resource, units, metered }: UseBound,
  { fromMs, untilMs, currency }: { readonly fromMs: number; readonly untilMs: number; readonly currency: string },
): string {
  const later = [...known.values()].map(({ effectiveFrom }) => effectiveFrom);
  const times = [fromMs, ...later.filter((at) => at > fromMs && at <= untilMs)];
  let most = unitsOf(metered);
  for (const at of times) {
    const version = versionAt(known, at);
    if (version === null || version.currency !== currency) continue;
    for (const meter of metersOf(kind)) {
      const own = resource === null ? undefined : priceIn(version.prices, meter, resource);
      const isOwn = own !== undefined && own.resource === resource;
      for (const price of isOwn || kind === 'tool' ? [own] : version.prices) {
        if (price === undefined || price.meter !== meter) continue;
        const charged = unitsOf(amountOf(meter, units, price.unitPrice));
        if (charged > most) most = charged;
      }
    }
  }
  return moneyOf(most);
}
