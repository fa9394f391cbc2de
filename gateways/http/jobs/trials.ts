import type { z } from 'zod';
import { simulationDecision } from '../../../projections/jobs/queries/results.ts';
import type { JobSimulationDecided } from '../../../schemas/generated/records.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { simulatedDecision } from './schemas.ts';

/** Decisions on a job that a body shows. */
const SHOWN = 200;

/** What policy has decided on a simulated job, folded from its events. */
export class Trials {
  /** The latest decision of each request: the start of a job is tried again when the job is retried. */
  readonly #of = new Map<string, JobSimulationDecided>();

  /** Adds the next events of the job. */
  add(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const decided = simulationDecision(event);
      if (decided === null) continue;
      const { path, name, nth } = decided;
      this.#of.set(JSON.stringify([path, name, nth]), decided);
    }
  }

  get count(): number {
    return this.#of.size;
  }

  /** Decisions that differ from the decisions on the other job, at most 200. */
  get differences(): z.infer<typeof simulatedDecision>[] {
    return [...this.#of.values()]
      .filter(({ differs }) => differs)
      .slice(0, SHOWN)
      .map(bodyOf);
  }
}

const bodyOf = (decided: JobSimulationDecided): z.infer<typeof simulatedDecision> => {
  const { path, name, nth, kind, code, detail, recordedOutcome, decision } = decided;
  return {
    ...{ step: kind === 'start' ? null : { path, name, nth }, kind, outcome: decision.outcome, code, detail },
    ...{ reasons: [...decision.reasons], clauses: [...decision.clauses], recorded_outcome: recordedOutcome },
    decision_id: decision.decisionId,
  };
};
