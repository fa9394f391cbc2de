import { shortName } from '../../../schemas/naming.ts';
import type { Decision, LogEvent } from './api.ts';

/** An event and its position in the log. */
export interface Link {
  readonly event: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Returns the positions of the events, in their order. */
export const linksOf = (events: readonly LogEvent[]): readonly Link[] =>
  events.map(({ type, topic, partition, offset }) => ({ event: shortName(type), topic, partition, offset }));

/** A feature of a decision with its weight in the score. */
export interface Feature {
  readonly name: string;
  readonly value: number;
  readonly weight: number;
}

const dataOf = (events: readonly LogEvent[], name: string): LogEvent['data'] | undefined =>
  events.find(({ type }) => shortName(type) === name)?.data;

/** Returns the features of the decision, as recorded in PolicyDecided. */
export const featuresOf = (events: readonly LogEvent[]): readonly Feature[] =>
  (dataOf(events, 'PolicyDecided')?.['features'] ?? []) as readonly Feature[];

/** Returns the id of the command that caused the events. */
export const commandOf = (events: readonly LogEvent[]): string =>
  String((events[0]?.metadata as Readonly<Record<string, unknown>> | undefined)?.['ce_correlationid'] ?? '');

/** The use of a model by a turn. */
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
  const data = dataOf(events, 'SlmMetered');
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

/** A prompt and the decision on it. */
export interface JudgedPrompt {
  readonly session_id: string;
  readonly prompt: string;
  /** HTTP status of the start. */
  readonly status: number;
  readonly decision: Decision;
  readonly features: readonly Feature[];
  /** Id of the command that caused the events. */
  readonly command_id: string;
  readonly events: readonly Link[];
}

/** The allowed prompt, with its turn. Times are in ms from its request. */
export interface AllowedReport extends JudgedPrompt {
  readonly turn_id: string;
  readonly answer: string;
  readonly started_ms: number;
  readonly first_token_ms: number;
  readonly answer_ms: number;
  readonly usage: Usage | null;
}

/** The denied prompt, with its problem. */
export interface RefusedReport extends JudgedPrompt {
  readonly code: string;
  readonly detail: string;
}

/** The result of a demo. */
export interface DemoReport {
  readonly allowed: AllowedReport;
  readonly refused: RefusedReport;
}
