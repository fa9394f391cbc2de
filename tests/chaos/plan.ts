import { createHash } from 'node:crypto';
import { type Act, type Aim, aims, brokerAims } from './aims.ts';
import { type GroupName, groupNames } from './topology.ts';

export type Lane = GroupName | 'broker';

/** One fault, as it was chosen. When it strikes depends on the machine; what it is depends on the seed alone. */
export interface Fault {
  readonly lane: Lane;
  readonly aim: Aim;
  readonly act: Act;
  /** From 0 to 1: how long to wait, whom to choose. */
  readonly chance: number;
}

/** One restart of the broker among so many faults: each costs everybody some ten seconds. */
const FAULTS_PER_BROKER_RESTART = 60;

/** mulberry32, seeded by a text. */
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

function faultOf(lane: Lane, among: readonly Aim[], next: () => number): Fault {
  const aim = choose(among, next());
  return { lane, aim, act: choose(aim.acts, next()).act, chance: next() };
}

/**
 * What will be done, by lane; a lane does one thing after another, all lanes side by side. The same seed gives the same
 * plan. `only` keeps the aims that can be followed by this act.
 */
export function planOf(seed: string, faults: number, only?: Act): ReadonlyMap<Lane, readonly Fault[]> {
  const some = Math.max(1, Math.round(faults / FAULTS_PER_BROKER_RESTART));
  const restarts = only === 'restart' ? faults : only === undefined ? some : 0;
  const plan = new Map<Lane, readonly Fault[]>();
  const list = (lane: Lane, among: readonly Aim[], count: number): void => {
    const next = chances(`${seed}/${lane}`);
    plan.set(
      lane,
      Array.from({ length: count }, () => faultOf(lane, among, next)),
    );
  };
  list('broker', brokerAims, restarts);
  const lanes = groupNames.filter((group) => only === undefined || aimsOf(group, only).length > 0);
  for (const [index, group] of lanes.entries()) {
    const share = Math.floor((faults - restarts + lanes.length - 1 - index) / lanes.length);
    list(group, aimsOf(group, only), share);
  }
  return plan;
}

const aimsOf = (group: GroupName, only?: Act): readonly Aim[] =>
  aims
    .filter(({ transactional }) => group !== 'tally' || !transactional)
    .map((aim) => (only === undefined ? aim : { ...aim, acts: aim.acts.filter(({ act }) => act === only) }))
    .filter(({ acts }) => acts.length > 0);
