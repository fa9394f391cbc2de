import { Counter, type Registry } from 'prom-client';
import type { Finding } from '../../../schemas/generated/records.ts';
import type { AnyRecord, Processor } from '../../../streams/kernel.ts';

/** The metric of moderation. */
export type ModerationMetrics = Counter<'category' | 'outcome' | 'place'>;

const NAME = 'khipu_moderation_total';

/** Creates and registers the metric, or returns that of the registry: several parts of a process count in it. */
export const createModerationMetrics = (register: Registry): ModerationMetrics =>
  (register.getSingleMetric(NAME) as ModerationMetrics | undefined) ??
  new Counter({
    name: NAME,
    help: 'Findings of moderation, by category (code of the rule, or label), outcome (forbid, redact, caution, label) and place (input, tool, output)',
    labelNames: ['category', 'outcome', 'place'],
    registers: [register],
  });

/** Counts one finding. */
export const countFinding = (metrics: ModerationMetrics, { category, outcome, place }: Finding): void =>
  metrics.inc({ category, outcome, place });

const findingsOf = ({ type, data }: AnyRecord): readonly Finding[] =>
  type === 'PolicyDecided' || type === 'ToolCallCompleted' ? data.findings : [];

/** Returns the same processor with its findings counted in `register`. The declaration stays pure. */
export function moderated(processor: Processor, register: Registry): Processor {
  const metrics = createModerationMetrics(register);
  return {
    ...processor,
    decide: (state, record, meta, tables) => {
      const records = processor.decide(state, record, meta, tables);
      for (const finding of records.flatMap(findingsOf)) countFinding(metrics, finding);
      return records;
    },
  };
}
