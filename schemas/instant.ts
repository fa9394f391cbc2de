/**
 * Times on the wire: RFC 3339 in UTC with milliseconds, as written by `Date.prototype.toISOString`. Every record has
 * one, which is written once and read many times. Date takes a microsecond for either, so the text of a day is cached
 * here.
 */
const DAY_MS = 86_400_000;
/** `T00:00:00.000Z` */
const TIME_CHARS = 14;
const TEXT_CHARS = 24;

const digits = (count: number): readonly string[] =>
  Array.from({ length: 10 ** count }, (_, n) => String(n).padStart(count, '0'));
const TWO = digits(2);
const THREE = digits(3);

/** The last day written or read; a batch seldom has two. */
let known = { day: 0, text: '1970-01-01' };

/** Returns the RFC 3339 text of a time in ms since 1970. Throws RangeError for an invalid time. */
export function isoOf(ms: number): string {
  if (!Number.isInteger(ms)) return new Date(ms).toISOString();
  const day = Math.floor(ms / DAY_MS);
  if (day !== known.day) known = { day, text: new Date(day * DAY_MS).toISOString().slice(0, -TIME_CHARS) };
  const ofDay = ms - day * DAY_MS;
  const seconds = Math.floor(ofDay / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${known.text}T${TWO[hours]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${THREE[ofDay % 1_000]}Z`;
}

/** RFC 3339 with four-digit years: readable by CloudEvents and Postgres. `Date.parse` accepts far more. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Returns the time in ms since 1970; NaN when the text is not RFC 3339. */
export function msOf(iso: string): number {
  if (iso.length === TEXT_CHARS && iso.startsWith(known.text)) {
    const ofDay = msOfDay(iso);
    if (ofDay !== undefined) return known.day * DAY_MS + ofDay;
  }
  const ms = TIME.test(iso) ? Date.parse(iso) : Number.NaN;
  const day = Math.floor(ms / DAY_MS);
  if (!Number.isNaN(ms) && day !== known.day) isoOf(ms);
  return ms;
}

const ZERO = 48;

/** Returns the number of `count` digits; NaN when one is not a digit. */
function numberAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Returns the ms of the day for `…THH:MM:SS.mmmZ`; undefined for any other form. */
function msOfDay(iso: string): number | undefined {
  const isOurs =
    iso[10] === 'T' && iso[13] === ':' && iso[16] === ':' && iso[19] === '.' && iso[TEXT_CHARS - 1] === 'Z';
  const hours = numberAt(iso, 11, 2);
  const minutes = numberAt(iso, 14, 2);
  const seconds = numberAt(iso, 17, 2);
  const ms = numberAt(iso, 20, 3);
  const fits = isOurs && hours < 24 && minutes < 60 && seconds < 60 && ms >= 0;
  return fits ? ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms : undefined;
}
