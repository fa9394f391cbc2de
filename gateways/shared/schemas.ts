import { z } from 'zod';
import { DECLARED_LABELS_MAX, LABEL } from '../../schemas/contexts/policy/labels.ts';
import type { DecisionSummary } from '../../schemas/generated/records.ts';

/** Schema of a policy decision in answers. */
export const decisionSchema = z
  .object({
    decision_id: z.string().meta({ description: 'Id of the decision' }),
    outcome: z.enum(['allow', 'deny']).meta({ description: 'Whether the command may run' }),
    score: z.number().meta({ description: 'Score S(a), from 0 to 1' }),
    threshold: z.number().meta({ description: 'Minimum score to allow' }),
    reasons: z.array(z.string()).meta({ description: 'Stable codes; the first one decided' }),
    clauses: z.array(z.string()).meta({
      description:
        'Clauses that decided: of the constitution, or `kill-switch:<scope>` with the event that engaged the switch',
    }),
    constitution: z.object({ version: z.string(), digest: z.string() }).meta({
      description:
        'Constitution of the decision. Both strings are empty when it could not be verified, or when a kill switch decided',
    }),
  })
  .meta({ id: 'Decision', description: 'A policy decision' });

/** The body of a decision. */
export type DecisionBody = z.infer<typeof decisionSchema>;

/** Returns the body of a decision. */
export const decisionBody = (decision: DecisionSummary): DecisionBody => ({
  decision_id: decision.decisionId,
  outcome: decision.outcome,
  score: decision.score,
  threshold: decision.threshold,
  reasons: [...decision.reasons],
  clauses: [...decision.clauses],
  constitution: { version: decision.constitutionVersion, digest: decision.constitutionDigest },
});

/** Schema of the tokens of a request to a model. */
export const tokensSchema = z
  .object({
    prompt: z.int().nonnegative().meta({ description: 'Tokens of the prompt' }),
    completion: z.int().nonnegative().meta({ description: 'Tokens of the answer' }),
  })
  .meta({ id: 'Tokens', description: 'Tokens that a request used' });

/** Schema of declared labels. */
export const labels = z
  .array(z.string().regex(LABEL, 'Expected a label, such as customer-data'))
  .max(DECLARED_LABELS_MAX)
  .optional()
  .meta({
    description: `Labels of the data for the rules of the constitution, at most ${DECLARED_LABELS_MAX}. Labels found in the text are added`,
    examples: [['customer-data']],
  });

/** Path parameters of a session's routes. */
export const sessionFields = { session_id: z.uuid().meta({ description: 'Id of the session' }) };

/** Schema of a capability. */
export const capability = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:*/-]+$/, 'Expected a capability, such as slm:invoke:*');

/** Maximum length of a prompt; the constitution may allow less. */
const PROMPT_CHARS_MAX = 100_000;
/** Schema of a prompt. */
export const prompt = z
  .string()
  .min(1)
  .max(PROMPT_CHARS_MAX)
  .meta({ description: 'Text of the prompt', examples: ['What is a khipu?'] });

/** Schema of the bound on an answer. */
export const answerTokens = z.int().min(1).max(4_096);

/** Schema of a model's name in a request. */
export const model = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: "Name of the model; the tenant's default when omitted" });

/** A decision in the JSON of an event: the flat fields of DecisionSummary. */
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

/** Returns the body of a decision in an event of the read model. Throws ZodError on any other value. */
export function decisionFromWire(value: unknown): DecisionBody {
  const { constitution_version: version, constitution_digest: digest, ...decision } = wireDecision.parse(value);
  return { ...decision, constitution: { version, digest } };
}
