import type { Trap } from '../wire/proxy.ts';
import { apis } from '../wire/wire.ts';

/**
 * Actions on a process at the aimed moment.
 * - `kill`: SIGKILL; the held message is never delivered
 * - `late`: SIGKILL; the held request reaches the broker while another process takes over, like a zombie's request
 * - `stop`: SIGSTOP past the session timeout, then SIGCONT: a zombie that does not know it
 * - `drop`: its connection breaks; the process lives and cannot know the result of its request
 * - `hold`: the held message is delayed for seconds, so that a transaction stays open, then delivered
 * - `restart`: the broker is killed and started again
 */
export const actNames = ['kill', 'late', 'stop', 'drop', 'hold', 'restart'] as const;
export type Act = (typeof actNames)[number];

export interface FaultTrigger {
  readonly name: string;
  /** The moment, as a message on the wire; null for any moment. */
  readonly at: Pick<Trap, 'side' | 'api' | 'forward'> | null;
  /**
   * True when the moment is part of a takeover: a process of the group is then stopped gracefully first, to cause one.
   */
  readonly onTakeover: boolean;
  /** True when the moment occurs only where transactions are used. */
  readonly transactional: boolean;
  readonly acts: readonly { readonly act: Act; readonly weight: number }[];
  readonly weight: number;
}

const answer = (api: number): FaultTrigger['at'] => ({ side: 'answer', api });
const sent = (api: number): FaultTrigger['at'] => ({ side: 'request', api, forward: true });
const before = (api: number): FaultTrigger['at'] => ({ side: 'request', api });

const weights: Readonly<Record<Act, number>> = { kill: 3, late: 2, stop: 2, drop: 4, hold: 3, restart: 1 };
const acts = (...list: readonly Act[]): FaultTrigger['acts'] => list.map((act) => ({ act, weight: weights[act] }));

const inTransaction = { onTakeover: false, transactional: true } as const;
const takingOver = { onTakeover: true, transactional: true, weight: 1 } as const;

export const faultTriggers: readonly FaultTrigger[] = [
  { name: 'any moment', at: null, onTakeover: false, transactional: false, weight: 2, acts: acts('kill', 'stop') },
  // Records are written, but not yet committed.
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
  // Between EndTxn and its markers: the broker has received it, the client does not know.
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

export const brokerFaultTriggers: readonly FaultTrigger[] = [
  { ...inTransaction, name: 'any moment', at: null, weight: 1, acts: acts('restart') },
  { ...inTransaction, name: 'before EndTxn', at: before(apis.endTxn), weight: 2, acts: acts('restart') },
  { ...inTransaction, name: 'EndTxn sent', at: sent(apis.endTxn), weight: 2, acts: acts('restart') },
  { ...inTransaction, name: 'offsets written', at: answer(apis.txnOffsetCommit), weight: 1, acts: acts('restart') },
];
