import { HOUR_MS, OPEN_HOURS } from '../../schemas/contexts/anomalies.ts';
import type { DetectorSettings, LogRecord } from '../../schemas/generated/records.ts';
import { boundedTime, type Finding, kept, type Measure, withRecord } from './findings.ts';

/** Hours of a week: the season. The first one begins on a Thursday, as 1970 did. */
const SLOTS = 168;
/** Weeks of an hour of the week before it is judged. */
const WEEKS_MIN = 2;
/** Deviations that the scale is the median of, and the least number of them. */
const DEVIATIONS_MAX = 64;
const DEVIATIONS_MIN = 32;
/** Makes the median of absolute deviations a standard deviation, for normal ones. */
const MAD_TO_SIGMA = 1.4826;
const SCALE_MIN = 0.7;
/** Deviations beyond this many scales teach no more than it: an anomaly hardly moves the expectation. */
const CLIP = 3;
const WEEK_WEIGHT = 0.2;
/** Allowance of the cumulative sums (k) and bound on one hour's part, both in scales. */
const ALLOWANCE = 0.5;
const HOUR_PART_MAX = 4;
/** Hours without a record after which a series begins from the start: two weeks. */
const QUIET_MAX = 336;
/** Largest amount of an hour that is distinguished. */
const AMOUNT_MAX = 1e12;
/** Variance of an hour is taken as m + DISPERSION·m²: counts of arrivals that vary by a fifth of themselves. */
const DISPERSION = 0.04;
const ROOT = Math.sqrt(DISPERSION);

/** An hour that is not judged yet. */
interface OpenHour {
  readonly start: number;
  readonly sum: number;
  readonly count: number;
  readonly records: readonly LogRecord[];
  /** True once its level was raised. */
  readonly isRaised: boolean;
}

/** A cumulative sum of deviations in one direction (Page, Biometrika 1954). */
interface Run {
  readonly sum: number;
  /** Sum of the deviations since it left zero, and the number of hours. */
  readonly total: number;
  readonly hours: number;
}
const noRun: Run = { sum: 0, total: 0, hours: 0 };

/** Level of a series: at most 4 KiB as JSON. */
export interface LevelState {
  /** Expectation of each hour of the week, on the scale of `levelled`; null before its first. */
  readonly season: readonly (number | null)[];
  readonly weeks: readonly number[];
  /** Added to each of the season: what drifts have moved. */
  readonly shift: number;
  readonly deviations: readonly number[];
  readonly up: Run;
  readonly down: Run;
  /** Start of the oldest hour that is not judged. */
  readonly next: number;
  /** Start of the newest hour that a record or a timer has reached. */
  readonly newest: number;
  readonly open: readonly OpenHour[];
  readonly quiet: number;
}

export const newLevel = (at: number): LevelState => ({
  ...{ season: Array<null>(SLOTS).fill(null), weeks: Array<number>(SLOTS).fill(0), shift: 0, deviations: [] },
  ...{ up: noRun, down: noRun, next: hourOf(at), newest: hourOf(at), open: [], quiet: 0 },
});

export const hourOf = (at: number): number => Math.floor(boundedTime(at) / HOUR_MS) * HOUR_MS;
const slotOf = (start: number): number => (((start / HOUR_MS) % SLOTS) + SLOTS) % SLOTS;

/** Units of an amount: about one request each, so that the variance of small hours is that of arrivals. */
const unitOf = (metric: string): number => (metric === 'tokens' ? 200 : 1);
/** Returns an amount on a scale of even variance (the transform of the negative binomial; Anscombe 1948). */
const levelled = (sum: number, unit: number): number =>
  (2 / ROOT) * Math.asinh(ROOT * Math.sqrt(Math.min(AMOUNT_MAX, Math.max(0, sum)) / unit));
const amountOf = (level: number, unit: number): number =>
  (Math.sinh((ROOT * Math.max(0, level)) / 2) / ROOT) ** 2 * unit;

/** Returns the robust standard deviation; null while too few hours were compared. */
function scaleOf({ deviations }: LevelState): number | null {
  if (deviations.length < DEVIATIONS_MIN) return null;
  const sorted = [...deviations].sort((one, other) => one - other);
  return Math.max(SCALE_MIN, MAD_TO_SIGMA * (sorted[sorted.length >> 1] ?? 0));
}

/** Expectation of an hour, as a level with its scale; null while the series learns. */
function expectation(state: LevelState, start: number): { readonly level: number; readonly scale: number } | null {
  const slot = slotOf(start);
  const season = state.season[slot] ?? null;
  const scale = scaleOf(state);
  if (season === null || scale === null || (state.weeks[slot] ?? 0) < WEEKS_MIN) return null;
  return { level: season + state.shift, scale };
}

/** Returns the expected amount of an hour, and the one above which it is an anomaly. */
export function band(state: LevelState, metric: string, start: number, settings: DetectorSettings) {
  const found = expectation(state, start);
  const unit = unitOf(metric);
  return found === null
    ? { expected: null, bound: null }
    : {
        expected: kept(amountOf(found.level, unit)),
        bound: kept(amountOf(found.level + settings.levelThreshold * found.scale, unit)),
      };
}

function levelFinding(state: LevelState, metric: string, hour: OpenHour, threshold: number): Finding | null {
  const found = expectation(state, hour.start);
  if (found === null || hour.isRaised) return null;
  const unit = unitOf(metric);
  const score = (levelled(hour.sum, unit) - found.level) / found.scale;
  if (Math.abs(score) <= threshold || (score < 0 && metric === 'denials')) return null;
  const expected = kept(amountOf(found.level, unit));
  return {
    ...{ rule: 'level', direction: score > 0 ? 'up' : 'down', windowStart: hour.start, windowMs: HOUR_MS },
    ...{ observed: kept(hour.sum), expected, score: kept(Math.abs(score)), threshold, label: null },
    ...{ records: hour.records, recordsTotal: hour.count },
    detail: `${kept(hour.sum)} in an hour, ${Math.round(expected)} expected`,
  };
}

const added = ({ sum, total, hours }: Run, score: number, deviation: number): Run => {
  const next = Math.max(0, sum + score - ALLOWANCE);
  return next === 0 ? noRun : { sum: kept(next), total: kept(total + deviation), hours: hours + 1 };
};

/** Returns the drift of a run that has passed its threshold. */
function driftFinding(
  run: Run,
  hour: OpenHour,
  direction: 'up' | 'down',
  parts: { metric: string; level: number; threshold: number },
): Finding {
  const unit = unitOf(parts.metric);
  const mean = run.total / run.hours;
  const to = parts.level + (direction === 'up' ? mean : -mean);
  const expected = kept(amountOf(parts.level, unit));
  return {
    ...{ rule: 'drift', direction, windowStart: hour.start - (run.hours - 1) * HOUR_MS, windowMs: run.hours * HOUR_MS },
    ...{ observed: kept(amountOf(to, unit)), expected, score: run.sum, threshold: parts.threshold, label: null },
    ...{ records: hour.records, recordsTotal: hour.count },
    detail: `${direction === 'up' ? 'higher' : 'lower'} than expected for ${run.hours} hours`,
  };
}

/** Judges an hour that has ended, and learns from it. */
function close(state: LevelState, metric: string, hour: OpenHour, settings: DetectorSettings): Judged {
  const slot = slotOf(hour.start);
  const value = levelled(hour.sum, unitOf(metric));
  const season = state.season[slot] ?? null;
  const level = season === null ? null : season + state.shift;
  const scale = scaleOf(state);
  const weeks = state.weeks[slot] ?? 0;
  const deviation = level === null ? null : value - level;
  const findings: Finding[] = [];
  let { up, down, shift } = state;
  if (deviation !== null && level !== null && scale !== null && weeks >= WEEKS_MIN) {
    const finding = levelFinding(state, metric, hour, settings.levelThreshold);
    if (finding !== null) findings.push(finding);
    const score = Math.max(-HOUR_PART_MAX, Math.min(HOUR_PART_MAX, deviation / scale));
    up = added(up, score, deviation);
    down = added(down, -score, -deviation);
    const threshold = settings.driftThreshold;
    const parts = { metric, level, threshold };
    if (up.sum > threshold) {
      findings.push(driftFinding(up, hour, 'up', parts));
      shift = kept(shift + up.total / up.hours);
      [up, down] = [noRun, noRun];
    } else if (down.sum > threshold) {
      if (metric !== 'denials') findings.push(driftFinding(down, hour, 'down', parts));
      shift = kept(shift - down.total / down.hours);
      [up, down] = [noRun, noRun];
    }
  }
  const bounded = (by: number): number => (scale === null ? by : Math.max(-CLIP * scale, Math.min(CLIP * scale, by)));
  const learnt =
    season === null || deviation === null
      ? value - state.shift
      : season + Math.max(WEEK_WEIGHT, 1 / (weeks + 1)) * bounded(deviation);
  const next: LevelState = {
    ...state,
    season: state.season.with(slot, kept(learnt)),
    weeks: state.weeks.with(slot, Math.min(weeks + 1, 9)),
    deviations:
      deviation === null ? state.deviations : [...state.deviations, kept(Math.abs(deviation))].slice(-DEVIATIONS_MAX),
    ...{ up, down, shift, next: hour.start + HOUR_MS, quiet: hour.count === 0 ? state.quiet + 1 : 0 },
    open: state.open.filter(({ start }) => start > hour.start),
  };
  return { state: next, findings };
}

/** A level after a step, and what was found on the way. */
export interface Judged {
  readonly state: LevelState;
  readonly findings: readonly Finding[];
}

const emptyHour = (start: number): OpenHour => ({ start, sum: 0, count: 0, records: [], isRaised: false });

/** Judges the hours that end as the series reaches a time: those more than OPEN_HOURS behind it. */
export function reached(state: LevelState, metric: string, at: number, settings: DetectorSettings): Judged {
  const newest = Math.max(state.newest, hourOf(at));
  const horizon = newest - OPEN_HOURS * HOUR_MS;
  if (horizon - state.next > QUIET_MAX * HOUR_MS) return { state: newLevel(at), findings: [] };
  let found: LevelState = { ...state, newest };
  const findings: Finding[] = [];
  while (found.next < horizon) {
    const hour = found.open.find(({ start }) => start === found.next) ?? emptyHour(found.next);
    const judged = close(found, metric, hour, settings);
    found = judged.state;
    findings.push(...judged.findings);
  }
  return { state: found, findings };
}

/** Adds a measure to its hour. An hour whose level is passed is found at once; one that was judged before is not again. */
export function measured(before: LevelState, metric: string, measure: Measure, settings: DetectorSettings): Judged {
  const { state, findings } = reached(before, metric, measure.at, settings);
  const start = hourOf(measure.at);
  if (start < state.next) return { state, findings };
  const held = state.open.find((each) => each.start === start) ?? emptyHour(start);
  const value = Number.isFinite(measure.value) ? Math.max(0, Math.min(AMOUNT_MAX, measure.value)) : 0;
  const hour: OpenHour = {
    ...held,
    sum: kept(Math.min(AMOUNT_MAX, held.sum + value)),
    count: held.count + 1,
    records: withRecord(held.records, measure.source),
  };
  const finding = levelFinding(state, metric, hour, settings.levelThreshold);
  const isUp = finding !== null && finding.direction === 'up';
  const open = [...state.open.filter((each) => each.start !== start), isUp ? { ...hour, isRaised: true } : hour];
  return {
    state: { ...state, open: open.sort((one, other) => one.start - other.start) },
    findings: isUp ? [...findings, finding] : findings,
  };
}

/** Returns the time at which the next hour can be judged without a further record; not before 1970. */
export const reviewAt = ({ next }: LevelState): number => Math.max(0, next + (OPEN_HOURS + 1) * HOUR_MS);
/** Returns true for a series that was silent for two weeks. */
export const isSilent = ({ quiet, open }: LevelState): boolean => quiet >= QUIET_MAX && open.length === 0;
