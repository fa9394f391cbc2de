import type { Schemas } from '../../../../infra/client/api.ts';

type Usage = Schemas['DailyUsage'];

const DAY_MS = 24 * 60 * 60 * 1000;
/** Sums of one model in one currency. */
export interface ModelSpend {
  readonly model: string;
  readonly currency: string;
  readonly requests: number;
  readonly tokens: number;
  /** A number for a chart and a table: invoices have the exact amounts. */
  readonly cost: number;
}

/** Returns the spend by model and currency, the most expensive first. */
export function spendByModel(usage: readonly Usage[]): readonly ModelSpend[] {
  const groups = Map.groupBy(usage, ({ model, currency }) => JSON.stringify([model, currency]));
  const all = [...groups.values()].flatMap((days) => {
    const [first] = days;
    if (first === undefined) return [];
    const total = (of: (day: Usage) => number): number => days.reduce((sum, day) => sum + of(day), 0);
    return [
      {
        ...{ model: first.model, currency: first.currency, requests: total(({ requests }) => requests) },
        tokens: total(({ prompt_tokens: prompt, completion_tokens: completion }) => prompt + completion),
        cost: total(({ cost }) => Number(cost)),
      },
    ];
  });
  return all.sort((one, other) => other.cost - one.cost || (one.model < other.model ? -1 : 1));
}

/** Returns the cost of each day of a range, in one currency; days without use are 0. `model` null takes all models. */
export function costByDay(
  { from, until, items }: Pick<Schemas['Usage'], 'from' | 'until' | 'items'>,
  currency: string,
  model: string | null,
): { readonly times: readonly number[]; readonly values: readonly number[] } {
  const length = Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS)) + 1;
  const days = Array.from({ length }, (_, nth) => Date.parse(from) + nth * DAY_MS);
  const own = items.filter((each) => each.currency === currency && (model === null || each.model === model));
  const costs = new Map<number, number>();
  for (const { day, cost } of own) costs.set(Date.parse(day), (costs.get(Date.parse(day)) ?? 0) + Number(cost));
  return { times: days.map((day) => day / 1_000), values: days.map((day) => costs.get(day) ?? 0) };
}

/** Returns the last `months` months before and with a time, as `YYYY-MM`, the newest first. In UTC. */
export const monthsBefore = (timeMs: number, months: number): readonly string[] =>
  Array.from({ length: months }, (_, back) => {
    const at = new Date(timeMs);
    return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
  });
