import { z } from 'zod';
import type { Refusal } from '../../../schemas/contexts/policy/denial.ts';
import type { BudgetShortfall } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { decisionBody } from '../schemas.ts';
import { RETRY_AFTER_BUDGET_S } from './catalogue.ts';
import { type Problem, refusalProblem } from './problem.ts';

/** Returns the members of the problem of an exceeded budget, and the fields of such a `turn.refused`; none for null. */
export const shortfallBody = (shortfall: BudgetShortfall | null) =>
  shortfall === null
    ? {}
    : {
        window: shortfall.window,
        needed: { tokens: shortfall.tokensNeeded, cost: shortfall.costNeeded },
        left: { tokens: shortfall.tokensLeft, cost: shortfall.costLeft },
        resets_at: shortfall.resetsAt === null ? null : isoOf(shortfall.resetsAt),
      };

/** A shortfall in the JSON of an event. */
const wireShortfall = z.object({
  window: z.enum(['session', 'day', 'total', 'unknown', 'credit']),
  tokens_needed: z.number(),
  cost_needed: z.string(),
  tokens_left: z.number().nullable(),
  cost_left: z.string().nullable(),
  resets_at: z.number().nullable(),
  cause: z.enum(['too_large', 'held', 'spent']),
});

/** Returns the fields of a shortfall in an event of the read model; none for null. Throws ZodError on any other value. */
export function shortfallFromWire(value: unknown): ReturnType<typeof shortfallBody> {
  const wire = wireShortfall.nullable().parse(value);
  if (wire === null) return {};
  const { tokens_needed: tokensNeeded, cost_needed: costNeeded, tokens_left: tokensLeft, cost_left: costLeft } = wire;
  const { window, resets_at: resetsAt, cause } = wire;
  return shortfallBody({ window, tokensNeeded, costNeeded, tokensLeft, costLeft, resetsAt, cause });
}

/**
 * Returns `Retry-After` of an exceeded budget, in seconds: up to the reset of its window, or RETRY_AFTER_BUDGET_S while
 * open requests hold the rest. Null when the request does not fit at any known time.
 */
export function budgetRetryAfterS({ resetsAt, cause }: BudgetShortfall, nowMs: number): number | null {
  if (cause === 'held') return RETRY_AFTER_BUDGET_S;
  return resetsAt === null ? null : Math.max(1, Math.ceil((resetsAt - nowMs) / 1_000));
}

/** Returns the problem of a refusal by policy, with its decision and what a budget lacks. `more` are further members. */
export function policyProblem(
  { code, detail, decision, shortfall }: Refusal,
  more: Readonly<Record<string, unknown>> = {},
  nowMs: number = Date.now(),
): Problem {
  const retry = shortfall === null ? {} : { retryAfterS: budgetRetryAfterS(shortfall, nowMs) };
  const members = { decision: decisionBody(decision), ...shortfallBody(shortfall), ...more };
  return refusalProblem(code, detail, members, retry);
}

/** Returns the problem of a refused command: with its decision, where policy has taken one. */
export const commandProblem = (
  { decision, ...refused }: Omit<Refusal, 'decision'> & { readonly decision: Refusal['decision'] | null },
  more: Readonly<Record<string, unknown>>,
): Problem =>
  decision === null
    ? refusalProblem(refused.code, refused.detail, more)
    : policyProblem({ ...refused, decision }, more);
