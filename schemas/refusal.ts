/**
 * Codes of refusals that pass although the request stays the same: a kill switch is released, a budget is given back or has a
 * new day, an engine is mended. What the request itself could mend is POLICY_DENIED.
 */
export const passingRefusals = [
  'KILL_SWITCH',
  'BUDGET_EXCEEDED',
  'POLICY_ENGINE_UNAVAILABLE',
  'POLICY_ENGINE_INVALID',
] as const;
