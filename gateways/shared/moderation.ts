import { z } from 'zod';

/** Schema of what the rules of outputs found in an answer. */
export const answerModeration = z
  .object({
    constitution_version: z.string().meta({ description: 'Version of the constitution that the answer began under' }),
    constitution_digest: z.string().meta({ description: 'sha256 of its canonical JSON, hex' }),
    findings: z
      .array(
        z.object({
          rule: z.string().meta({ description: 'Id of the rule' }),
          category: z.string().meta({ description: 'Code of the rule' }),
          outcome: z.string().meta({ description: '`redact` replaced a part, `caution` is recorded alone' }),
          score: z.number().meta({ description: 'Highest score, from 0 to 1' }),
          place: z.string().meta({ description: 'Always `output`' }),
        }),
      )
      .meta({ description: 'One per rule that found something' }),
    redacted: z.int().meta({ description: 'Parts of the answer that were replaced by `[redacted]`' }),
    classifier: z
      .object({
        outcome: z.string().meta({ description: '`answered`, or `passed` where a missing answer is let through' }),
        scores: z
          .array(z.object({ category: z.string(), score: z.number() }))
          .meta({ description: 'Highest scores over the parts of the answer' }),
        model: z.string().meta({ description: 'Model that the classifier names; may be empty' }),
        detail: z.string().meta({ description: 'Cause of a missing answer' }),
        latency_ms: z.int().meta({ description: 'Longest request, in ms' }),
      })
      .nullable()
      .meta({ description: 'The outside classifier; null when no rule asks for it' }),
  })
  .meta({ id: 'AnswerModeration' });
