/**
 * True for the code of a refusal that passes although the request stays the same: a kill switch is released, a budget is
 * given back or has a new day. Such a request is asked again as a command of its own, whatever its Idempotency-Key.
 */
export const passes = (code: unknown): boolean => code === 'KILL_SWITCH' || code === 'BUDGET_EXCEEDED';
