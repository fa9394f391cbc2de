import type { Load } from './simulate.ts';

const HOUR = 3_600;

/** Loads of two hours that a role is simulated with, in records a second. */
export const loads = {
  'a step to seven processes and back': (at) => (at < 600 ? 300 : at < HOUR ? 6_000 : 300),
  'a ramp up and down': (at) => 300 + (at < HOUR ? at / HOUR : (2 * HOUR - at) / HOUR) * 8_000,
  'a day in two hours': (at) => 3_000 + 2_500 * Math.sin((2 * Math.PI * at) / (2 * HOUR)),
  'bursts of 20 s each 15 minutes': (at) => (at % 900 < 20 ? 6_000 : 500),
  'a steady load': () => 4_000,
} as const satisfies Readonly<Record<string, Load>>;

/** What a simulation assumes beside the settings of the chart: scrapes, starts of pods, takeovers. */
export const assumed = {
  /** Records a second of one core process with kafkajs: `bench:turn -- --only scale`, 2026-11-30. */
  recordsPerProcess: 870,
  ...{ metricAgeSeconds: 15, rateSeconds: 30, startSeconds: 20, pauseSeconds: 8, seconds: 2 * HOUR },
} as const;
