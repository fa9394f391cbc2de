import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { RecordName } from '../../../schemas/generated/records.ts';
import type { App } from '../app-type.ts';
import { requireIfMatch, versionOf } from '../etag.ts';
import { digestOf, identityOf } from '../idempotency.ts';
import type { CommandName } from '../log/command-appender.ts';
import { preferenceOf, waitMsOf } from '../prefer.ts';
import { authorize, type Body, descriptionOf, inputSchemas, routeRequest, type Shape } from '../route/request.ts';
import type { Route } from '../route/route.ts';
import type { GatewayServices } from '../services.ts';
import { traceparentOf } from '../trace.ts';
import { type AnyCommandRoute, answerOf, pendingOf } from './answer.ts';
import { boundedLarge } from './many.ts';
import { placeOfCommand } from './place.ts';
import { pendingSchema, refusalCodes, successHeaders, successSchemas, writeHeaders } from './responses.ts';
import type { Alias, CommandRequest, CommandRoute } from './spec.ts';

/** Services that every command route needs. */
export type WriteServices = Pick<GatewayServices, 'sender' | 'config' | 'partitions'>;

/** The 202 body of commands that add no member of their own. */
const plainPending = { id: 'Pending', shape: {}, of: () => ({}) };
const plainPendingSchema = pendingSchema(plainPending);

/**
 * Declares a route that appends a command and answers with its outcome in the log. Adds `Idempotency-Key`, `Prefer`, 202
 * with `Location`, `Khipu-Position`, admission under kill switches, metrics, and the documented problems.
 */
export function commandRoute<
  Needs,
  C extends CommandName,
  O extends { readonly [N in RecordName]?: unknown },
  P extends Shape,
  Q extends Shape,
  B extends Body,
>(spec: CommandRoute<Needs, C, O, P, Q, B>): Route<Needs & WriteServices> {
  const { operationId, method, url, takes, waits, auth = 'api_key' } = spec;
  const known = { ...spec, pending: spec.pending ?? plainPending } as unknown as AnyCommandRoute;
  const all = Object.values(known.outcomes);
  const response = successSchemas(all, spec.pending === undefined ? plainPendingSchema : pendingSchema(spec.pending));
  return {
    outcomes: waits === 'never' ? [] : (Object.keys(spec.outcomes) as RecordName[]),
    follows: [],
    register(app, services) {
      add(app, services, { url, operationId });
      if (spec.alias !== undefined) add(app, services, spec.alias);
    },
  };

  function add(app: App, services: Needs & WriteServices, at: Alias): void {
    app.route({
      method,
      url: at.url,
      ...(spec.bodyBytesMax !== undefined && { bodyLimit: spec.bodyBytesMax, onRequest: boundedLarge() }),
      config: {
        auth,
        appends: spec.appends,
        problems: [
          ...(takes === undefined ? [] : (['CAPABILITY_MISSING'] as const)),
          ...(spec.ifMatch === undefined ? [] : (['PRECONDITION_FAILED'] as const)),
          ...(spec.ifMatch === 'required' ? (['PRECONDITION_REQUIRED'] as const) : []),
          ...refusalCodes(all),
          ...(spec.problems ?? []),
        ],
        answerHeaders: successHeaders(all),
      },
      schema: {
        operationId: at.operationId,
        tags: [spec.tag],
        summary: spec.summary,
        ...descriptionOf(takes, spec.description),
        ...inputSchemas(spec.params, { ...spec.query }, spec.body),
        headers: writeHeaders(spec.ifMatch),
        response: response as Record<number, z.ZodType>,
      },
      handler: async (request, reply) => {
        const write = commandRequest(spec, services, request);
        authorize(takes, write);
        spec.check?.(write);
        if (spec.ifMatch === 'required') requireIfMatch(request.headers['if-match']);
        return answered(known, services, write, request, reply);
      },
    });
  }
}

function commandRequest<Needs, C extends CommandName, O, P extends Shape, Q extends Shape, B extends Body>(
  { operationId, tenant, ifMatch }: CommandRoute<Needs, C, O, P, Q, B>,
  services: Needs,
  request: FastifyRequest,
): CommandRequest<Needs, P, Q, B> {
  const asked = routeRequest<Needs, P, Q, B>(request, services);
  const { caller, params, query, body } = asked;
  const tenantId = tenant?.(asked) ?? caller.tenantId;
  const header = ifMatch === undefined ? undefined : request.headers['if-match'];
  return {
    ...asked,
    tenantId,
    identity: identityOf(
      caller,
      { operationId, tenantId, params },
      request.headers['idempotency-key'] as string | undefined,
    ),
    requestDigest: digestOf({ query, body, if_match: header }),
    expectedVersion: versionOf(header),
    isConditional: header !== undefined,
  };
}

async function answered(
  spec: AnyCommandRoute,
  { sender, config, partitions }: WriteServices,
  write: CommandRequest<unknown, Shape, Shape, Body>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { tenantId, identity, requestDigest, caller } = write;
  const preference = preferenceOf(request.headers['prefer']);
  const maxMs = spec.waits === 'never' ? 0 : (spec.waits?.(config) ?? config.outcomeWaitMs);
  const { outcome, sent } = await sender.send({
    ...{ tenantId, identity, requestDigest, traceparent: traceparentOf(request.raw) },
    outcomes: Object.keys(spec.outcomes) as RecordName[],
    subject: spec.subject?.(write),
    make: () => spec.command(write),
    place: async (command) =>
      (caller.kind === 'session' ? null : await spec.place?.(write)) ??
      placeOfCommand(command, caller, tenantId, partitions),
    waitMs: waitMsOf(preference, maxMs),
  });
  if (preference.waitS !== null && preference.waitS * 1_000 <= maxMs)
    reply.header('preference-applied', `wait=${preference.waitS}`);
  if (outcome === null) {
    if (preference.respondAsync) reply.header('preference-applied', 'respond-async');
    return pendingOf(spec, write, reply);
  }
  return answerOf(spec, { ...write, outcome, sent }, reply);
}
