import { z } from 'zod';
import { ifMatchHeaders } from '../etag.ts';
import { idempotencyKeySchema } from '../idempotency.ts';
import { POSITION_HEADER } from '../position.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import type { ResponseHeaders } from '../route/documented.ts';
import type { Outcome, Pending } from './spec.ts';

type AnyOutcome = Outcome<never, z.ZodType, never>;
type AnyPending = Pick<Pending<never>, 'id' | 'shape'>;

const prefer = z.string().max(200).optional().meta({
  description:
    '`respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240)',
});

/** Returns the schema of the request headers of a write. */
export const writeHeaders = (ifMatch: 'required' | 'optional' | undefined) =>
  z.looseObject({
    'idempotency-key': idempotencyKeySchema,
    prefer,
    ...(ifMatch === undefined ? {} : ifMatchHeaders),
  });

/** Returns the schema of a 202: the pending command, and the key under which the client repeats the request for its outcome. */
export const pendingSchema = (pending: AnyPending) =>
  z
    .object({
      ...pending.shape,
      status: z.literal('pending').meta({ description: 'Always `pending`' }),
      command_id: z
        .string()
        .meta({ description: 'Id of the command: `GET /v1/audit?command_id=` lists the events that it led to' }),
      idempotency_key: z
        .string()
        .meta({ description: 'Repeat the request with this `Idempotency-Key` to get the outcome of the command' }),
    })
    .meta({ id: pending.id, description: 'The command is in the log and has no outcome yet' });

const answers = (outcomes: readonly AnyOutcome[]) =>
  outcomes.flatMap((outcome) => {
    if (outcome.kind !== undefined) return [];
    const { status, schema, repeat, created } = outcome;
    return [
      { status, schema },
      ...(created === undefined ? [] : [{ status: 201, schema } as const]),
      ...(repeat === undefined ? [] : [repeat]),
    ];
  });

const NO_CONTENT = 204;

/** Returns the response schema of each successful status of a command. */
export function successSchemas(
  outcomes: readonly AnyOutcome[],
  pending: z.ZodType,
): Readonly<Record<number, z.ZodType>> {
  const byStatus = new Map<number, Set<z.ZodType>>();
  for (const { status, schema } of [...answers(outcomes), { status: 202, schema: pending }])
    byStatus.set(status, (byStatus.get(status) ?? new Set<z.ZodType>()).add(schema));
  return Object.fromEntries(
    [...byStatus].map(([status, schemas]) => {
      const [first, ...more] = schemas;
      // OpenAPI would document a union of two empty bodies as JSON.
      const isBodiless = status === NO_CONTENT || more.length === 0;
      return [status, isBodiless ? first : z.union([...schemas] as [z.ZodType, z.ZodType])];
    }),
  ) as Record<number, z.ZodType>;
}

const position = { description: 'Position token of the outcome event. A query that carries it includes that event' };
const locationHeader = { description: 'URL of the result' };

/** Returns the response headers of each status, for the OpenAPI document. */
export function successHeaders(outcomes: readonly AnyOutcome[]): ResponseHeaders {
  const versioned = new Set(
    outcomes.flatMap((outcome) => {
      if (outcome.kind !== undefined || outcome.version === undefined) return [];
      return outcome.created === undefined ? [outcome.status] : [outcome.status, 201];
    }),
  );
  const headers: Record<number, Record<string, { readonly description: string }>> = {
    202: {
      location: locationHeader,
      'preference-applied': { description: 'The preference of `Prefer` that was applied' },
      [POSITION_HEADER]: position,
    },
  };
  for (const { status } of answers(outcomes))
    headers[status] = {
      ...headers[status],
      [POSITION_HEADER]: position,
      ...(status === 201 && { location: locationHeader }),
      ...(versioned.has(status as 200) && { etag: { description: 'Version of the resource' } }),
    };
  return headers;
}

/** Returns the problem codes of the refusals among the outcomes. */
export const refusalCodes = (outcomes: readonly AnyOutcome[]): readonly ProblemCode[] =>
  outcomes.flatMap((outcome) => (outcome.kind === 'refusal' ? outcome.problems : []));
