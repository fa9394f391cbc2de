import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { App } from '../app-type.ts';
import type { Auth } from '../auth/authenticate.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../position.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import type { ProblemFormat } from '../problems/format.ts';
import type { View } from '../read-model.ts';
import type { GatewayServices } from '../services.ts';
import {
  authorize,
  type Body,
  descriptionOf,
  inputSchemas,
  type RouteRequest,
  routeRequest,
  type Shape,
  type Takes,
} from './request.ts';
import type { Route } from './route.ts';

type EndpointRequest<Needs, P extends Shape, Q extends Shape, B extends Body> = RouteRequest<Needs, P, Q, B> & {
  /** Sets headers of the answer. */
  readonly reply: Pick<FastifyReply, 'header'>;
  /** How the request came. */
  readonly request: Pick<FastifyRequest, 'protocol' | 'host'>;
};

/** A route that appends nothing: a query, or an answer from this process alone. */
export interface Endpoint<Needs, P extends Shape, Q extends Shape, B extends Body, R extends z.ZodType> {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** `GET` by default. */
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  /** Another URL of the route, with an id of its own in the OpenAPI document. */
  readonly alias?: { readonly url: string; readonly operationId: string };
  /** `api_key` by default. */
  readonly auth?: Exclude<Auth, 'none'>;
  readonly takes?: Takes<EndpointRequest<Needs, P, Q, B>>;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Read models of the query. With any, the route accepts a position token and waits until they have reached it. */
  readonly views?: readonly View[];
  /** 200 by default. */
  readonly status?: 200 | 201;
  readonly response: R;
  /** RFC 9457 by default. */
  readonly problemFormat?: ProblemFormat;
  /** Problems beside those that are derived from the other members. */
  readonly problems?: readonly ProblemCode[];
  /** Throws a Problem for a caller that may not see the answer. Runs before the wait for read models. */
  readonly check?: (request: EndpointRequest<Needs, P, Q, B>) => Promise<void> | void;
  readonly answer: (request: EndpointRequest<Needs, P, Q, B>) => Promise<z.output<R>> | z.output<R>;
}

/** Declares a route that appends nothing. */
export function endpointRoute<Needs, P extends Shape, Q extends Shape, B extends Body, R extends z.ZodType>(
  spec: Endpoint<Needs, P, Q, B, R>,
): Route<Needs & Pick<GatewayServices, 'readModel'>> {
  const { operationId, tag, summary, url, takes, views = [], status = 200, method = 'GET' } = spec;
  const positioned = views.length > 0;
  return {
    outcomes: [],
    follows: [],
    register(app, services) {
      add(app, services, { url, operationId });
      if (spec.alias !== undefined) add(app, services, spec.alias);
    },
  };

  function add(
    app: App,
    services: Needs & Pick<GatewayServices, 'readModel'>,
    at: { url: string; operationId: string },
  ) {
    app.route({
      method,
      url: at.url,
      config: {
        auth: spec.auth ?? 'api_key',
        problems: [
          ...(takes === undefined ? [] : (['CAPABILITY_MISSING'] as const)),
          ...(positioned ? (['READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'] as const) : []),
          ...(spec.problems ?? []),
        ],
        ...(spec.problemFormat !== undefined && { problemFormat: spec.problemFormat }),
      },
      schema: {
        operationId: at.operationId,
        tags: [tag],
        summary,
        ...descriptionOf(takes, spec.description),
        ...inputSchemas(spec.params, { ...spec.query, ...(positioned && positionQuery) }, spec.body),
        ...(positioned && { headers: positionHeaders }),
        response: { [status]: spec.response as z.ZodType },
      },
      handler: async (request, reply) => {
        const asked = { ...routeRequest<Needs, P, Q, B>(request, services), reply, request };
        authorize(takes, asked);
        await spec.check?.(asked);
        if (positioned) await awaitPosition(request, services.readModel, views);
        return reply.code(status).send(await spec.answer(asked));
      },
    });
  }
}
