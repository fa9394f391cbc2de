/**
 * Codes of transient refusals: the same request may succeed later, when a kill switch is released, a budget has room or
 * a new day begins, credit is topped up, or an engine is available again. Refusals that a changed request could avoid have POLICY_DENIED.
 */
export const transientRefusals = [
  'KILL_SWITCH',
  'BUDGET_EXCEEDED',
  'CREDIT_SPENT',
  'POLICY_ENGINE_UNAVAILABLE',
  'POLICY_ENGINE_INVALID',
  'MODERATION_UNAVAILABLE',
  'RECALL_UNAVAILABLE',
] as const;

/** Codes of all refusals by policy. A request that is larger than a whole budget has a code of its own: it never fits. */
export const policyRefusals = ['POLICY_DENIED', 'BUDGET_TOO_SMALL', ...transientRefusals] as const;
