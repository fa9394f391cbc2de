import type { FastifySchema, RouteOptions } from 'fastify';
import { z } from 'zod';
import { topicOf } from '../../../schemas/topics.ts';
import type { App } from '../app-type.ts';
import type { Auth } from '../auth/authenticate.ts';
import type { CommandName } from '../log/command-appender.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../problems/openapi.ts';

/** Response headers by status, then by lower-case name. */
export type ResponseHeaders = Readonly<Record<number, Readonly<Record<string, { readonly description: string }>>>>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems that only this route has. */
    problems?: readonly ProblemCode[];
    /** Commands that the route may append; none by default. */
    appends?: readonly CommandName[];
    /** Headers of its answers, for the OpenAPI document. */
    answerHeaders?: ResponseHeaders;
  }
}

/** Security schemes of the OpenAPI document, by the credentials that a route accepts. */
const security: Readonly<Record<Exclude<Auth, 'none'>, readonly Readonly<Record<string, readonly string[]>>[]>> = {
  api_key: [{ api_key: [] }],
  session: [{ session_token: [] }],
  any: [{ api_key: [] }, { session_token: [] }],
};

const securityOf = (auth: Exclude<Auth, 'none'>, { tickets = false }: Config) =>
  tickets ? [...security[auth], { stream_ticket: [] }] : security[auth];

function problemsOf(
  { auth = 'any', appends = [], problems = [], tickets = false, problemFormat }: Config,
  hasBody: boolean,
): readonly ProblemCode[] {
  return [
    'REQUEST_INVALID',
    ...(hasBody ? bodyProblems : []),
    ...(auth === 'none' ? [] : credentialProblems),
    ...(tickets ? (['TICKET_INVALID', 'TICKETS_UNAVAILABLE'] as const) : []),
    ...(auth === 'api_key' || auth === 'session' ? (['CREDENTIAL_NOT_ALLOWED'] as const) : []),
    ...(appends.length > 0 ? (['LOG_OVERLOADED', 'BODY_TOO_LARGE'] as const) : []),
    // A write of another protocol reads no Idempotency-Key.
    ...(appends.length > 0 && problemFormat === undefined ? (['IDEMPOTENCY_KEY_REUSED'] as const) : []),
    ...(appends.some((record) => topicOf(record).governed) ? (['KILL_SWITCH', 'MODEL_UNKNOWN'] as const) : []),
    ...problems,
  ];
}

type Config = NonNullable<RouteOptions['config']>;

/** A Fastify schema with the responses of the OpenAPI document. */
type DocumentedSchema = FastifySchema & { readonly response?: Readonly<Record<number, unknown>> };

/**
 * Completes the schema of each documented route. Security and problems are derived from its credentials, its body and the
 * commands that it appends, so that the document cannot disagree with the gateway. A route that declares no query rejects
 * every query field. Call it before routes are added. Throws when a route declares `security` itself.
 */
export function documentRoutes(app: App): void {
  app.addHook('onRoute', (route) => {
    const schema = route.schema as DocumentedSchema | undefined;
    if (schema === undefined || schema.hide === true) return;
    const config: Config = route.config ?? {};
    const { auth = 'any', appends = [] } = config;
    if (schema.security !== undefined) throw new Error(`${route.url}: security follows from config.auth`);
    route.schema = {
      ...schema,
      querystring: schema.querystring ?? z.strictObject({}),
      ...(auth !== 'none' && { security: securityOf(auth, config) }),
      ...(appends.length > 0 && { 'x-appends': appends }),
      response: {
        ...problemResponses(problemsOf(config, schema.body !== undefined), config.problemFormat),
        ...schema.response,
      },
    } as FastifySchema;
  });
}
