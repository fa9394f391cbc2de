import { z } from 'zod';
import type { EngineAnswer } from '../../schemas/generated/records.ts';

/** What is kept of the reasons: they go into the decision, and to whoever asked. */
const REASONS_MAX = 16;
const REASON_CHARS_MAX = 200;

/** The two shapes of a decision in OPA's data API. What else stands there is passed over. */
const shape = z.object({
  decision_id: z.string().max(REASON_CHARS_MAX).optional(),
  result: z.union([z.boolean(), z.object({ allow: z.boolean(), reasons: z.array(z.string()).default([]) })]).optional(),
});

export type Said = Omit<EngineAnswer, 'latencyMs'>;

/** A half of a surrogate pair is no text, and Postgres takes no NUL. */
const textOf = (reason: string): string => reason.slice(0, REASON_CHARS_MAX).replaceAll('\0', ' ').toWellFormed();

const invalid = (detail: string): Said => ({ outcome: 'invalid', reasons: [], engineDecisionId: null, detail });

/** Reads the body of a 200. Never throws: what is no decision is `invalid`. An undefined result denies, as OPA means it. */
export function readAnswer(body: string): Said {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return invalid('the answer is no JSON');
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
