/** Budgets of nodes: a task with one reserves it from the budget around it, and returns what it did not use. */
import { COST_SCALE } from '../../../schemas/amount.ts';
import type { BudgetDefinition } from '../../../schemas/contexts/workflows/document.ts';
import { formatDecimal, parseDecimal } from '../../../schemas/decimal.ts';
import { codedError } from '../../kit/coded-error.ts';

const meters = ['calls', 'tokens', 'cost'] as const;
type Meter = (typeof meters)[number];

/** Amounts by meter: whole calls and tokens, and money in units of 10⁻⁹. */
export type Amounts = Readonly<Record<Meter, bigint>>;
export const noAmounts: Amounts = { calls: 0n, tokens: 0n, cost: 0n };

const COST = /^\d{1,9}(?:\.\d{1,9})?$/;

/** Returns why a value is no budget, in one phrase; null when it is one. */
export function budgetProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a budget is an object';
  for (const [name, each] of Object.entries(value)) {
    if (name === 'cost') {
      if (typeof each !== 'string' || !COST.test(each)) return 'cost is a decimal as text, such as "0.50"';
    } else if (name === 'calls' || name === 'tokens') {
      if (!Number.isSafeInteger(each) || (each as number) < 0) return `${name} is a whole number`;
    } else return `a budget has calls, tokens and cost, and no ${name}`;
  }
  return null;
}

/** Returns a decimal in units of 10⁻⁹, and back. */
export const unitsOfCost = (cost: string): bigint => parseDecimal(cost, COST_SCALE);
export const costOfUnits = (units: bigint): string => formatDecimal(units, COST_SCALE);

/** Returns the bounds of a budget. */
const limitsOf = ({ calls, tokens, cost }: BudgetDefinition): Partial<Amounts> => ({
  ...(calls !== undefined && { calls: BigInt(calls) }),
  ...(tokens !== undefined && { tokens: BigInt(tokens) }),
  ...(cost !== undefined && { cost: unitsOfCost(cost) }),
});

/** Thrown by a reservation that does not fit. Nothing is reserved then. */
export class BudgetShortage extends codedError<'WORKFLOW_BUDGET_EXCEEDED'>('BudgetShortage') {
  constructor(meter: Meter, asked: bigint, left: bigint) {
    const text = (amount: bigint) => (meter === 'cost' ? costOfUnits(amount) : String(amount));
    super('WORKFLOW_BUDGET_EXCEEDED', `It may use ${text(asked)} ${meter}, and ${text(left)} are left.`);
  }
}

/** Amounts that are reserved. */
export interface Reservation {
  /** Counts what was used, and returns the rest. Only the first call counts. */
  settle(used: Amounts): void;
}

/**
 * A budget in a run. The sum of spent and reserved amounts never exceeds a bound, as long as no reservation is settled with more
 * than it has: a worst case is reserved before each call.
 */
export class Purse {
  readonly #limits: Partial<Amounts>;
  readonly #parent: Purse | null;
  #isClosed = false;
  readonly #held: Record<Meter, bigint> = { ...noAmounts };
  readonly #spent: Record<Meter, bigint> = { ...noAmounts };

  constructor(budget: BudgetDefinition = {}, parent: Purse | null = null) {
    this.#limits = limitsOf(budget);
    this.#parent = parent;
  }

  /** Amounts that were spent, or are reserved and not settled, of the meters that it bounds. */
  get used(): Amounts {
    return {
      calls: this.#spent.calls + this.#held.calls,
      tokens: this.#spent.tokens + this.#held.tokens,
      cost: this.#spent.cost + this.#held.cost,
    };
  }

  /** Returns what is left of a meter; null where nothing bounds it. */
  left(meter: Meter): bigint | null {
    const bounding = this.#bounding(meter);
    return bounding === null ? null : bounding.#room(meter);
  }

  /** Reserves amounts of every meter that is bounded. Throws BudgetShortage for the first that does not fit. */
  reserve(amounts: Partial<Amounts>): Reservation {
    const holds: { readonly purse: Purse; readonly meter: Meter; readonly amount: bigint }[] = [];
    for (const meter of meters) {
      const amount = amounts[meter];
      const purse = amount === undefined ? null : this.#bounding(meter);
      if (amount === undefined || purse === null) continue;
      if (amount > purse.#room(meter)) throw new BudgetShortage(meter, amount, purse.#room(meter));
      holds.push({ purse, meter, amount });
    }
    for (const { purse, meter, amount } of holds) purse.#held[meter] += amount;
    let isOpen = true;
    return {
      settle: (used) => {
        if (!isOpen) return;
        isOpen = false;
        for (const { purse, meter, amount } of holds) {
          purse.#held[meter] -= amount;
          purse.#spent[meter] += used[meter];
        }
      },
    };
  }

  /**
   * Reserves a budget of its own for a task. `close` returns what was not used: what is still reserved counts as used, since a
   * call cannot be taken back. Throws BudgetShortage.
   */
  slice(budget: BudgetDefinition): { readonly purse: Purse; close(): void } {
    const reservation = this.reserve(limitsOf(budget));
    const purse = new Purse(budget, this);
    const close = (): void => {
      purse.#isClosed = true;
      reservation.settle(purse.used);
    };
    return { purse, close };
  }

  #room(meter: Meter): bigint {
    const room = (this.#limits[meter] ?? 0n) - this.#spent[meter] - this.#held[meter];
    return this.#isClosed || room < 0n ? 0n : room;
  }

  /** Returns the nearest purse that bounds a meter, from this one outwards. */
  #bounding(meter: Meter): Purse | null {
    if (this.#limits[meter] !== undefined) return this;
    return this.#parent === null ? null : this.#parent.#bounding(meter);
  }
}

/** Prices of a million tokens at the start of a run: decimals. */
export interface RunPrices {
  readonly models: Readonly<Record<string, string>>;
  /** Of any other model: the highest one. */
  readonly otherwise: string;
}

const MILLION = 1_000_000n;

/** Returns what tokens of a model may cost, in units of 10⁻⁹, rounded up. */
export function costOfTokens({ models, otherwise }: RunPrices, model: string | undefined, tokens: bigint): bigint {
  const price = unitsOfCost(models[model ?? 'default'] ?? otherwise);
  return (tokens * price + MILLION - 1n) / MILLION;
}
