import { z } from 'zod';
import { CATEGORIES_MAX, CATEGORY } from '../../../schemas/contexts/moderation/vocabulary.ts';
import type { CategoryScore, ClassifierAnswer } from '../../../schemas/generated/records.ts';

/** The answer of the moderations API of OpenAI. Other fields are ignored. */
const shape = z.object({
  model: z.string().default(''),
  results: z.array(z.object({ category_scores: z.record(z.string(), z.number().nullable()) })).min(1),
});

const MODEL_CHARS_MAX = 200;

const invalid = (detail: string, latencyMs: number): ClassifierAnswer => ({
  ...{ outcome: 'invalid', scores: [], model: '', detail, latencyMs },
});

/** Returns a score with six digits, from 0 to 1. */
const scoreOf = (score: number): number => Math.round(Math.min(1, Math.max(0, score)) * 1e6) / 1e6;

/**
 * Reads the body of a 200: the highest score of each category over all texts, in the order of their names, at most 64.
 * Never throws: a body without a result per text is `invalid`.
 */
export function readScores(body: string, texts: number, latencyMs: number): ClassifierAnswer {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return invalid('the answer is not JSON', latencyMs);
  }
  const { success, data } = shape.safeParse(json);
  if (!success) return invalid('the answer has no results with category_scores', latencyMs);
  if (data.results.length !== texts)
    return invalid(`the answer has ${data.results.length} results for ${texts} texts`, latencyMs);
  const highest = new Map<string, number>();
  for (const [category, score] of data.results.flatMap(({ category_scores }) => Object.entries(category_scores)))
    if (CATEGORY.test(category)) highest.set(category, Math.max(highest.get(category) ?? 0, scoreOf(score ?? 0)));
  const scores: CategoryScore[] = [...highest]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .slice(0, CATEGORIES_MAX)
    .map(([category, score]) => ({ category, score }));
  const model = data.model.slice(0, MODEL_CHARS_MAX).replaceAll('\0', ' ').toWellFormed();
  return { outcome: 'answered', scores, model, detail: '', latencyMs };
}
