import { z } from 'zod';
import type { EngineAnswer } from '../../../schemas/generated/records.ts';

/** Bounds of the reasons that are kept: they are stored in the decision, and returned to the caller. */
const REASONS_MAX = 16;
const REASON_CHARS_MAX = 200;

/** The two shapes of a decision in OPA's data API. Other fields are ignored. */
const shape = z.object({
  decision_id: z.string().max(REASON_CHARS_MAX).optional(),
  result: z.union([z.boolean(), z.object({ allow: z.boolean(), reasons: z.array(z.string()).default([]) })]).optional(),
});

/** An answer of the engine, without its latency. */
export type Said = Omit<EngineAnswer, 'latencyMs'>;

/** Returns text without NUL, which Postgres rejects, and without halves of surrogate pairs. */
const textOf = (reason: string): string => reason.slice(0, REASON_CHARS_MAX).replaceAll('\0', ' ').toWellFormed();

const invalid = (detail: string): Said => ({ outcome: 'invalid', reasons: [], engineDecisionId: null, detail });

/** Reads the body of a 200. Never throws: a body without a decision is `invalid`. An undefined result denies, as in OPA. */
export function readAnswer(body: string): Said {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return invalid('the answer is not JSON');
  }
  const { success, data } = shape.safeParse(json);
  if (!success) return invalid('the answer is neither a boolean nor an object with allow and reasons');
  const { result, decision_id: id } = data;
  const engineDecisionId = id === undefined ? null : textOf(id);
  if (result === undefined)
    return { outcome: 'deny', reasons: [], engineDecisionId, detail: 'no rule answers at this path' };
  const { allow, reasons } = typeof result === 'boolean' ? { allow: result, reasons: [] } : result;
  const kept = reasons.slice(0, REASONS_MAX).map(textOf);
  return { outcome: allow ? 'allow' : 'deny', reasons: kept, engineDecisionId, detail: '' };
}
