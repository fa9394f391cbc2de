import type { DurationDefinition } from '../../../schemas/contexts/workflows/document.ts';

const ISO =
  /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const units: Readonly<Record<string, number>> = {
  ...{ days: DAY_MS, hours: HOUR_MS, minutes: MINUTE_MS, seconds: SECOND_MS, milliseconds: 1 },
};

/** Returns a duration in ms; null for one in years or months, whose length differs, and for what is none. */
export function durationMs(duration: DurationDefinition): number | null {
  if (typeof duration === 'string') {
    const parts = ISO.exec(duration);
    if (parts === null || /^PT?$|T$/.test(duration)) return null;
    const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
    return Math.round(
      (weeks ?? 0) * 7 * DAY_MS +
        (days ?? 0) * DAY_MS +
        (hours ?? 0) * HOUR_MS +
        (minutes ?? 0) * MINUTE_MS +
        (seconds ?? 0) * SECOND_MS,
    );
  }
  let ms = 0;
  for (const [name, value] of Object.entries(duration)) {
    const unit = units[name];
    if (unit === undefined || !(value >= 0)) return null;
    ms += value * unit;
  }
  return ms;
}
