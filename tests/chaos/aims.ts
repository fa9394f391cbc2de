import type { Trap } from './proxy.ts';
import { apis } from './wire.ts';

/**
 * What is done to a process at the moment that was aimed at.
 * - `kill`: SIGKILL; what was held is never delivered
 * - `late`: SIGKILL; the request that was held reaches the broker while another process takes over, as a zombie's would
 * - `stop`: SIGSTOP past the session time-out, then SIGCONT: a zombie that does not know
 * - `drop`: its connection breaks; the process lives and cannot know what became of its request
 * - `hold`: what was caught is kept back for seconds, so that a transaction stays open, then goes on
 * - `restart`: the broker is killed and started again
 */
export const actNames = ['kill', 'late', 'stop', 'drop', 'hold', 'restart'] as const;
export type Act = (typeof actNames)[number];

export interface Aim {
  readonly name: string;
  /** The moment, as a message on the wire; null strikes at any moment. */
  readonly at: Pick<Trap, 'side' | 'api' | 'forward'> | null;
  /** The moment is one of taking over: a process of the group is stopped in order first, so that there is one. */
  readonly onTakeover: boolean;
  /** It comes only where transactions are. */
  readonly transactional: boolean;
  readonly acts: readonly { readonly act: Act; readonly weight: number }[];
  readonly weight: number;
}

const answer = (api: number): Aim['at'] => ({ side: 'answer', api });
const sent = (api: number): Aim['at'] => ({ side: 'request', api, forward: true });
const before = (api: number): Aim['at'] => ({ side: 'request', api });

const weights: Readonly<Record<Act, number>> = { kill: 3, late: 2, stop: 2, drop: 4, hold: 3, restart: 1 };
const acts = (...list: readonly Act[]): Aim['acts'] => list.map((act) => ({ act, weight: weights[act] }));

const inTransaction = { onTakeover: false, transactional: true } as const;
const takingOver = { onTakeover: true, transactional: true, weight: 1 } as const;

export const aims: readonly Aim[] = [
  { name: 'any moment', at: null, onTakeover: false, transactional: false, weight: 2, acts: acts('kill', 'stop') },
  // Records are written, nothing is promised yet.
  {
    name: 'records written',
    at: answer(apis.produce),
    ...inTransaction,
    weight: 1,
    acts: acts('kill', 'drop', 'hold'),
  },
  // Between offsets and commit.
  {
    name: 'offsets written',
    at: answer(apis.txnOffsetCommit),
    ...inTransaction,
    weight: 2,
    acts: acts('kill', 'stop', 'drop', 'hold'),
  },
  {
    name: 'before EndTxn',
    at: before(apis.endTxn),
    ...inTransaction,
    weight: 4,
    acts: acts('kill', 'late', 'stop', 'drop', 'hold'),
  },
  // Between EndTxn and its markers: the broker has it, the client does not know.
  { name: 'EndTxn sent', at: sent(apis.endTxn), ...inTransaction, weight: 4, acts: acts('kill', 'stop', 'drop') },
  {
    name: 'EndTxn answered',
    at: answer(apis.endTxn),
    ...inTransaction,
    weight: 3,
    acts: acts('kill', 'stop', 'drop', 'hold'),
  },
  // Between join and first read.
  {
    name: 'joined',
    at: answer(apis.syncGroup),
    ...takingOver,
    transactional: false,
    acts: acts('kill', 'stop', 'drop'),
  },
  { name: 'one id fenced', at: answer(apis.initProducerId), ...takingOver, acts: acts('kill', 'stop', 'drop') },
  { name: 'position read', at: answer(apis.offsetFetch), ...takingOver, acts: acts('kill', 'stop', 'drop') },
  {
    name: 'first read',
    at: answer(apis.fetch),
    ...takingOver,
    transactional: false,
    acts: acts('kill', 'stop', 'drop', 'hold'),
  },
  {
    name: 'read',
    at: answer(apis.fetch),
    onTakeover: false,
    transactional: false,
    weight: 1,
    acts: acts('kill', 'drop'),
  },
];

export const brokerAims: readonly Aim[] = [
  { ...inTransaction, name: 'any moment', at: null, weight: 1, acts: acts('restart') },
  { ...inTransaction, name: 'before EndTxn', at: before(apis.endTxn), weight: 2, acts: acts('restart') },
  { ...inTransaction, name: 'EndTxn sent', at: sent(apis.endTxn), weight: 2, acts: acts('restart') },
  { ...inTransaction, name: 'offsets written', at: answer(apis.txnOffsetCommit), weight: 1, acts: acts('restart') },
];
