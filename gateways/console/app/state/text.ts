/** Texts of numbers, times and names. Nothing here is markup: the page shows each as text. */

const whole = new Intl.NumberFormat('en');
const rate = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** Returns a number with separators: `12,345`. */
export const count = (value: number): string => whole.format(value);

/** Returns a rate: `12.5`. */
export const perSecond = (value: number): string => rate.format(value);

/** Returns a duration in the largest unit that keeps two digits or more: `12 ms`, `3.9 s`, `4 min`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** Returns the time of day of an instant, in the time zone of the reader, with ms: `14:03:07.120`. */
export function timeOfDay(instant: string | number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** Returns date and time of an instant, in the time zone of the reader. */
export function dateTime(instant: string): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Returns the first characters of an id; the whole id stays in a title. */
export const shortId = (id: string): string => id.slice(0, 8);

/** Returns the record name without its namespace: `TurnQueued`. */
export const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Returns an amount of money without trailing zeros: `0.0000152`. */
export const amount = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;

/** Returns the share of `whole`, from 0 to 1. */
export const shareOf = (part: number, all: number): number => (all <= 0 ? 0 : Math.min(1, Math.max(0, part / all)));
