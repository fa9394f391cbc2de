/** Series, rules and settings of anomalies. How they are computed: docs/how-to/find-anomalies.md. */
import type { AnomalySettings, DetectorSettings } from '../generated/records.ts';

/** Reads anomalies, series and settings of one's own tenant. */
export const READ_ANOMALIES = 'anomalies:read';
/** Sets the settings of one's own tenant. */
export const CONFIGURE_ANOMALIES = 'anomalies:configure';

/** Type of the jobs that try settings on the past. */
export const ANOMALIES_WHAT_IF = 'anomalies.what-if';

/** Length of the windows of levels, in ms. */
export const HOUR_MS = 60 * 60 * 1000;
/** What a series measures. Each series is of one metric and one subject of a tenant. */
export const METRICS = ['tokens', 'calls', 'jobs', 'denials', 'mix', 'hosts'] as const;
export type Metric = (typeof METRICS)[number];
/** What can be wrong with a series. */
export const RULES = ['level', 'drift', 'mix', 'host', 'denials'] as const;
export type Rule = (typeof RULES)[number];
/** Subject of a series of the whole tenant. */
export const WHOLE_TENANT = '*';

/** Hours behind the newest record of a series within which a late record is judged like any other. */
export const OPEN_HOURS = 2;
/** Records that an anomaly names. */
export const RECORDS_MAX = 8;
export const NOTE_CHARS_MAX = 500;
/** Versions of settings that readers hold of a tenant. */
export const VERSIONS_MAX = 16;
/**
 * Least time between a change of settings and the first record that it holds for. Every task holds the version by then,
 * so that the version depends on the time of the record alone, and a replay takes the same one.
 */
export const SETTINGS_LEAD_MS = 60_000;

export const seriesIdOf = (tenantId: string, metric: Metric, subject: string): string =>
  `${tenantId}/${metric}/${subject}`;

/** Settings of a tenant that has set none. */
export const DEFAULT_SETTINGS: DetectorSettings = {
  version: 0,
  isOn: true,
  levelThreshold: 5,
  driftThreshold: 12,
  mixThreshold: 0.3,
  denialsMax: 20,
  denialsWindowMs: 600_000,
  newHosts: true,
  suggestsKillSwitch: true,
};

/** Bounds of each number of the settings, both included. */
export const SETTINGS_BOUNDS = {
  levelThreshold: [2, 100],
  driftThreshold: [4, 1_000],
  mixThreshold: [0.05, 1],
  denialsMax: [2, 10_000],
  denialsWindowMs: [60_000, 3_600_000],
} as const satisfies Partial<Record<keyof DetectorSettings, readonly [number, number]>>;

/** Returns why settings cannot be used, in one sentence; null when they can. */
export function faultOfSettings(settings: DetectorSettings): string | null {
  for (const [name, [least, most]] of Object.entries(SETTINGS_BOUNDS)) {
    const value = settings[name as keyof typeof SETTINGS_BOUNDS];
    if (!(value >= least && value <= most)) return `${name} is not from ${least} to ${most}.`;
  }
  return null;
}

/** Versions of the settings by tenant, the oldest first. */
export type SettingsVersions = ReadonlyMap<string, readonly AnomalySettings[]>;

/** Returns the versions with one more; of each tenant the last VERSIONS_MAX are held. */
export function withSettings(known: SettingsVersions, added: AnomalySettings): SettingsVersions {
  const { tenantId, settings } = added;
  const others = (known.get(tenantId) ?? []).filter((each) => each.settings.version !== settings.version);
  const sorted = [...others, added].sort((one, other) => one.settings.version - other.settings.version);
  return new Map(known).set(tenantId, sorted.slice(-VERSIONS_MAX));
}

/** Returns the settings for records of a time, in ms since 1970: of those in effect, the last ones set. */
export const settingsAt = (known: SettingsVersions, tenantId: string, timeMs: number): DetectorSettings =>
  known.get(tenantId)?.findLast(({ effectiveFrom }) => effectiveFrom <= timeMs)?.settings ?? DEFAULT_SETTINGS;

export const settingsId = (tenantId: string, version: number): string => `${tenantId}/${version}`;

/** Returns the kill switch that stops the subject of a series. */
export function scopeOf(tenantId: string, metric: string, subject: string): string {
  switch (metric) {
    case 'tokens':
      return `model:${subject}`;
    case 'calls':
    case 'hosts':
      return `tool:${subject}`;
    case 'jobs':
      return `job:${subject}`;
    default:
      return `tenant:${tenantId}`;
  }
}
