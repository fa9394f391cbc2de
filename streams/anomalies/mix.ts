import { HOUR_MS } from '../../schemas/contexts/anomalies.ts';
import type { DetectorSettings, LogRecord } from '../../schemas/generated/records.ts';
import { type Finding, kept, type Measure, withRecord } from './findings.ts';
import { hourOf } from './level.ts';

/** Tools that are distinguished; all further ones count as one. */
const TOOLS_MAX = 32;
const OTHER = '*';
/** Least number of calls whose mix is judged, and of mixes that were learnt before. */
const CALLS_MIN = 30;
const LEARNT_MIN = 12;
const WEIGHT = 0.1;
/** Weight of a mix that was an anomaly. */
const ODD_WEIGHT = 0.02;

type Shares = readonly (readonly [tool: string, share: number])[];

/** The mix of tools of a tenant: at most 8 KiB as JSON. */
export interface MixState {
  readonly shares: Shares;
  readonly learnt: number;
  /** Calls since the last mix: whole hours, until there are CALLS_MIN. */
  readonly since: number;
  readonly newest: number;
  readonly counts: Shares;
  readonly records: readonly LogRecord[];
}

export const noMix = (at: number): MixState => ({
  ...{ shares: [], learnt: 0, since: hourOf(at), newest: hourOf(at), counts: [], records: [] },
});

const totalOf = (counts: Shares): number => counts.reduce((sum, [, count]) => sum + count, 0);

/** Returns the Jensen-Shannon divergence of two mixes, in bits: from 0, equal, to 1. Source: Lin, IEEE 1991. */
export function divergence(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const tool of new Set([...one.keys(), ...other.keys()])) {
    const [p, q] = [one.get(tool) ?? 0, other.get(tool) ?? 0];
    const m = (p + q) / 2;
    if (p > 0) sum += (p / 2) * Math.log2(p / m);
    if (q > 0) sum += (q / 2) * Math.log2(q / m);
  }
  return Math.min(1, Math.max(0, sum));
}

const byShare = ([one, p]: Shares[number], [other, q]: Shares[number]): number => q - p || (one < other ? -1 : 1);

/** Judges the calls since the last mix, and learns from them. */
function close(state: MixState, settings: DetectorSettings): { state: MixState; findings: readonly Finding[] } {
  const total = totalOf(state.counts);
  const now = new Map(state.counts.map(([tool, count]) => [tool, count / total]));
  const before = new Map(state.shares);
  const score = kept(divergence(now, before));
  const isOdd = state.learnt >= LEARNT_MIN && score > settings.mixThreshold;
  const change = (tool: string): number => Math.abs((now.get(tool) ?? 0) - (before.get(tool) ?? 0));
  const tools = [...new Set([...now.keys(), ...before.keys()])].sort();
  const [most = OTHER] = [...tools].sort((one, other) => change(other) - change(one));
  const weight = state.learnt === 0 ? 1 : isOdd ? ODD_WEIGHT : Math.max(WEIGHT, 1 / (state.learnt + 1));
  const shares = tools
    .map((tool) => [tool, kept((1 - weight) * (before.get(tool) ?? 0) + weight * (now.get(tool) ?? 0))] as const)
    .filter(([, share]) => share > 0)
    .sort(byShare)
    .slice(0, TOOLS_MAX);
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const finding: Finding = {
    ...{ rule: 'mix', direction: null, windowStart: state.since, windowMs: state.newest + HOUR_MS - state.since },
    ...{ observed: score, expected: 0, score, threshold: settings.mixThreshold, label: most },
    ...{ records: state.records, recordsTotal: total },
    detail: `${most} has ${percent(now.get(most) ?? 0)} of ${total} calls, ${percent(before.get(most) ?? 0)} expected`,
  };
  return {
    state: { ...state, shares, learnt: Math.min(state.learnt + 1, 1_000), counts: [], records: [] },
    findings: isOdd ? [finding] : [],
  };
}

/** Takes a call. Whole hours are judged once they have CALLS_MIN calls; a late call counts in the present ones. */
export function called(before: MixState, { at, label, source }: Measure, settings: DetectorSettings) {
  const hour = Math.max(before.newest, hourOf(at));
  const isJudged = hour > before.newest && totalOf(before.counts) >= CALLS_MIN;
  const judged = isJudged ? close(before, settings) : { state: before, findings: [] };
  const state = isJudged ? { ...judged.state, since: hour } : judged.state;
  const name = label ?? OTHER;
  const held = new Map(state.counts);
  const tool = held.has(name) || held.size < TOOLS_MAX ? name : OTHER;
  held.set(tool, (held.get(tool) ?? 0) + 1);
  const next: MixState = {
    ...{ ...state, newest: hour, counts: [...held].sort(byShare), records: withRecord(state.records, source) },
  };
  return { state: next, findings: judged.findings };
}
