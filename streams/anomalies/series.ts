import type { DetectorSettings } from '../../schemas/generated/records.ts';
import { type BurstState, denied, noBursts } from './bursts.ts';
import { boundedTime, type Finding, type Measure } from './findings.ts';
import { asked, type HostState, noHosts } from './hosts.ts';
import { isSilent, type LevelState, measured, newLevel, reached } from './level.ts';
import { called, type MixState, noMix } from './mix.ts';

/** Names of a series. */
export interface SeriesName {
  readonly seriesId: string;
  readonly tenantId: string;
  readonly metric: string;
  readonly subject: string;
}

/** What the detector remembers of one series. Bounded, whatever comes: each part states its size. */
export type SeriesState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'known';
      readonly name: SeriesName;
      readonly level: LevelState | null;
      readonly bursts: BurstState | null;
      readonly mix: MixState | null;
      readonly hosts: HostState | null;
    };

export const absent: SeriesState = { status: 'absent' };

export interface Step {
  readonly state: SeriesState;
  readonly findings: readonly Finding[];
}

/** Returns the series after one measure, with what it shows. */
export function measureSeries(before: SeriesState, name: SeriesName, taken: Measure, settings: DetectorSettings): Step {
  const measure = { ...taken, at: boundedTime(taken.at) };
  const { metric } = name;
  const held = before.status === 'known' ? before : { level: null, bursts: null, mix: null, hosts: null };
  const known = { status: 'known', name, level: null, bursts: null, mix: null, hosts: null } as const;
  if (metric === 'mix') {
    const { state: mix, findings } = called(held.mix ?? noMix(measure.at), measure, settings);
    return { state: { ...known, mix }, findings };
  }
  if (metric === 'hosts') {
    const { state: hosts, findings } = asked(held.hosts ?? noHosts(measure.at), measure, settings);
    return { state: { ...known, hosts }, findings };
  }
  const level = measured(held.level ?? newLevel(measure.at), metric, measure, settings);
  if (metric !== 'denials') return { state: { ...known, level: level.state }, findings: level.findings };
  const bursts = denied(held.bursts ?? noBursts, measure, settings);
  return {
    state: { ...known, level: level.state, bursts: bursts.state },
    findings: [...bursts.findings, ...level.findings],
  };
}

/** Returns the series when a time is reached without a further record. One that was silent for two weeks is dropped. */
export function reviewSeries(before: SeriesState, at: number, settings: DetectorSettings): Step {
  if (before.status === 'absent' || before.level === null) return { state: before, findings: [] };
  const { state: level, findings } = reached(before.level, before.name.metric, at, settings);
  return { state: isSilent(level) ? absent : { ...before, level }, findings };
}
