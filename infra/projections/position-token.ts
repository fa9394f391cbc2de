import type { Position } from '../kafka/log.ts';

/** The token is not one that an answer carried. */
export class PositionTokenError extends Error {
  override readonly name = 'PositionTokenError';
  readonly code = 'POSITION_TOKEN_INVALID';
}

/** Where a record stands, as an opaque text that clients hand back to read their own writes. */
export const encodePositionToken = ({ topic, partition, offset }: Position): string =>
  Buffer.from(JSON.stringify([topic, partition, offset]), 'utf8').toString('base64url');

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Throws PositionTokenError for any text but those that `encodePositionToken` gives. */
export function decodePositionToken(token: string): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    throw new PositionTokenError('the position token is not one of ours');
  }
  const [topic, partition, offset] = Array.isArray(parts) ? parts : [];
  if (typeof topic !== 'string' || !isCount(partition) || !isCount(offset))
    throw new PositionTokenError('the position token is not one of ours');
  const position = { topic, partition, offset };
  if (encodePositionToken(position) !== token) throw new PositionTokenError('the position token is not one of ours');
  return position;
}
