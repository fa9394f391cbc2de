import { Counter, Gauge, type Registry } from 'prom-client';
import type { ConstitutionStatus } from '../../schemas/constitution.ts';
import type { AnyRecord, Processor } from '../../streams/kernel.ts';

/** What is told of the constitution in force. An alarm stands on the first two. */
export interface PolicyMetrics {
  readonly verified: Gauge<'version'>;
  readonly unverifiedDecisions: Counter<'code'>;
  readonly decisions: Counter<'outcome' | 'reason'>;
  readonly shadowEvaluated: Counter<'version'>;
  readonly shadowDiffered: Counter<'version' | 'outcome'>;
}

export function createPolicyMetrics(register: Registry): PolicyMetrics {
  const registers = [register];
  return {
    verified: new Gauge({
      name: 'khipu_constitution_verified',
      help: '1 while the active constitution is verified, 0 while everything is refused; by the version that is active, none before the first',
      labelNames: ['version'],
      registers,
    }),
    unverifiedDecisions: new Counter({
      name: 'khipu_decisions_unverified_total',
      help: 'Commands that were refused because no constitution could be verified, by why',
      labelNames: ['code'],
      registers,
    }),
    decisions: new Counter({
      name: 'khipu_decisions_total',
      help: 'Decisions by outcome and deciding reason, those of moderation among them',
      labelNames: ['outcome', 'reason'],
      registers,
    }),
    shadowEvaluated: new Counter({
      name: 'khipu_shadow_evaluated_total',
      help: 'Decisions beside which the shadow constitution was evaluated',
      labelNames: ['version'],
      registers,
    }),
    shadowDiffered: new Counter({
      name: 'khipu_shadow_differed_total',
      help: 'Decisions that the shadow would have taken otherwise, by the outcome it would have had',
      labelNames: ['version', 'outcome'],
      registers,
    }),
  };
}

/** As the table of policy holds them: streams/policy/constitution.ts. */
interface Register {
  readonly activated: { readonly version: string } | null;
  readonly inForce: ConstitutionStatus;
  readonly shadow: { readonly version: string; readonly status: ConstitutionStatus } | null;
}

/**
 * The same processor, which tells `register` what it holds and decides. The declaration stays pure; what is measured here is
 * measured where it runs.
 */
export function meteredPolicy(processor: Processor, register: Registry): Processor {
  const metrics = createPolicyMetrics(register);
  const { constitution } = processor.tables;
  if (constitution === undefined) throw new Error(`${processor.name} holds no constitution`);
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
