import { type StepName, stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import {
  fullNames,
  type JobAccepted,
  type JobEntry,
  type JobSimulationDecided,
  type JobStepCompleted,
} from '../../../schemas/generated/records.ts';
import type { StoredEvent } from '../../events/queries.ts';
import { recordFromWire } from '../../wire.ts';

/** Returns the entry that an event of jobs.journal keeps; null for any other event. */
export function keptEntry({ type, data }: Pick<StoredEvent, 'type' | 'data'>): JobEntry | null {
  const record = recordFromWire(type, data);
  return record.type === 'JobEntryKept' ? record.data.entry : null;
}

/** Returns the decision on a simulated job that an event reports; null for any other event. */
export function simulationDecision({ type, data }: Pick<StoredEvent, 'type' | 'data'>): JobSimulationDecided | null {
  if (type !== fullNames.JobSimulationDecided) return null;
  const record = recordFromWire(type, data);
  return record.type === 'JobSimulationDecided' ? record.data : null;
}

/** The start of a job and the results of its steps and waits, in the order in which they were kept, folded from its events. */
export class JobResults {
  accepted: JobAccepted | null = null;
  /** Steps and waits with a result, by key, in the order of their latest results. */
  readonly #ended = new Map<string, JobStepCompleted>();
  /** Results in the order in which they were kept, by key; also of steps that failed for good and began again. */
  readonly #recorded = new Map<string, JobStepCompleted>();
  /** Steps and waits that have begun. */
  readonly #begun = new Set<string>();

  /** Adds the next event of the job. */
  add({ type, data }: Pick<StoredEvent, 'type' | 'data'>): void {
    const record = recordFromWire(type, data);
    switch (record.type) {
      case 'JobAccepted':
        this.accepted = record.data;
        return;
      case 'JobWaiting':
        this.#begun.add(stepKey(record.data.wait));
        return;
      case 'JobStepAttempted':
        this.#begun.add(stepKey(record.data));
        this.#ended.delete(stepKey(record.data));
        return;
      case 'JobStepCompleted':
        this.#ended.delete(stepKey(record.data));
        this.#ended.set(stepKey(record.data), record.data);
        this.#recorded.delete(stepKey(record.data));
        this.#recorded.set(stepKey(record.data), record.data);
    }
  }

  /** All results that a simulated job may be answered from, by key, in the order in which they were kept. */
  get recorded(): ReadonlyMap<string, JobStepCompleted> {
    return this.#recorded;
  }

  /** Returns the results before a step: all of them when it has none. Null when the job has no such step. */
  before(step: StepName): ReadonlyMap<string, JobStepCompleted> | null {
    const key = stepKey(step);
    if (!this.#ended.has(key)) return this.#begun.has(key) ? this.#ended : null;
    const ended = [...this.#ended];
    return new Map(
      ended.slice(
        0,
        ended.findIndex(([each]) => each === key),
      ),
    );
  }
}
