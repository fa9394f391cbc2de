import type { Alert, RecordingRule } from './rule.ts';

/** A service level objective: a share of good events over thirty days. */
export interface Objective {
  readonly name: string;
  readonly title: string;
  /** Share of good events, 0 to 1. */
  readonly target: number;
  /** Names the good events, as the end of a sentence. */
  readonly counts: string;
  /** Returns the PromQL of the share of bad events in a window, such as `5m`. */
  readonly badShare: (window: string) => string;
  readonly runbook: Alert['runbook'];
  /** Returns series, one sample a minute, in which all events are bad. */
  readonly bad: (samples: number) => Alert['example']['firing'];
  /** Returns series in which no event is bad. */
  readonly good: (samples: number) => Alert['example']['quiet'];
}

const share = (bad: string, all: string): string => `sum(rate(${bad})) / sum(rate(${all}))`;
/** Matches a bound of a bucket as both versions of Prometheus write it: 3 makes `1` to `1.0`. */
const bound = (seconds: string): string => (seconds.includes('.') ? `le="${seconds}"` : `le=~"${seconds}(\\\\.0)?"`);
const slowShare = (histogram: string, seconds: string, window: string): string =>
  `1 - sum(rate(${histogram}_bucket{${bound(seconds)}}[${window}])) / sum(rate(${histogram}_count[${window}]))`;

const requests = 'khipu_http_request_duration_seconds_count';
const outcome = 'khipu_gateway_outcome_wait_seconds';
const age = 'khipu_projection_record_age_seconds';

/** Returns series of a histogram in which the events are all slow, or all quick. */
const histogram = (name: string, labels: string, seconds: string, isSlow: boolean, samples: number) => ({
  [`${name}_bucket{${labels},le="${seconds}"}`]: isSlow ? `0x${samples}` : `0+60x${samples}`,
  [`${name}_count{${labels}}`]: `0+60x${samples}`,
});

/** What the platform promises its callers. The shares are measured at the gateways and the projections. */
export const objectives: readonly Objective[] = [
  {
    name: 'availability',
    title: 'Requests are answered',
    target: 0.999,
    counts: 'HTTP requests that were not answered with a status of 500 or above',
    badShare: (window) => share(`${requests}{status=~"5.."}[${window}]`, `${requests}[${window}]`),
    runbook: 'runbooks/error-budget.md',
    bad: (samples) => ({ [`${requests}{route="/v1/sessions/start",status="503"}`]: `0+60x${samples}` }),
    good: (samples) => ({ [`${requests}{route="/v1/sessions/start",status="201"}`]: `0+60x${samples}` }),
  },
  {
    name: 'outcome',
    title: 'Commands have their outcome within a second',
    target: 0.99,
    counts: 'commands whose outcome the gateway had within a second of their append',
    badShare: (window) => slowShare(outcome, '1', window),
    runbook: 'runbooks/error-budget.md',
    bad: (samples) => histogram(outcome, 'record="StartSession"', '1', true, samples),
    good: (samples) => histogram(outcome, 'record="StartSession"', '1', false, samples),
  },
  {
    name: 'freshness',
    title: 'Read models are current',
    target: 0.99,
    counts: 'batches of records whose rows were there within two and a half seconds of their append',
    badShare: (window) => slowShare(age, '2.5', window),
    runbook: 'runbooks/stuck-processor.md',
    bad: (samples) => histogram(age, 'view="sessions"', '2.5', true, samples),
    good: (samples) => histogram(age, 'view="sessions"', '2.5', false, samples),
  },
];

/**
 * Two windows each: the long one shows that the budget burns, the short one that it still does. The factor times the allowed
 * share is the rate at which 2, 5, 10 and 10 % of the budget of thirty days are spent in the long window.
 * Source: Google, "The Site Reliability Workbook", chapter 5, table 5-8.
 */
const BURN_RATES = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'page', holds: '2m' },
  { long: '6h', short: '30m', factor: 6, severity: 'page', holds: '15m' },
  { long: '1d', short: '2h', factor: 3, severity: 'ticket', holds: '1h' },
  { long: '3d', short: '6h', factor: 1, severity: 'ticket', holds: '3h' },
] as const;

const WINDOWS = [...new Set(BURN_RATES.flatMap(({ long, short }) => [short, long]))];

const recordOf = ({ name }: Objective, window: string): string => `khipu:${name}_bad:ratio_rate${window}`;

/** The share of bad events of each objective, in each window. */
export const objectiveRules: readonly RecordingRule[] = objectives.flatMap((objective) =>
  WINDOWS.map((window) => ({ record: recordOf(objective, window), expr: objective.badShare(window) })),
);

const MINUTES: Readonly<Record<string, number>> = { '2m': 2, '15m': 15, '1h': 60, '3h': 180 };
const camel = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Four alerts an objective, quick to slow. */
export const objectiveAlerts: readonly Alert[] = objectives.flatMap((objective) =>
  BURN_RATES.map(({ long, short, factor, severity, holds }) => {
    const allowed = Number((1 - objective.target).toFixed(6));
    const above = (window: string) => `${recordOf(objective, window)} > ${factor} * ${allowed}`;
    // The long window may be longer than the test: rates are taken over the samples that are there.
    const atMinutes = 30 + (MINUTES[holds] ?? 0);
    return {
      name: `Khipu${camel(objective.name)}Burns${long}`,
      expr: `${above(long)} and ${above(short)}`,
      holds,
      severity,
      summary: `${objective.title}: the error budget burns more than ${factor} times as fast as allowed, over ${long} and ${short}`,
      runbook: objective.runbook,
      example: { atMinutes, firing: objective.bad(atMinutes + 1), quiet: objective.good(atMinutes + 1) },
    };
  }),
);
