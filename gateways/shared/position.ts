import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Position } from '../../infra/kafka/port.ts';
import { decodePositionToken } from '../../infra/projections/position-token.ts';
import { Problem } from './problems/problem.ts';
import type { ReadModel, View } from './read-model.ts';

/** Header that carries a position token, in answers and in queries. */
export const POSITION_HEADER = 'khipu-position';

const token = z
  .string()
  .max(2_048)
  .optional()
  .meta({ description: 'Position token of an earlier answer. The query waits until its read model has reached it' });

/** Query field and headers of a query that accepts a position token. */
export const positionQuery = { position: token };
export const positionHeaders = z.looseObject({ [POSITION_HEADER]: token });

/** Maximum wait for a read model; after it the client receives READ_MODEL_BEHIND. */
const REACH_TIMEOUT_MS = 3_000;

const tokenInvalid = (cause: unknown): Problem =>
  new Problem('REQUEST_INVALID', 'The position token is not valid', {
    cause,
    errors: [{ in: 'header', pointer: '#/khipu-position', detail: 'Expected the token of an earlier answer' }],
  });

/** Returns the position of a token. Throws the Problem that `invalid` makes for any other text. */
export function positionOf(token: string, invalid: (cause: unknown) => Problem = tokenInvalid): Position {
  try {
    return decodePositionToken(token);
  } catch (cause) {
    throw invalid(cause);
  }
}

/** Returns the position that the token of a request names; undefined without one. Throws Problem REQUEST_INVALID. */
export function positionAsked(request: FastifyRequest): Position | undefined {
  const sent = request.headers[POSITION_HEADER];
  const fromQuery = (request.query as { readonly position?: string }).position;
  if (Array.isArray(sent)) throw new Problem('REQUEST_INVALID', 'Khipu-Position was sent more than once');
  const wanted = sent ?? fromQuery;
  return wanted === undefined || wanted === '' ? undefined : positionOf(wanted);
}

/**
 * Waits up to 3 s until the views have reached the position token of the request; resolves at once without one. Rejects with
 * Problem REQUEST_INVALID for a token that is not valid, READ_MODEL_BEHIND after the wait, READ_MODEL_UNAVAILABLE when the
 * database does not answer.
 */
export async function awaitPosition(
  request: FastifyRequest,
  readModel: ReadModel,
  views: readonly View[],
): Promise<void> {
  const wanted = positionAsked(request);
  if (wanted !== undefined) await readModel.reached(views, wanted, REACH_TIMEOUT_MS);
}
