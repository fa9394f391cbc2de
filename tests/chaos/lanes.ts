import type { Fault, Lane } from './plan.ts';
import type { GroupProgress } from './progress.ts';
import { type Field, strike } from './strike.ts';
import { type GroupName, groupNames } from './topology.ts';

export interface Battle extends Field {
  readonly progress: GroupProgress;
  readonly onLine: (line: string) => void;
}

export interface Lived {
  readonly struck: number;
  /** Of those that aimed at a moment, how many struck at it. */
  readonly aimed: number;
  readonly byKind: Readonly<Record<string, number>>;
  /**
   * From the moment a process was hit until every partition of its group was committed again, ms, ascending. Only where
   * nothing else was hit meanwhile that the group depends on.
   */
  readonly takeoversMs: readonly number[];
}

/** A group that has not moved on by then is stuck, and what it was hit by last is to blame. */
const RECOVER_MS_MAX = 240_000;
/** What the killed process had sent may still be answered, and Postgres is looked at now and then: that is no takeover. */
const ECHO_MS = 500;
const QUIET_MS_MAX = 300;
const PAUSE_BETWEEN_RESTARTS_MS = 12_000;

/** Times at which something was hit that others depend on: their takeover cannot be told from its. */
class Disturbances {
  readonly #spans: { readonly lane: Lane; readonly fromMs: number; toMs: number }[] = [];

  open(lane: Lane): () => void {
    const span = { lane, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    return () => {
      span.toMs = Date.now();
    };
  }

  /** Something upstream of the group, or the broker, was hit within the span. */
  within(group: GroupName, fromMs: number, toMs: number): boolean {
    const upstream: readonly Lane[] = ['broker', ...groupNames.slice(0, groupNames.indexOf(group))];
    return this.#spans.some((span) => upstream.includes(span.lane) && span.fromMs < toMs && span.toMs > fromMs);
  }
}

/** Works every lane's faults off, one after another, all lanes side by side. Rejects when a group does not recover. */
export async function runLanes(plan: ReadonlyMap<Lane, readonly Fault[]>, battle: Battle): Promise<Lived> {
  const disturbances = new Disturbances();
  const byKind: Record<string, number> = {};
  const takeoversMs: number[] = [];
  const total = [...plan.values()].reduce((sum, faults) => sum + faults.length, 0);
  let struck = 0;
  let aimed = 0;
  let groupsLeft = [...plan.keys()].filter((lane) => lane !== 'broker').length;

  const note = (fault: Fault, wasAimed: boolean, detail: string): void => {
    const kind = `${fault.aim.name} · ${fault.act}`;
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    struck += 1;
    if (wasAimed) aimed += 1;
    battle.onLine(`${struck}/${total} ${fault.lane}: ${kind}${wasAimed ? '' : ' (the moment did not come)'}${detail}`);
  };

  async function groupLane(group: GroupName, faults: readonly Fault[]): Promise<void> {
    await recovered(group, 0);
    for (const fault of faults) {
      await pause(fault.chance * QUIET_MS_MAX);
      const beganMs = Date.now();
      const over = disturbances.open(group);
      const { aimed: wasAimed, downMs } = await strike(fault, battle);
      const sinceMs = fault.act === 'kill' && downMs !== null ? downMs + ECHO_MS : Date.now();
      const movedMs = await recovered(group, sinceMs);
      over();
      const measured = fault.act === 'kill' && downMs !== null && !disturbances.within(group, beganMs, movedMs);
      if (measured) takeoversMs.push(movedMs - downMs);
      note(fault, wasAimed, downMs === null ? '' : `, on again after ${movedMs - downMs} ms`);
    }
    groupsLeft -= 1;
  }

  async function recovered(group: GroupName, sinceMs: number): Promise<number> {
    const movedMs = await battle.progress.untilMoved(group, sinceMs, RECOVER_MS_MAX);
    if (movedMs === null) throw new Error(`GROUP_STUCK: ${group} did not move on within ${RECOVER_MS_MAX} ms`);
    return movedMs;
  }

  /** Spread over the time that the others take. */
  async function brokerLane(faults: readonly Fault[]): Promise<void> {
    for (const [index, fault] of faults.entries()) {
      const dueAt = ((index + 0.5) / faults.length) * (total - faults.length);
      while (struck < dueAt && groupsLeft > 0) await pause(100);
      const over = disturbances.open('broker');
      const { aimed: wasAimed } = await strike(fault, battle);
      note(fault, wasAimed, '');
      const beganMs = Date.now();
      const all = Promise.all(groupNames.map((group) => recovered(group, beganMs)));
      // Where groups are hit as well, they may be away for reasons of their own.
      await (plan.size > 1 ? Promise.race([pause(PAUSE_BETWEEN_RESTARTS_MS), all.catch(() => undefined)]) : all);
      over();
    }
  }

  await Promise.all(
    [...plan].map(([lane, faults]) => (lane === 'broker' ? brokerLane(faults) : groupLane(lane, faults))),
  );
  return { struck, aimed, byKind, takeoversMs: takeoversMs.sort((a, b) => a - b) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
