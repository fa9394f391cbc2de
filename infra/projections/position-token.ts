import type { Position } from '../kafka/port.ts';

/** Thrown for a token that no answer has contained. */
export class PositionTokenError extends Error {
  override readonly name = 'PositionTokenError';
  readonly code = 'POSITION_TOKEN_INVALID';
}

/** Returns the position of a record as an opaque text, which clients send back to read their own writes. */
export const encodePositionToken = ({ topic, partition, offset }: Position): string =>
  Buffer.from(JSON.stringify([topic, partition, offset]), 'utf8').toString('base64url');

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Returns the position of a token. Throws PositionTokenError for any text that `encodePositionToken` does not return. */
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
