import { shortName } from '../show/short-name.ts';
import { type Style, table } from '../show/style.ts';
import type { Decision, LogEvent } from './api.ts';

/** A line of the table of events. */
export interface Link {
  readonly event: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Returns the events in log order. */
export const linksOf = (events: readonly LogEvent[]): readonly Link[] =>
  events.map(({ type, topic, partition, offset }) => ({ event: shortName(type), topic, partition, offset }));

/** Returns the table of events. */
export function chainText(events: readonly LogEvent[]): string {
  const rows = linksOf(events).map(({ event, topic, partition, offset }) => [
    event,
    topic,
    String(partition),
    String(offset),
  ]);
  return table([['event', 'topic', 'partition', 'offset'], ...rows]);
}

/** A feature of the decision with its weight in the score. */
export interface Feature {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
}

/** Returns the features of the decision, as recorded in PolicyDecided. */
export function featuresOf(events: readonly LogEvent[]): readonly Feature[] {
  const decided = events.find(({ type }) => shortName(type) === 'PolicyDecided');
  return (decided?.data['features'] ?? []) as readonly Feature[];
}

/** Returns the text of a decision: outcome, reasons, clauses, constitution, score, and its features as a table. */
export function decisionText(decision: Decision, features: readonly Feature[], style: Style): string {
  const { outcome, score, threshold, reasons, clauses, constitution } = decision;
  const verdict = outcome === 'allow' ? style.good('ALLOW') : style.bad('DENY');
  const lines = [
    `  ${verdict}  ${reasons.join(', ')}`,
    `  decided by   ${clauses.join(', ') || 'no clause'}`,
    `  constitution ${constitution.version || 'none'} ${style.dim(`sha256 ${constitution.digest.slice(0, 16)}…`)}`,
    `  score        S = ${score.toFixed(3)}, θ = ${threshold.toFixed(3)}`,
  ];
  if (features.length === 0) return lines.join('\n');
  const rows = features.map(({ name, value, weight }) => [
    name,
    value.toFixed(2),
    weight.toFixed(2),
    (value * weight).toFixed(3),
  ]);
  return `${lines.join('\n')}\n\n${table([['φ', 'value', 'weight', 'value × weight'], ...rows], '    ')}`;
}

export interface Usage {
  readonly model_id: string;
  readonly provider: string;
  readonly prompt: number;
  readonly completion: number;
  readonly latency_ms: number;
  readonly time_to_first_token_ms: number | null;
  readonly cost: string;
  readonly currency: string;
}

/** Returns the use of the request from SlmMetered; null when no model ran. */
export function usageOf(events: readonly LogEvent[]): Usage | null {
  const data = events.find(({ type }) => shortName(type) === 'SlmMetered')?.data;
  if (data === undefined) return null;
  const tokens = data['tokens_consumed'] as { prompt: number; completion: number };
  return {
    model_id: String(data['model_id']),
    provider: String(data['provider']),
    prompt: tokens.prompt,
    completion: tokens.completion,
    latency_ms: Number(data['latency_ms']),
    time_to_first_token_ms: data['time_to_first_token_ms'] as number | null,
    cost: String(data['cost']),
    currency: String(data['currency']),
  };
}

/** Returns the text of a use. */
export const usageText = (usage: Usage): string =>
  [
    `  model   ${usage.model_id} (${usage.provider})`,
    `  tokens  ${usage.prompt} prompt + ${usage.completion} answer`,
    `  time    ${usage.latency_ms} ms, first token after ${usage.time_to_first_token_ms ?? '–'} ms`,
    `  cost    ${usage.cost} ${usage.currency}`,
  ].join('\n');
