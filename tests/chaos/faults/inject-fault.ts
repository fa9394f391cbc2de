import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../../../streams/kernel.ts';
import type { Caught, KafkaProxy } from '../wire/proxy.ts';
import { apis } from '../wire/wire.ts';
import type { MemberProcesses } from './member-processes.ts';
import type { Fault } from './plan.ts';

/** Longer than the session timeout of 6 s (infra/kafka): by then the partitions have another owner. */
const STOP_MS = { least: 7_000, more: 2_500 };
const HOLD_MS = { least: 500, more: 3_000 };
/** Maximum wait for the moment, which may not occur: the group may have no broker, or no work. */
const AIM_MS_MAX = 30_000;
/** Maximum wait for the takeover during which the zombie's request is released. */
const LATE_MS_MAX = 12_000;

export interface Field {
  readonly proxy: KafkaProxy;
  readonly members: MemberProcesses;
  /** Number of brokers. */
  readonly brokers: number;
  /** Kills the broker and starts it again; resolves when its replicas are in sync. */
  readonly restartBroker: (broker: number) => Promise<void>;
}

export interface InjectedFault {
  /** False when the moment did not occur in time and the fault was injected at an arbitrary one. */
  readonly aimed: boolean;
  /** Time at which the process went down; null for faults that it survives. */
  readonly downMs: number | null;
}

/**
 * Waits for the moment of the fault, injects it, and resolves when the action is complete (not when the group has
 * recovered).
 */
export async function injectFault(fault: Fault, field: Field): Promise<InjectedFault> {
  const caught = await aimed(fault, field);
  if (fault.lane === 'broker') {
    // Of three brokers, the addressee of the message: a coordinator.
    const restarted = field.restartBroker(caught?.message.broker ?? Math.floor(fault.chance * field.brokers));
    caught?.drop();
    await restarted;
    return { aimed: caught !== null || fault.aim.at === null, downMs: null };
  }
  const names = field.members.namesOf(fault.lane);
  const member =
    (caught && field.members.memberOf(caught)) ?? (names[Math.floor(fault.chance * names.length)] as string);
  const downMs = await act(fault, member, caught, field);
  return { aimed: caught !== null || fault.aim.at === null, downMs };
}

async function aimed(fault: Fault, { proxy, members }: Field): Promise<Caught | null> {
  const { at, onTakeover, name } = fault.aim;
  if (at === null) {
    await sleep(fault.chance * 500);
    return null;
  }
  const client = members.clientsOf(fault.lane);
  const provoked =
    onTakeover && fault.lane !== 'broker'
      ? members.restart(members.namesOf(fault.lane)[fault.chance < 0.5 ? 0 : 1] as string)
      : Promise.resolve();
  if (name === 'first read') {
    const joined = await within(proxy.trap({ side: 'answer', api: apis.syncGroup, client }), AIM_MS_MAX);
    joined?.release();
  }
  const caught = await within(proxy.trap({ ...at, client }), AIM_MS_MAX);
  await provoked;
  return caught;
}

async function within(watch: ReturnType<KafkaProxy['trap']>, ms: number): Promise<Caught | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  const caught = await Promise.race([watch.caught, late]);
  clearTimeout(timer);
  watch.cancel();
  return caught;
}

async function act(fault: Fault, member: string, caught: Caught | null, field: Field): Promise<number | null> {
  const { members } = field;
  const hitMs = Date.now();
  switch (fault.act) {
    case 'kill':
      await members.kill(member);
      caught?.drop();
      return hitMs;
    case 'late':
      await members.kill(member);
      await whileAnotherTakesOver(fault, field);
      caught?.release();
      return hitMs;
    case 'stop': {
      const frozen = members.freeze(member, STOP_MS.least + fault.chance * STOP_MS.more);
      // Its held request may reach the broker before it wakes, or after.
      if (fault.chance < 0.5) caught?.release();
      await frozen;
      caught?.release();
      return hitMs;
    }
    case 'drop':
      caught?.drop();
      return null;
    case 'hold':
      await sleep(HOLD_MS.least + fault.chance * HOLD_MS.more);
      caught?.release();
      return null;
    case 'restart':
      throw new Error('only a broker is restarted');
    default:
      return assertNever(fault.act);
  }
}

/**
 * Moments of a takeover, in order; the new owner waits at the chosen one until the zombie's request has been released.
 */
const MOMENTS = [apis.initProducerId, apis.offsetFetch, apis.fetch, apis.endTxn] as const;

async function whileAnotherTakesOver(fault: Fault, { proxy, members }: Field): Promise<void> {
  const api = MOMENTS[Math.floor(fault.chance * MOMENTS.length)] ?? apis.fetch;
  const client = members.clientsOf(fault.lane);
  const joined = await within(proxy.trap({ side: 'answer', api: apis.syncGroup, client }), LATE_MS_MAX);
  if (joined === null) return;
  joined.release();
  const moment = await within(proxy.trap({ side: 'answer', api, client }), LATE_MS_MAX);
  setTimeout(() => moment?.release(), 200);
}
