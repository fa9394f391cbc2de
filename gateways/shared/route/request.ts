import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { Caller } from '../auth/caller.ts';
import { Problem } from '../problems/problem.ts';

/** Fields of the path or of the query, by name. */
export type Shape = z.ZodRawShape;
/** Values of the fields of a shape. */
export type Fields<S extends Shape> = z.output<z.ZodObject<S>>;
/** Schema of a body; undefined for a route without one. */
export type Body = z.ZodType | undefined;
/** Value of a body. */
export type BodyOf<B extends Body> = B extends z.ZodType ? z.output<B> : undefined;

/** A request with an authenticated caller and validated fields. */
export interface RouteRequest<Needs, P extends Shape, Q extends Shape, B extends Body> {
  readonly caller: Caller;
  readonly params: Fields<P>;
  readonly query: Fields<Q>;
  readonly body: BodyOf<B>;
  readonly services: Needs;
}

/** Returns the validated parts of a Fastify request. Throws Problem UNAUTHENTICATED without a caller. */
export const routeRequest = <Needs, P extends Shape, Q extends Shape, B extends Body>(
  request: FastifyRequest,
  services: Needs,
): RouteRequest<Needs, P, Q, B> => ({
  caller: callerOf(request),
  params: request.params as Fields<P>,
  query: request.query as Fields<Q>,
  body: request.body as BodyOf<B>,
  services,
});

/** Returns the schemas of a route's path, query and body. The query is strict: unknown fields are rejected. */
export const inputSchemas = (params: Shape | undefined, query: Shape, body: Body) => ({
  ...(params === undefined ? {} : { params: z.object(params) }),
  querystring: z.strictObject(query),
  ...(body === undefined ? {} : { body }),
});

/** The capability that a request requires, or a check that throws Problem CAPABILITY_MISSING. */
export type Takes<Request> = string | ((request: Request) => void);

/** Throws Problem CAPABILITY_MISSING when the caller lacks the capability that the route requires. */
export function authorize<Request extends { readonly caller: Caller }>(
  takes: Takes<Request> | undefined,
  request: Request,
): void {
  if (typeof takes === 'string') requireCapability(anyCovers(request.caller.capabilities, takes), takes);
  else takes?.(request);
}

/** Throws Problem CAPABILITY_MISSING with the name of the capability unless it is granted. */
export function requireCapability(isGranted: boolean, capability: string): void {
  if (!isGranted) throw new Problem('CAPABILITY_MISSING', `This requires ${capability}`);
}

/** Returns the OpenAPI description of a route, with its capability first. */
export const descriptionOf = (takes: Takes<never> | undefined, description: string | undefined) => {
  const taken = typeof takes === 'string' ? [`Requires \`${takes}\`.`] : [];
  const text = [...taken, ...(description === undefined ? [] : [description])].join(' ');
  return text === '' ? {} : { description: text };
};
