import { allTopics } from '../../../schemas/topics.ts';
import type { TopicActivity } from './topic-activity.ts';
import type { Unread } from './unread.ts';

/** A topic of the catalogue, with its activity. */
export interface TopicRow extends Omit<TopicActivity, 'lastMs'> {
  readonly kind: string;
  /** Age of the last record in seconds; null for an empty topic. */
  readonly age_seconds: number | null;
  /** Largest lag of a reader, over all partitions of the topic; null when no processor and no view reads it. */
  readonly lag: number | null;
  /** The reader with that lag; null without a lag. */
  readonly slowest: string | null;
  readonly records: readonly string[];
}

function slowestOf(unread: readonly Unread[], topic: string): Pick<TopicRow, 'lag' | 'slowest'> {
  const lags = new Map<string, number>();
  for (const each of unread) if (each.topic === topic) lags.set(each.reader, (lags.get(each.reader) ?? 0) + each.lag);
  const [first] = [...lags].sort(([, a], [, b]) => b - a);
  if (first === undefined) return { lag: null, slowest: null };
  const [reader, lag] = first;
  return { lag, slowest: lag === 0 ? null : reader };
}

/** Returns one row per topic of the catalogue. */
export const topicRows = (
  activity: readonly TopicActivity[],
  unread: readonly Unread[],
  nowMs: number,
): readonly TopicRow[] =>
  activity.map(({ lastMs, ...rest }) => {
    const declared = allTopics.find(({ name }) => name === rest.topic);
    return {
      ...rest,
      kind: declared?.kind ?? 'unknown',
      age_seconds: lastMs === null ? null : Math.max(0, Math.round((nowMs - lastMs) / 1_000)),
      ...slowestOf(unread, rest.topic),
      records: Object.keys(declared?.records ?? {}),
    };
  });

const STEPS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
] as const;

/** Returns an age as one number with its unit, such as `3m`. */
export function ageText(seconds: number | null): string {
  if (seconds === null) return '–';
  const [unit = 1, name = 's'] = STEPS.find(([size]) => seconds >= size) ?? [];
  return `${Math.floor(seconds / unit)}${name}`;
}
