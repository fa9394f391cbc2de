const MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Returns milliseconds since 1970 for an ISO 8601 date or time, or for an age (`90s`, `30m`, `2h`, `7d`); null for any other text. */
export function timeOf(text: string, nowMs: number): number | null {
  const ago = /^(\d{1,9})([smhd])$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1]) * MS[ago[2] as keyof typeof MS];
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
