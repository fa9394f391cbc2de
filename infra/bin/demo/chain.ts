import type { Decision, LogEvent } from './api.ts';
import { type Style, table } from './style.ts';

export interface Link {
  readonly event: string;
  readonly count: number;
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

const shortType = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** Events in the order of the log; pieces of an answer that follow each other are one line. */
export function linksOf(events: readonly LogEvent[]): readonly Link[] {
  const links: Link[] = [];
  for (const { type, topic, partition, offset } of events) {
    const event = shortType(type);
    const like = event.endsWith('Delta') ? links.findIndex((link) => link.event === event && link.topic === topic) : -1;
    const known = links[like];
    if (known === undefined) links.push({ event, count: 1, topic, partition, first: offset, last: offset });
    else links[like] = { ...known, count: known.count + 1, last: Math.max(known.last, offset) };
  }
  return links;
}

export function chainText(events: readonly LogEvent[]): string {
  const rows = linksOf(events).map(({ event, count, topic, partition, first, last }) => [
    count === 1 ? event : `${event} × ${count}`,
    topic,
    String(partition),
    first === last ? String(first) : `${first} – ${last}`,
  ]);
  return table([['event', 'topic', 'partition', 'offset'], ...rows]);
}

export interface Feature {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
}

/** Every φ of the decision, as PolicyDecided holds them. */
export function featuresOf(events: readonly LogEvent[]): readonly Feature[] {
  const decided = events.find(({ type }) => shortType(type) === 'PolicyDecided');
  return (decided?.data['features'] ?? []) as readonly Feature[];
}

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

/** What the request used, as SlmMetered says; null when nothing ran. */
export function usageOf(events: readonly LogEvent[]): Usage | null {
  const data = events.find(({ type }) => shortType(type) === 'SlmMetered')?.data;
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

export const usageText = (usage: Usage): string =>
  [
    `  model   ${usage.model_id} (${usage.provider})`,
    `  tokens  ${usage.prompt} prompt + ${usage.completion} answer`,
    `  time    ${usage.latency_ms} ms, first token after ${usage.time_to_first_token_ms ?? '–'} ms`,
    `  cost    ${usage.cost} ${usage.currency}`,
  ].join('\n');
