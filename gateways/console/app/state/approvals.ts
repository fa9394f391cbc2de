import type { Schemas } from '../../../../infra/client/api.ts';
import { type DecisionSummary, type DecisionView, viewOfSummary } from './chain.ts';

type Approval = Schemas['Approval'];

/** What decides whether a caller may decide on an approval. */
export type Decidable = Pick<Approval, 'status' | 'principal' | 'tool' | 'escalated_to'>;

/** A caller, as the session of the console names it. */
export interface Approver {
  readonly principal: string;
  readonly may: (capability: string) => boolean;
}

/** Returns why a caller does not decide on an approval, for people; null when the page offers it. The gateway decides. */
export function notDecidable(approval: Decidable, { principal, may }: Approver): string | null {
  const { status, tool, escalated_to: escalated } = approval;
  if (status !== 'waiting') return '';
  if (approval.principal === principal) return 'Who asked for a call does not decide on it.';
  const needed = ['approval:decide', `approval:decide:${tool}`, ...(escalated === null ? [] : [escalated])];
  return needed.some(may) ? null : `A decision takes ${needed.join(' or ')}.`;
}

/** What rules ask of the approvals of a call. */
export interface Requirement {
  readonly rules: readonly string[];
  readonly capabilities: readonly string[];
  readonly escalate_after_ms: number | null;
  readonly escalate_capability: string | null;
}

/** Returns what rules ask of an approval; null for an approval that a grant gave. */
export const requirementOf = ({ requirement }: Pick<Approval, 'requirement'>): Requirement | null =>
  (requirement ?? null) as Requirement | null;

/** Returns the decision of policy on the call; null where a grant covered it. */
export const decisionOn = ({ decision, labels }: Pick<Approval, 'decision' | 'labels'>): DecisionView | null =>
  decision === null || decision === undefined
    ? null
    : { ...viewOfSummary(decision as DecisionSummary), commandType: '', features: [], labels, findings: [] };

/** Returns the arguments that a person wrote; null for a text that is no JSON object. */
export function writtenArguments(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
