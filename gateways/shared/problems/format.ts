import type { z } from 'zod';
import { type Problem, problemBody, problemSchema } from './problem.ts';

/** How a route shows its problems. */
export interface ProblemFormat {
  readonly mediaType: string;
  /** Schema of the body, for the OpenAPI document. */
  readonly schema: z.ZodType;
  readonly body: (problem: Problem, request: { readonly id: string; readonly url: string }) => object;
  /** Headers beside those of the problem. */
  readonly headers?: (problem: Problem) => Readonly<Record<string, string>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How the route shows its problems; RFC 9457 by default. */
    problemFormat?: ProblemFormat;
  }
}

/** Problem details as of RFC 9457. */
export const problemJson: ProblemFormat = {
  mediaType: 'application/problem+json',
  schema: problemSchema,
  body: problemBody,
};
