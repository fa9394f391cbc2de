import type { DetectorSettings } from '../../schemas/generated/records.ts';
import { type Finding, kept, type Measure } from './findings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Time from the first request of a tool within which its hosts are learnt. */
const LEARN_MS = DAY_MS;
/** Hosts that are kept of a tool: the last used. */
const HOSTS_MAX = 256;
/** Longest name of a host, in characters. */
const HOST_CHARS_MAX = 253;
/** Anomalies of one tool within a day: one that scans a network raises no thousands. */
const DAILY_MAX = 10;

/** Hosts of a tool: at most 70 KiB as JSON, for 256 names of the greatest length; 6 KiB for usual ones. */
export interface HostState {
  readonly firstAt: number;
  readonly hosts: readonly (readonly [host: string, lastAt: number])[];
  /** Start of a day, and the anomalies that were raised in it. */
  readonly day: number;
  readonly raised: number;
}

export const noHosts = (at: number): HostState => ({ firstAt: at, hosts: [], day: 0, raised: 0 });

/** Takes a request of the tool. A host that it has not asked before is raised once it has learnt for a day. */
export function asked(state: HostState, { at, label, source }: Measure, settings: DetectorSettings) {
  const host = (label ?? '').slice(0, HOST_CHARS_MAX);
  const known = new Map(state.hosts);
  const isNew = !known.has(host);
  known.set(host, Math.max(at, known.get(host) ?? at));
  const hosts = [...known]
    .sort(([one, oneAt], [other, otherAt]) => oneAt - otherAt || (one < other ? -1 : 1))
    .slice(-HOSTS_MAX);
  const day = Math.floor(at / DAY_MS) * DAY_MS + 0;
  const raised = day === state.day ? state.raised : 0;
  const isRaised = isNew && settings.newHosts && at - state.firstAt > LEARN_MS && raised < DAILY_MAX;
  const findings: Finding[] = isRaised
    ? [
        {
          ...{ rule: 'host', direction: null, windowStart: at, windowMs: 0, observed: 1, expected: null, score: 1 },
          ...{ threshold: 1, label: host, records: [source], recordsTotal: 1 },
          detail: `first request to ${host}, after ${kept((at - state.firstAt) / DAY_MS).toFixed(0)} days`,
        },
      ]
    : [];
  const next: HostState = {
    ...{ firstAt: Math.min(state.firstAt, at), hosts, day, raised: raised + findings.length },
  };
  return { state: next, findings };
}
