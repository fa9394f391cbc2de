import type { Outcome } from '../shared/log/outcomes.ts';
import { passes } from '../shared/problems/passing.ts';
import type { SessionView } from '../shared/read-model.ts';
import { type DecisionBody, decisionBody, decisionFromWire } from '../shared/schemas.ts';

/** What became of a start, whether the log or the read model told. */
export type StartResult =
  | {
      readonly outcome: 'started';
      readonly requestDigest: string;
      readonly principal: string;
      readonly persona: string;
      readonly model: string | null;
      readonly capabilities: readonly string[];
      readonly decision: DecisionBody;
      /** Ms since 1970. */
      readonly startedAtMs: number;
      /** Where the event stands; null when the read model told. */
      readonly place: Outcome['meta'] | null;
    }
  | {
      readonly outcome: 'refused';
      readonly requestDigest: string;
      readonly code: string;
      readonly detail: string;
      readonly decision: DecisionBody;
    };

/** Refused by what passes: the same request may be let through later. */
export const isStopped = (result: StartResult): boolean => result.outcome === 'refused' && passes(result.code);

/** Null for the outcome of another command. */
export function fromOutcome({ record, meta }: Outcome): StartResult | null {
  if (record.type === 'SessionStarted') {
    const { requestDigest, principal, persona, model, capabilities, decision } = record.data;
    const body = decisionBody(decision);
    const told = { requestDigest, principal, persona, model, capabilities, decision: body };
    return { outcome: 'started', ...told, startedAtMs: meta.timeMs, place: meta };
  }
  if (record.type !== 'SessionRefused') return null;
  const { requestDigest, code, detail, decision } = record.data;
  return { outcome: 'refused', requestDigest, code, detail, decision: decisionBody(decision) };
}

export function fromReadModel(view: SessionView): StartResult {
  const { requestDigest, principal, capabilities } = view;
  const decision = decisionFromWire(view.decision);
  if (view.status === 'refused')
    return { outcome: 'refused', requestDigest, code: view.code ?? '', detail: view.detail ?? '', decision };
  return {
    outcome: 'started',
    requestDigest,
    principal,
    persona: view.persona ?? '',
    model: view.model,
    capabilities: capabilities ?? [],
    decision,
    startedAtMs: view.createdAt.getTime(),
    place: null,
  };
}
