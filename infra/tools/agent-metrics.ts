import { Counter, Histogram, type Registry } from 'prom-client';
import type { AnyRecord, Processor } from '../../streams/kernel.ts';

/** The metrics of the agents processor. */
export interface AgentMetrics {
  readonly runs: Counter<'outcome'>;
  readonly steps: Histogram<'outcome'>;
  readonly calls: Counter<'outcome'>;
}

/** Creates and registers the metrics. */
export const createAgentMetrics = (register: Registry): AgentMetrics => ({
  runs: new Counter({
    name: 'khipu_agent_runs_total',
    help: 'Runs of agents that ended: completed, failed, cancelled or refused',
    labelNames: ['outcome'],
    registers: [register],
  }),
  steps: new Histogram({
    name: 'khipu_agent_steps',
    help: 'Steps of runs that ended',
    labelNames: ['outcome'],
    buckets: [1, 2, 3, 5, 10, 20, 50, 100, 200],
    registers: [register],
  }),
  calls: new Counter({
    name: 'khipu_agent_calls_total',
    help: 'Calls of runs that ended: succeeded, failed, unknown, refused or invalid',
    labelNames: ['outcome'],
    registers: [register],
  }),
});

const outcomes: Readonly<Partial<Record<AnyRecord['type'], string>>> = {
  AgentRunCompleted: 'completed',
  AgentRunFailed: 'failed',
  AgentRunCancelled: 'cancelled',
};

/** Counts one output of the processor. */
function count({ runs, steps, calls }: AgentMetrics, { type, data }: AnyRecord): void {
  const outcome = outcomes[type];
  if (outcome !== undefined) {
    runs.inc({ outcome });
    steps.observe({ outcome }, (data as { readonly steps: number }).steps);
  } else if (type === 'AgentCallEnded') calls.inc({ outcome: (data as { readonly outcome: string }).outcome });
  // A refused command to a run that exists has no decision.
  else if (type === 'AgentRunRefused' && data.decision !== null) runs.inc({ outcome: 'refused' });
}

/**
 * Returns the same processor with metrics of the runs and calls that end, in `register`. They are counted when their end is
 * decided, and again after an aborted transaction.
 */
export function meteredAgents(processor: Processor, register: Registry): Processor {
  const metrics = createAgentMetrics(register);
  return {
    ...processor,
    decide: (state, record, meta, tables) => {
      const records = processor.decide(state, record, meta, tables);
      for (const each of records) count(metrics, each);
      return records;
    },
  };
}
