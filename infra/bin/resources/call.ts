import type { Api } from '../../client/api.ts';
import { operations } from '../../client/generated/operations.ts';
import type { OperationSpec } from '../../client/operation.ts';
import type { Answer } from '../../client/settle.ts';
import { codeOf } from '../../kit/errors.ts';
import { ask, settle } from '../api/ask.ts';
import type { OperationId, Verb } from './table.ts';

/** The parsed arguments and options of a verb, by the names of the API. */
export interface VerbValues {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | boolean>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type Body = Readonly<Record<string, unknown>>;

const specOf = (id: OperationId): OperationSpec => operations[id];

/** Values of one call, as openapi-fetch takes them. */
interface CallInit {
  readonly params: Pick<VerbValues, 'path' | 'query'>;
  readonly body?: Body | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls an operation that is known only at run time: the types of `api` are those of operations known before. */
function callOperation(api: Api, { method, path }: OperationSpec, init: CallInit): Promise<Answer<Body>> {
  const request = api.request as unknown as (method: string, path: string, init: CallInit) => Promise<Answer<Body>>;
  return request(method, path, init);
}

/**
 * Reads a resource with the path of the verb, and those query fields of the verb that the read has too. Resolves with
 * undefined when there is none and the verb creates it. Rejects like `ask`.
 */
async function currentOf(
  id: OperationId,
  { currentQuery, createsOn }: Verb,
  { path, query }: VerbValues,
): Promise<Body | undefined> {
  const spec = specOf(id);
  const shared = spec.query.flatMap(({ name }) => (query[name] === undefined ? [] : [[name, query[name]] as const]));
  const params = { path, query: { ...currentQuery, ...Object.fromEntries(shared) } };
  try {
    return await ask((api) => callOperation(api, spec, { params }));
  } catch (error) {
    if (createsOn !== undefined && codeOf(error) === createsOn) return undefined;
    throw error;
  }
}

/** Returns the body of a change: the fields of the current resource, with the given ones in their place. */
function bodyOf({ body }: OperationSpec, given: Body, current: Body | undefined): Body | undefined {
  if (body.length === 0) return undefined;
  const kept = body.flatMap(({ name }) => (current?.[name] === undefined ? [] : [[name, current[name]] as const]));
  return { ...Object.fromEntries(kept), ...given };
}

/**
 * Calls the operation of a verb, and resolves with its answer. A change is refused with PRECONDITION_FAILED when the
 * resource changes between its read and its write. Rejects like `ask`.
 */
export async function callVerb(verb: Verb, values: VerbValues): Promise<Body> {
  const spec = specOf(verb.operation);
  const params = { path: values.path, query: values.query };
  if (spec.method === 'GET') return ask((api) => callOperation(api, spec, { params }));
  const current = verb.current === undefined ? undefined : await currentOf(verb.current, verb, values);
  const kept = verb.keeps === 'nothing' ? undefined : current;
  const body = bodyOf(spec, { ...values.body, ...verb.fixed }, kept);
  const ifMatch = spec.ifMatch && current !== undefined ? { 'if-match': `"${current['version']}"` } : {};
  const answer = await settle((api, headers) =>
    callOperation(api, spec, { params, body, headers: { ...ifMatch, ...headers } }),
  );
  return answer ?? {};
}
