import { toolName } from '../../../schemas/contexts/tools.ts';
import type { ToolCallCompleted } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { Problem } from '../../shared/problems/problem.ts';

/**
 * Returns the problem of a call that was not run because the calls of its minute were spent, with `Retry-After` up to the next
 * minute, at least 1 s; null for a call that ended otherwise. `timeMs`: time of its end in the log.
 */
export function rateProblem(
  { callId, toolId, rate, detail }: Pick<ToolCallCompleted, 'callId' | 'toolId' | 'rate' | 'detail'>,
  timeMs: number,
  nowMs: number = Date.now(),
): Problem | null {
  if (rate === null) return null;
  const resetsAt = timeMs + rate.waitMs;
  return new Problem('TOOL_RATE_LIMITED', detail, {
    retryAfterS: Math.max(1, Math.ceil((resetsAt - nowMs) / 1_000)),
    extensions: {
      ...{ call_id: callId, tool: toolName(toolId), window: 'minute', limit: { calls: rate.perMinute } },
      ...{ needed: { calls: 1 }, left: { calls: 0 }, resets_at: isoOf(resetsAt) },
    },
  });
}
