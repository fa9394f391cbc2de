import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { encodePositionToken } from '../../../infra/projections/position-token.ts';
import { etagOf } from '../etag.ts';
import type { CommandName } from '../log/command-appender.ts';
import { POSITION_HEADER } from '../position.ts';
import type { Body, Shape } from '../route/request.ts';
import type { AnsweredRequest, CommandRequest, CommandRoute, Outcome, Pending } from './spec.ts';

type AnyRequest = CommandRequest<unknown, Shape, Shape, Body>;
type AnyAnswered = AnsweredRequest<unknown, CommandName, Shape, Shape, Body>;

/** A command route of any type: the members that all of them share. */
export type AnyCommandRoute = Omit<
  CommandRoute<unknown, CommandName, Record<string, z.ZodType>, Shape, Shape, Body>,
  'outcomes' | 'pending'
> & {
  readonly outcomes: Readonly<Record<string, Outcome<never, z.ZodType, AnyAnswered>>>;
  readonly pending: Pending<AnyRequest>;
};

/** Answers 202: the log has the command, and its result will be at `Location`. */
export function pendingOf(spec: AnyCommandRoute, request: AnyRequest, reply: FastifyReply): FastifyReply {
  const { commandId, idempotencyKey } = request.identity;
  spec.whenPending?.(request);
  return reply
    .code(202)
    .header('location', spec.location(request))
    .send({
      ...spec.pending.of(request),
      status: 'pending',
      command_id: commandId,
      idempotency_key: idempotencyKey,
    });
}

/** Answers with the outcome event. Throws the Problem of a refusal. */
export async function answerOf(
  spec: AnyCommandRoute,
  request: AnyAnswered,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { record, position } = request.outcome;
  if (position !== null) reply.header(POSITION_HEADER, encodePositionToken(position));
  const outcome = spec.outcomes[record.type];
  if (outcome === undefined) throw new Error(`${record.type} is no outcome of ${spec.operationId}`);
  // The outcome was found by its type, so its data is of that type.
  const data = record.data as never;
  if (outcome.kind === 'refusal') throw outcome.problem(data, request);
  if (outcome.kind === 'accepted') return pendingOf(spec, request, reply);
  // An outcome of an earlier request took effect then; its effect may have been replaced since.
  const isInEffect = request.sent === null || (await outcome.inEffect?.(data, request)) !== false;
  const body = isInEffect ? await outcome.answer(data, request) : null;
  const { status, repeat } = outcome;
  const shown =
    body === null && isInEffect && repeat !== undefined
      ? { status: repeat.status, body: repeat.answer(data) }
      : { status: outcome.created?.(request) === true ? 201 : status, body };
  if (shown.body === null) return pendingOf(spec, request, reply);
  if (outcome.version !== undefined) reply.header('etag', etagOf(outcome.version(data)));
  if (shown.status === 201 || shown.status === 202) reply.header('location', spec.location(request));
  return reply.code(shown.status).send(shown.body);
}
