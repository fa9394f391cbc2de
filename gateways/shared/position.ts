import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Position } from '../../infra/kafka/log.ts';
import { decodePositionToken } from '../../infra/projections/position-token.ts';
import { Problem } from './problems/problem.ts';
import type { ReadModel, View } from './read-model.ts';

/** Header in which answers carry a position token, and in which queries may send it back. */
export const POSITION_HEADER = 'khipu-position';

const token = z
  .string()
  .max(2_048)
  .optional()
  .meta({ description: 'Position token of an earlier answer: answer only when the read model has reached it' });

export const positionQuery = { position: token };
export const positionHeaders = z.looseObject({ [POSITION_HEADER]: token });

/** A read model that is not there within this time is behind for good; the client is told so. */
const REACH_TIMEOUT_MS = 3_000;

function positionOf(token: string): Position {
  try {
    return decodePositionToken(token);
  } catch (cause) {
    throw new Problem('REQUEST_INVALID', 'The position token is not one of ours', {
      cause,
      errors: [{ in: 'header', pointer: '#/khipu-position', detail: 'Expected the token of an earlier answer' }],
    });
  }
}

/** Waits until the views have applied what the client has already seen. Throws READ_MODEL_BEHIND or REQUEST_INVALID. */
export async function awaitPosition(
  request: FastifyRequest,
  readModel: ReadModel,
  views: readonly View[],
): Promise<void> {
  const sent = request.headers[POSITION_HEADER];
  const fromQuery = (request.query as { readonly position?: string }).position;
  if (Array.isArray(sent)) throw new Problem('REQUEST_INVALID', 'Khipu-Position was sent more than once');
  const wanted = sent ?? fromQuery;
  if (wanted !== undefined && wanted !== '') await readModel.reached(views, positionOf(wanted), REACH_TIMEOUT_MS);
}
