import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../../streams/kernel.ts';
import { Members } from './members.ts';
import type { Fault } from './plan.ts';
import type { Caught, KafkaProxy } from './proxy.ts';
import type { GroupName } from './topology.ts';
import { apis } from './wire.ts';

/** Past the session time-out of 6 s (infra/kafka): by then the partitions are another's. */
const STOP_MS = { least: 7_000, more: 2_500 };
const HOLD_MS = { least: 500, more: 3_000 };
/** A moment that does not come: the group may be without a broker, or without work. */
const AIM_MS_MAX = 30_000;
/** The zombie's request is let go of at one of the moments at which another takes over. */
const LATE_MS_MAX = 12_000;

export interface Field {
  readonly proxy: KafkaProxy;
  readonly members: Members;
  /** How many brokers there are. */
  readonly brokers: number;
  /** Kills the broker and starts it again; resolves when it is in step with the others. */
  readonly restartBroker: (broker: number) => Promise<void>;
}

export interface Struck {
  /** False when the moment did not come in time, and the fault struck at any. */
  readonly aimed: boolean;
  /** When the process was hit; null for faults that it lives through. */
  readonly downMs: number | null;
}

const clientsOf = (lane: Fault['lane']): RegExp =>
  lane === 'broker' ? /^khipu-(counter|worker|relay)-\d$/ : new RegExp(`^khipu-${lane}-\\d$`);

const memberOf = (caught: Caught): string => caught.message.head.client.slice('khipu-'.length);

/** Waits for the moment of the fault, strikes, and resolves when what was done is done (not when all is well again). */
export async function strike(fault: Fault, field: Field): Promise<Struck> {
  const caught = await aimed(fault, field);
  if (fault.lane === 'broker') {
    // Of three, the one that the message was for: a coordinator.
    const restarted = field.restartBroker(caught?.message.broker ?? Math.floor(fault.chance * field.brokers));
    caught?.drop();
    await restarted;
    return { aimed: caught !== null || fault.aim.at === null, downMs: null };
  }
  const names = Members.namesOf(fault.lane);
  const member = caught === null ? (names[Math.floor(fault.chance * names.length)] as string) : memberOf(caught);
  const downMs = await act(fault, fault.lane, member, caught, field);
  return { aimed: caught !== null || fault.aim.at === null, downMs };
}

async function aimed(fault: Fault, { proxy, members }: Field): Promise<Caught | null> {
  const { at, onTakeover, name } = fault.aim;
  if (at === null) {
    await sleep(fault.chance * 500);
    return null;
  }
  const client = clientsOf(fault.lane);
  const provoked =
    onTakeover && fault.lane !== 'broker'
      ? members.restart(Members.namesOf(fault.lane)[fault.chance < 0.5 ? 0 : 1] as string)
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

async function act(
  fault: Fault,
  group: GroupName,
  member: string,
  caught: Caught | null,
  field: Field,
): Promise<number | null> {
  const { members } = field;
  const hitMs = Date.now();
  switch (fault.act) {
    case 'kill':
      await members.kill(member);
      caught?.drop();
      return hitMs;
    case 'late':
      await members.kill(member);
      await whileAnotherTakesOver(fault, group, field);
      caught?.release();
      return hitMs;
    case 'stop': {
      const frozen = members.freeze(member, STOP_MS.least + fault.chance * STOP_MS.more);
      // What it had sent may reach the broker before it wakes, or after.
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

/** Moments of a takeover, in their order; the new owner waits at the one that was chosen until the zombie's request has gone. */
const MOMENTS = [apis.initProducerId, apis.offsetFetch, apis.fetch, apis.endTxn] as const;

async function whileAnotherTakesOver(fault: Fault, group: GroupName, { proxy }: Field): Promise<void> {
  const api = MOMENTS[Math.floor(fault.chance * MOMENTS.length)] ?? apis.fetch;
  const joined = await within(
    proxy.trap({ side: 'answer', api: apis.syncGroup, client: clientsOf(group) }),
    LATE_MS_MAX,
  );
  if (joined === null) return;
  joined.release();
  const moment = await within(proxy.trap({ side: 'answer', api, client: clientsOf(group) }), LATE_MS_MAX);
  setTimeout(() => moment?.release(), 200);
}
