import { z } from 'zod';
import { Problem } from './problems/problem.ts';

/** RFC 9110, 13.1.1. One tag, as answers carry it, or `*` for whatever is there; a weak one never matches. */
const ifMatch = z
  .string()
  .regex(/^(?:\*|"\d{1,9}")$/, 'Expected the ETag of an earlier answer, such as "3", or *')
  .optional()
  .meta({ description: 'ETag of the version that is to be changed; 412 when it was changed meanwhile' });

export const ifMatchHeaders = z.looseObject({ 'if-match': ifMatch });

/** The ETag of a version: versions count from 1, and never go back. */
export const etagOf = (version: number): string => `"${version}"`;

/** The version that a write is for; null for whatever is there. Throws PRECONDITION_REQUIRED when the client did not say. */
export function expectedVersion(header: string | undefined): number | null {
  if (header === undefined)
    throw new Problem(
      'PRECONDITION_REQUIRED',
      'Read it first, and send its ETag in If-Match: others may have changed it',
    );
  return optionalVersion(header);
}

/** The same where a client need not say. */
export const optionalVersion = (header: string | undefined): number | null =>
  header === undefined || header === '*' ? null : Number(header.slice(1, -1));
