/**
 * Payloads of jobs in records: JSON up to 64 KiB, or the name of JSON on `files.pieces`. A name is a URI of RFC 6920, with the
 * size in bytes beside the media type; no JSON begins like one.
 */

import { type ContentRef, piecesOf } from '../files.ts';

const NAME = /^ni:\/\/\/sha-256;([\w-]{43})\?ct=application\/json&size=(\d{1,10})$/;

/** Media type of every payload. */
export const PAYLOAD_MEDIA_TYPE = 'application/json';

/** Returns what the names of contents with this digest begin with. */
export const payloadPrefix = (digest: string): string =>
  `ni:///sha-256;${Buffer.from(digest, 'hex').toString('base64url')}?ct=${PAYLOAD_MEDIA_TYPE}&size=`;

/** Returns the name of a content that is JSON, as records have it. */
export const payloadName = ({ digest, bytes }: Pick<ContentRef, 'digest' | 'bytes'>): string =>
  `${payloadPrefix(digest)}${bytes}`;

/** Returns the content that a payload names; null for JSON, and for none. Total. */
export function namedIn(payload: string | null): ContentRef | null {
  const [, digest, size] = payload?.match(NAME) ?? [];
  if (digest === undefined) return null;
  const bytes = Number(size);
  return { digest: Buffer.from(digest, 'base64url').toString('hex'), bytes, pieces: piecesOf(bytes) };
}
