import type { Schemas } from '../../../../infra/client/api.ts';
import { amount, count, shareOf } from './text.ts';

type Limit = Schemas['BudgetLimit'];
type Window = Schemas['BudgetWindow'];

/** A limit as a gauge: how much of it is left. */
export interface Gauge {
  readonly name: string;
  readonly leftText: string;
  readonly maxText: string;
  /** From 0 (nothing left) to 1; null for a limit that each session counts separately. */
  readonly share: number | null;
}

const WINDOWS: Readonly<Record<string, string>> = { session: 'each session', day: 'today', total: 'in total' };

const windowText = (window: string): string => WINDOWS[window] ?? window;

/** Returns the limits of a window as text: `today 200,000 tokens, 2.5`. */
export function limitsText({ window, tokens_max: tokens, cost_max: cost }: Limit): string {
  const parts = [
    ...(tokens === null ? [] : [`${count(tokens)} tokens`]),
    ...(cost === null ? [] : [`cost ${amount(cost)}`]),
  ];
  return `${windowText(window)} ${parts.length === 0 ? 'no limit' : parts.join(', ')}`;
}

/** Returns one gauge for each limit of a window. */
export function gaugesOf({ window, tokens_max: tokens, cost_max: cost, left }: Window): readonly Gauge[] {
  const name = windowText(window);
  return [
    ...(tokens === null
      ? []
      : [
          {
            ...{ name: `tokens ${name}`, maxText: count(tokens) },
            leftText: left?.tokens == null ? '' : count(left.tokens),
            share: left?.tokens == null ? null : shareOf(left.tokens, tokens),
          },
        ]),
    ...(cost === null
      ? []
      : [
          {
            ...{ name: `cost ${name}`, maxText: amount(cost) },
            leftText: left?.cost == null ? '' : amount(left.cost),
            share: left?.cost == null ? null : shareOf(Number(left.cost), Number(cost)),
          },
        ]),
  ];
}
