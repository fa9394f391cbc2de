import type { Prices } from '../../schemas/contexts/slm/prices.ts';

/** The settings of policy. */
export interface PolicyOptions {
  /** Prices for budgets of money. */
  readonly prices: Prices;
  /** ISO 4217, of prepaid credit and of amounts that are metered. Default: USD. */
  readonly currency?: string;
  /** True to ask an external policy engine about commands that the constitution allows. Default: false. */
  readonly asksEngine?: boolean;
  /** True to ask an outside classifier about texts, where rules of the constitution need its scores. Default: false. */
  readonly asksClassifier?: boolean;
}
