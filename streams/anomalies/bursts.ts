import type { DetectorSettings, LogRecord } from '../../schemas/generated/records.ts';
import { type Finding, type Measure, withRecord } from './findings.ts';

const MINUTE_MS = 60_000;
/** Minutes that are kept: those of the longest window. */
const MINUTES_MAX = 60;

/** Denials by minute: at most 3 KiB as JSON. */
export interface BurstState {
  /** Count of each minute with any, the oldest first. */
  readonly minutes: readonly (readonly [start: number, count: number])[];
  readonly records: readonly LogRecord[];
  /** Time of the last burst that was raised; null before the first. */
  readonly raisedAt: number | null;
}

export const noBursts: BurstState = { minutes: [], records: [], raisedAt: null };

/** Counts a denial. A burst is raised once a window, by the times of the records. */
export function denied(state: BurstState, { at, source }: Measure, settings: DetectorSettings) {
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS + 0;
  const counts = new Map(state.minutes);
  counts.set(minute, (counts.get(minute) ?? 0) + 1);
  const minutes = [...counts].sort(([one], [other]) => one - other).slice(-MINUTES_MAX);
  const end = Math.max(minute, minutes.at(-1)?.[0] ?? minute) + MINUTE_MS;
  const { denialsWindowMs: windowMs, denialsMax: threshold } = settings;
  const within = minutes.filter(([start]) => start >= end - windowMs && start < end);
  const count = within.reduce((sum, [, each]) => sum + each, 0);
  const records = withRecord(state.records, source);
  const isQuietSince = state.raisedAt === null || end - state.raisedAt > windowMs;
  const findings: Finding[] =
    count >= threshold && isQuietSince
      ? [
          {
            ...{ rule: 'denials', direction: 'up', windowStart: end - windowMs, windowMs, observed: count },
            ...{ expected: null, score: count, threshold, label: null, records, recordsTotal: count },
            detail: `${count} denials within ${Math.round(windowMs / MINUTE_MS)} minutes`,
          },
        ]
      : [];
  const next: BurstState = { minutes, records, raisedAt: findings.length > 0 ? end : state.raisedAt };
  return { state: next, findings };
}
