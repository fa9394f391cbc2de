import type { paths } from '../../../../infra/client/generated/api.ts';
import type { SignedIn } from '../state/session.ts';

type Headers = Record<string, unknown>;
type Problems = { headers: Headers; content: { 'application/problem+json': { code: string; title: string } } };
type Json<Body> = { headers: Headers; content: { 'application/json': Body } };

/** Operations in the shape of the types that are generated from OpenAPI. */
interface Get<Answer> {
  parameters: { query?: never; header?: never; path?: never; cookie?: never };
  responses: { 200: Json<Answer>; default: Problems };
}
interface Post<Body, Answer> extends Get<Answer> {
  requestBody: { content: { 'application/json': Body } };
}

/** The routes that only the console calls, which OpenAPI leaves out: sign-in, and the session that the cookie names. */
interface SignInPaths {
  '/session': { get: Get<SignedIn> };
  '/sign-in': { get: Get<{ identity_provider: { name: string } | null }>; post: Post<{ api_key: string }, SignedIn> };
  '/sign-out': { post: Get<undefined> };
}

/** Every route below `/console/api`: those of the console, and those of the platform. */
export type ConsolePaths = paths & SignInPaths;
