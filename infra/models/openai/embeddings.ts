import { z } from 'zod';
import { SlmProviderError } from '../provider.ts';

const embeddings = z.object({
  model: z.string().optional(),
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.int().nonnegative() }).nullish(),
});

/** A checked answer to `POST /embeddings`. */
export type EmbeddingsAnswer = z.output<typeof embeddings>;

/**
 * Checks the answer of a server to `POST /embeddings`. Throws `SLM_ANSWER_INVALID` when it has another shape, and names the
 * first wrong field; when it has another number of vectors than inputs.
 */
export function readEmbeddings(answer: unknown, inputs: number): EmbeddingsAnswer {
  const { data: read, error } = embeddings.safeParse(answer);
  if (read === undefined) {
    const field = error.issues[0]?.path.join('.') ?? '';
    const what = field === '' ? 'is no JSON object' : `has no valid "${field}"`;
    throw new SlmProviderError('SLM_ANSWER_INVALID', `the server's answer to /embeddings ${what}`);
  }
  if (read.data.length === inputs) return read;
  const counts = `${read.data.length} vectors for ${inputs} inputs`;
  throw new SlmProviderError('SLM_ANSWER_INVALID', `the server's answer to /embeddings has ${counts}`);
}
