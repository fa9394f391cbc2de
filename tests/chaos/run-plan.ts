import { type Field, injectFault } from './faults/inject-fault.ts';
import type { Fault, Lane } from './faults/plan.ts';
import { type GroupName, groupNames } from './subject/topology.ts';
import type { GroupProgress } from './verdict/progress.ts';

export interface PlanContext extends Field {
  readonly progress: GroupProgress;
  readonly onLine: (line: string) => void;
}

export interface PlanOutcome {
  readonly struck: number;
  /** Number of aimed faults that were injected at their moment. */
  readonly aimed: number;
  readonly byKind: Readonly<Record<string, number>>;
  /**
   * Times from the loss of a process until every partition of its group was committed again, ms, ascending. Only where
   * no dependency of the group was hit in the same time.
   */
  readonly takeoversMs: readonly number[];
}

/** Maximum recovery time: a group without progress by then is stuck, because of its latest fault. */
const RECOVER_MS_MAX = 240_000;
/**
 * Answers to requests of the killed process may still arrive, and Postgres is polled at intervals: neither is a
 * takeover.
 */
const ECHO_MS = 500;
const QUIET_MS_MAX = 300;
const PAUSE_BETWEEN_RESTARTS_MS = 12_000;

/** Time spans of faults in dependencies of other groups: a takeover in such a span cannot be attributed. */
class Disturbances {
  readonly #spans: { readonly lane: Lane; readonly fromMs: number; toMs: number }[] = [];

  open(lane: Lane): () => void {
    const span = { lane, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    return () => {
      span.toMs = Date.now();
    };
  }

  /** Returns true when something upstream of the group, or the broker, was hit within the span. */
  within(group: GroupName, fromMs: number, toMs: number): boolean {
    const upstream: readonly Lane[] = ['broker', ...groupNames.slice(0, groupNames.indexOf(group))];
    return this.#spans.some((span) => upstream.includes(span.lane) && span.fromMs < toMs && span.toMs > fromMs);
  }
}

/** Runs the faults of each lane in sequence, all lanes in parallel. Rejects when a group does not recover. */
export async function runPlan(plan: ReadonlyMap<Lane, readonly Fault[]>, context: PlanContext): Promise<PlanOutcome> {
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
    context.onLine(
      `${struck}/${total} ${fault.lane}: ${kind}${wasAimed ? '' : ' (the moment did not occur)'}${detail}`,
    );
  };

  async function groupLane(group: GroupName, faults: readonly Fault[]): Promise<void> {
    await recovered(group, 0);
    for (const fault of faults) {
      await pause(fault.chance * QUIET_MS_MAX);
      const beganMs = Date.now();
      const over = disturbances.open(group);
      const { aimed: wasAimed, downMs } = await injectFault(fault, context);
      const sinceMs = fault.act === 'kill' && downMs !== null ? downMs + ECHO_MS : Date.now();
      const movedMs = await recovered(group, sinceMs);
      over();
      const measured = fault.act === 'kill' && downMs !== null && !disturbances.within(group, beganMs, movedMs);
      if (measured) takeoversMs.push(movedMs - downMs);
      note(fault, wasAimed, downMs === null ? '' : `, recovered after ${movedMs - downMs} ms`);
    }
    groupsLeft -= 1;
  }

  async function recovered(group: GroupName, sinceMs: number): Promise<number> {
    const movedMs = await context.progress.untilMoved(group, sinceMs, RECOVER_MS_MAX);
    if (movedMs === null) throw new Error(`GROUP_STUCK: ${group} made no progress within ${RECOVER_MS_MAX} ms`);
    return movedMs;
  }

  /** Restarts brokers, spread over the run time of the other lanes. */
  async function brokerLane(faults: readonly Fault[]): Promise<void> {
    for (const [index, fault] of faults.entries()) {
      const dueAt = ((index + 0.5) / faults.length) * (total - faults.length);
      while (struck < dueAt && groupsLeft > 0) await pause(100);
      const over = disturbances.open('broker');
      const { aimed: wasAimed } = await injectFault(fault, context);
      note(fault, wasAimed, '');
      const beganMs = Date.now();
      const all = Promise.all(groupNames.map((group) => recovered(group, beganMs)));
      // Where groups have faults too, they may be down for their own reasons.
      await (plan.size > 1 ? Promise.race([pause(PAUSE_BETWEEN_RESTARTS_MS), all.catch(() => undefined)]) : all);
      over();
    }
  }

  await Promise.all(
    [...plan].map(([lane, faults]) => (lane === 'broker' ? brokerLane(faults) : groupLane(lane as GroupName, faults))),
  );
  return { struck, aimed, byKind, takeoversMs: takeoversMs.sort((a, b) => a - b) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
