import type { Chain } from './chain.ts';

/** A span of the time of a turn, in ms since its command. */
export interface Span {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const at = (chain: Chain, record: string): number | null =>
  chain.steps.find((step) => step.record.endsWith(`.${record}`))?.afterMs ?? null;

const numberOf = (data: Readonly<Record<string, unknown>> | null | undefined, field: string): number | null => {
  const value = data?.[field];
  return typeof value === 'number' ? value : null;
};

/**
 * Returns where the time of a turn went: up to the decision, in the queue, up to the first words of the model, and to the
 * end of its answer. A span that the records do not have is left out; a chain without a model call has none.
 */
export function spansOf(chain: Chain): readonly Span[] {
  const metered = chain.steps.find(({ record }) => record.endsWith('.SlmMetered'));
  const requested = at(chain, 'SlmRequested');
  if (metered === undefined || requested === null) return [];
  const latency = numberOf(metered.data, 'latency_ms') ?? metered.afterMs - requested;
  const first = numberOf(metered.data, 'time_to_first_token_ms');
  const begin = Math.max(requested, metered.afterMs - latency);
  const decided = at(chain, 'PolicyDecided');
  const words = first === null ? null : begin + first;
  return [
    ...(decided === null ? [] : [{ name: 'command to decision', fromMs: 0, toMs: decided }]),
    { name: 'waiting for the model', fromMs: decided ?? 0, toMs: begin },
    ...(words === null ? [] : [{ name: 'first words', fromMs: begin, toMs: words }]),
    { name: words === null ? 'answer' : 'rest of the answer', fromMs: words ?? begin, toMs: metered.afterMs },
  ];
}
