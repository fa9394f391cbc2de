import { setTimeout as sleep } from 'node:timers/promises';
import { brokerFaultTriggers, faultTriggers } from './fault-triggers.ts';
import { injectFault } from './inject-fault.ts';
import { type Fault, faultsOf, type Lane } from './plan.ts';
import { LANES } from './role-members.ts';

/** Work that goes on while faults are injected. */
export interface Load {
  /** Returns the number of pieces of work that have ended. */
  readonly count: () => number;
  /** Time at which the latest one ended, in ms since the epoch. */
  readonly latestMs: () => number;
  /** Throws the error of a request that was refused. */
  check(): void;
}

/** The faults that a run has injected. */
export interface Struck {
  readonly struck: number;
  /** Faults that were injected at the aimed moment. */
  readonly aimed: number;
  readonly byKind: Readonly<Record<string, number>>;
}

const FAULTS_PER_BROKER_RESTART = 60;
/** Longest time without an end: something is stuck. */
const STUCK_MS = 300_000;
/** A fault counts as survived when a piece of work has ended this long after it. */
const AFTER_MS = 500;
const QUIET_MS_MAX = 500;
const RESTART_PAUSE_MS = 10_000;

/** Resolves when a piece of work has ended after `sinceMs`. Rejects when none does for five minutes. */
export async function survived(load: Load, sinceMs: number): Promise<void> {
  const untilMs = Date.now() + STUCK_MS;
  while (load.latestMs() <= sinceMs) {
    load.check();
    if (Date.now() > untilMs) throw new Error(`WORK_STUCK: nothing has ended for ${STUCK_MS / 1_000} s`);
    await sleep(50);
  }
}

/**
 * Returns the faults by lane: all triggers for the processors, those of a worker alike, and restarts of the broker.
 * `restarts`: how many of them; one for 60 faults by default, and at least one.
 */
export function planOver(
  seed: string,
  faults: number,
  restarts = Math.max(1, Math.round(faults / FAULTS_PER_BROKER_RESTART)),
): ReadonlyMap<Lane, readonly Fault[]> {
  const share = Math.ceil((faults - restarts) / LANES.length);
  return new Map<Lane, readonly Fault[]>([
    ['broker', faultsOf(seed, 'broker', brokerFaultTriggers, restarts)],
    ['stream', faultsOf(seed, 'stream', faultTriggers, share)],
    ['worker', faultsOf(seed, 'worker', faultTriggers, faults - restarts - share)],
  ]);
}

/** Injects the faults of each lane one after another, all lanes beside each other; work must end after each. */
export async function strike(
  plan: ReadonlyMap<Lane, readonly Fault[]>,
  field: Parameters<typeof injectFault>[1],
  { load, what, onLine }: { readonly load: Load; readonly what: string; readonly onLine: (line: string) => void },
): Promise<Struck> {
  const byKind: Record<string, number> = {};
  const total = [...plan.values()].reduce((sum, faults) => sum + faults.length, 0);
  const restarts = plan.get('broker') ?? [];
  let struck = 0;
  let aimed = 0;
  const inject = async (fault: Fault): Promise<void> => {
    const result = await injectFault(fault, field);
    const kind = `${fault.aim.name} · ${fault.act}`;
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    struck += 1;
    if (result.aimed) aimed += 1;
    const remark = result.aimed ? '' : ' (the moment did not occur)';
    onLine(`${struck}/${total} ${fault.lane}: ${kind}${remark}; ${load.count()} ${what} ended`);
  };
  let lanesLeft = plan.size - 1;
  const lane = async (faults: readonly Fault[]): Promise<void> => {
    for (const fault of faults) {
      await sleep(fault.chance * QUIET_MS_MAX);
      await inject(fault);
      await survived(load, Date.now() + AFTER_MS);
    }
    lanesLeft -= 1;
  };
  /** Restarts the broker, spread over the run time of the other lanes. */
  const brokerLane = async (): Promise<void> => {
    for (const [index, fault] of restarts.entries()) {
      const dueAt = ((index + 0.5) / restarts.length) * (total - restarts.length);
      while (struck < dueAt && lanesLeft > 0) await sleep(100);
      await inject(fault);
      await sleep(RESTART_PAUSE_MS);
    }
  };
  await Promise.all([...plan].map(([name, faults]) => (name === 'broker' ? brokerLane() : lane(faults))));
  return { struck, aimed, byKind };
}
