import { Counter, Gauge, type Registry } from 'prom-client';
import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import type { AnyRecord, Processor } from '../../streams/kernel.ts';

/** The metrics of the constitution in force. The first two have an alarm. */
export interface PolicyMetrics {
  readonly verified: Gauge<'version'>;
  readonly unverifiedDecisions: Counter<'code'>;
  readonly decisions: Counter<'outcome' | 'reason'>;
  readonly shadowEvaluated: Counter<'version'>;
  readonly shadowDiffered: Counter<'version' | 'outcome'>;
}

/** Creates and registers the metrics. */
export function createPolicyMetrics(register: Registry): PolicyMetrics {
  const registers = [register];
  return {
    verified: new Gauge({
      name: 'khipu_constitution_verified',
      help: '1 while the active constitution is verified, 0 while all commands are denied; by the active version, none before the first',
      labelNames: ['version'],
      registers,
    }),
    unverifiedDecisions: new Counter({
      name: 'khipu_decisions_unverified_total',
      help: 'Commands denied because no constitution could be verified, by code',
      labelNames: ['code'],
      registers,
    }),
    decisions: new Counter({
      name: 'khipu_decisions_total',
      help: 'Decisions by outcome and deciding reason, including moderation',
      labelNames: ['outcome', 'reason'],
      registers,
    }),
    shadowEvaluated: new Counter({
      name: 'khipu_shadow_evaluated_total',
      help: 'Decisions for which the shadow constitution was evaluated as well',
      labelNames: ['version'],
      registers,
    }),
    shadowDiffered: new Counter({
      name: 'khipu_shadow_differed_total',
      help: 'Decisions for which the shadow has another outcome, by that outcome',
      labelNames: ['version', 'outcome'],
      registers,
    }),
  };
}

/** The value of policy's constitution table: streams/tables/constitution-in-force.ts. */
interface Register {
  readonly activated: { readonly version: string } | null;
  readonly inForce: ConstitutionStatus;
  readonly shadow: { readonly version: string; readonly status: ConstitutionStatus } | null;
}

/**
 * Returns the same processor with metrics of its constitution and its decisions in `register`. The declaration stays pure;
 * metrics are taken where it runs. Throws when the processor has no table `constitution`.
 */
export function meteredPolicy(processor: Processor, register: Registry): Processor {
  const metrics = createPolicyMetrics(register);
  const { constitution } = processor.tables;
  if (constitution === undefined) throw new Error(`${processor.name} has no table of the constitution`);
  const show = ({ activated, inForce }: Register): void => {
    metrics.verified.reset();
    metrics.verified.set({ version: activated?.version ?? 'none' }, inForce.status === 'verified' ? 1 : 0);
  };
  show(constitution.initial as Register);
  return {
    ...processor,
    tables: {
      ...processor.tables,
      constitution: {
        ...constitution,
        evolve: (value, record, meta) => {
          const next = constitution.evolve(value, record, meta);
          show(next as Register);
          return next;
        },
      },
    },
    decide: (state, record, meta, tables) => {
      const records = processor.decide(state, record, meta, tables);
      count(metrics, records, (tables['constitution'] as Register).shadow);
      return records;
    },
  };
}

function count(metrics: PolicyMetrics, records: readonly AnyRecord[], shadow: Register['shadow']): void {
  for (const { type, data } of records) {
    if (type === 'ShadowDecided')
      metrics.shadowDiffered.inc({ version: data.shadowVersion, outcome: data.shadowOutcome });
    if (type !== 'PolicyDecided') continue;
    const { outcome, reasons } = data.decision;
    const [reason = '', code = ''] = reasons;
    metrics.decisions.inc({ outcome, reason });
    if (reason === 'CONSTITUTION_UNVERIFIED') metrics.unverifiedDecisions.inc({ code });
    if (shadow?.status.status === 'verified' && reason !== 'KILL_SWITCH')
      metrics.shadowEvaluated.inc({ version: shadow.version });
  }
}
