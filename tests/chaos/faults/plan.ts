import { createHash } from 'node:crypto';
import { type GroupName, groupNames } from '../subject/topology.ts';
import { type Act, brokerFaultTriggers, type FaultTrigger, faultTriggers } from './fault-triggers.ts';

/** A group of processes under test, or `broker`. */
export type Lane = string;

/** One planned fault. Its time depends on the machine; everything else depends on the seed alone. */
export interface Fault {
  readonly lane: Lane;
  readonly aim: FaultTrigger;
  readonly act: Act;
  /** From 0 to 1: determines the delay and the target. */
  readonly chance: number;
}

/** Number of faults per broker restart: each restart costs all groups about ten seconds. */
export const FAULTS_PER_BROKER_RESTART = 60;

/** Returns a generator of numbers from 0 to 1 (mulberry32), seeded by a text. */
export function chances(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function choose<T extends { readonly weight: number }>(from: readonly T[], chance: number): T {
  let left = chance * from.reduce((sum, { weight }) => sum + weight, 0);
  for (const each of from) {
    left -= each.weight;
    if (left < 0) return each;
  }
  return from.at(-1) as T;
}

function faultOf(lane: Lane, among: readonly FaultTrigger[], next: () => number): Fault {
  const aim = choose(among, next());
  return { lane, aim, act: choose(aim.acts, next()).act, chance: next() };
}

/** Returns the planned faults of one lane. The same seed gives the same faults. */
export function faultsOf(seed: string, lane: Lane, among: readonly FaultTrigger[], count: number): readonly Fault[] {
  const next = chances(`${seed}/${lane}`);
  return Array.from({ length: count }, () => faultOf(lane, among, next));
}

/**
 * Returns the planned faults by lane; a lane runs its faults in sequence, all lanes run in parallel. The same seed
 * gives the same plan. `only` keeps the triggers that allow this act.
 */
export function planOf(seed: string, faults: number, only?: Act): ReadonlyMap<Lane, readonly Fault[]> {
  const some = Math.max(1, Math.round(faults / FAULTS_PER_BROKER_RESTART));
  const restarts = only === 'restart' ? faults : only === undefined ? some : 0;
  const plan = new Map<Lane, readonly Fault[]>();
  const list = (lane: Lane, among: readonly FaultTrigger[], count: number): void => {
    plan.set(lane, faultsOf(seed, lane, among, count));
  };
  list('broker', brokerFaultTriggers, restarts);
  const lanes = groupNames.filter((group) => only === undefined || aimsOf(group, only).length > 0);
  for (const [index, group] of lanes.entries()) {
    const share = Math.floor((faults - restarts + lanes.length - 1 - index) / lanes.length);
    list(group, aimsOf(group, only), share);
  }
  return plan;
}

const aimsOf = (group: GroupName, only?: Act): readonly FaultTrigger[] =>
  faultTriggers
    .filter(({ transactional }) => group !== 'tally' || !transactional)
    .map((aim) => (only === undefined ? aim : { ...aim, acts: aim.acts.filter(({ act }) => act === only) }))
    .filter(({ acts }) => acts.length > 0);
