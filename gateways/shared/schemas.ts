import { z } from 'zod';
import type { DecisionSummary } from '../../schemas/generated/records.ts';
import { DECLARED_LABELS_MAX, LABEL } from '../../schemas/session.ts';

/** The verdict as clients see it. */
export const decisionSchema = z
  .object({
    decision_id: z.string(),
    outcome: z.enum(['allow', 'deny']),
    score: z.number().meta({ description: 'S(a), from 0 to 1' }),
    threshold: z.number().meta({ description: 'A score below it denies' }),
    reasons: z.array(z.string()).meta({ description: 'Stable codes, the deciding one first' }),
    clauses: z.array(z.string()).meta({
      description: 'Clauses that decided: of the constitution, or `kill-switch:<scope>` and the event that engaged it',
    }),
    constitution: z
      .object({ version: z.string(), digest: z.string() })
      .meta({ description: 'Empty strings when none was used: it could not be verified, or a kill switch came first' }),
  })
  .meta({ id: 'Decision', description: 'A policy decision' });

export type DecisionBody = z.infer<typeof decisionSchema>;

export const decisionBody = (decision: DecisionSummary): DecisionBody => ({
  decision_id: decision.decisionId,
  outcome: decision.outcome,
  score: decision.score,
  threshold: decision.threshold,
  reasons: [...decision.reasons],
  clauses: [...decision.clauses],
  constitution: { version: decision.constitutionVersion, digest: decision.constitutionDigest },
});

export const tokensSchema = z
  .object({ prompt: z.int().nonnegative(), completion: z.int().nonnegative() })
  .meta({ id: 'Tokens', description: 'Tokens that a request used' });

export const labels = z
  .array(z.string().regex(LABEL, 'Expected a label, such as customer-data'))
  .max(DECLARED_LABELS_MAX)
  .optional()
  .meta({
    description: `What kind of data this is, for the rules of the constitution; at most ${DECLARED_LABELS_MAX}. It adds to what is found in the text`,
    examples: [['customer-data']],
  });

export const sessionParams = z.object({ session_id: z.uuid() });

/** A decision as events hold it on the wire: flat, with the fields of DecisionSummary. */
const wireDecision = z.object({
  decision_id: z.string(),
  outcome: z.enum(['allow', 'deny']),
  score: z.number(),
  threshold: z.number(),
  reasons: z.array(z.string()),
  clauses: z.array(z.string()),
  constitution_version: z.string(),
  constitution_digest: z.string(),
});

/** Throws on anything that is no decision: the read model holds what the log held. */
export function decisionFromWire(value: unknown): DecisionBody {
  const { constitution_version: version, constitution_digest: digest, ...decision } = wireDecision.parse(value);
  return { ...decision, constitution: { version, digest } };
}
