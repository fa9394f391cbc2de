import { z } from 'zod';
import { Problem } from './problems/problem.ts';

/** `If-Match` (RFC 9110, 13.1.1): one ETag of an earlier answer, or `*` for any version. Weak tags are rejected. */
const ifMatch = z
  .string()
  .regex(/^(?:\*|"[1-9]\d{0,8}")$/, 'Expected the ETag of an earlier answer, such as "3", or *')
  .optional()
  .meta({
    description: 'ETag of the version to change, or `*` for any version; 412 when the resource has another version',
  });

/** Header schema of writes that accept `If-Match`. */
export const ifMatchHeaders = { 'if-match': ifMatch };

/** Returns the ETag of a version. Versions start at 1 and only increase. */
export const etagOf = (version: number): string => `"${version}"`;

/** Throws Problem PRECONDITION_REQUIRED without an `If-Match` header. */
export function requireIfMatch(header: string | undefined): void {
  if (header === undefined)
    throw new Problem(
      'PRECONDITION_REQUIRED',
      'Read the resource first and send its ETag in If-Match: it may have changed since',
    );
}

/** Returns the version in an `If-Match` header; null for any version. */
export const versionOf = (header: string | undefined): number | null =>
  header === undefined || header === '*' ? null : Number(header.slice(1, -1));
