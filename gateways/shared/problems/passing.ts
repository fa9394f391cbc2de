const passing: ReadonlySet<unknown> = new Set([
  'KILL_SWITCH',
  'BUDGET_EXCEEDED',
  'POLICY_ENGINE_UNAVAILABLE',
  'POLICY_ENGINE_INVALID',
]);

/**
 * True for the code of a refusal that passes although the request stays the same: a kill switch is released, a budget is
 * given back or has a new day, an engine is mended. Such a request is asked again as a command of its own, whatever its
 * Idempotency-Key.
 */
export const passes = (code: unknown): boolean => passing.has(code);
