import type { z } from 'zod';
import type { Config } from '../../../infra/config.ts';
import type { RecordName, RecordOf, Records } from '../../../schemas/generated/records.ts';
import type { Auth } from '../auth/authenticate.ts';
import type { Identity } from '../idempotency.ts';
import type { CommandName } from '../log/command-appender.ts';
import type { KnownOutcome } from '../log/outcomes.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import type { Problem } from '../problems/problem.ts';
import type { Body, RouteRequest, Shape, Takes } from '../route/request.ts';

/** A validated request for a command, with the ids derived from its `Idempotency-Key`. */
export interface CommandRequest<Needs, P extends Shape, Q extends Shape, B extends Body>
  extends RouteRequest<Needs, P, Q, B> {
  /** Tenant whose data the command changes. */
  readonly tenantId: string;
  readonly identity: Identity;
  /** sha256 of query, body and `If-Match`, hex: a request with another digest under the same key is refused. */
  readonly requestDigest: string;
  /** Version in `If-Match`; null for any version. */
  readonly expectedVersion: number | null;
  /** True with an `If-Match` that the route accepts. */
  readonly isConditional: boolean;
}

/** A command to append. `secret` is returned to this request only and is not stored. */
export interface MadeCommand<C extends CommandName> {
  readonly command: RecordOf<C>;
  readonly secret: string;
}

/** An outcome that this gateway already has, so that nothing is appended. */
export interface AlreadyKnown {
  readonly known: KnownOutcome;
}

/** The result of making a command. */
export type Made<C extends CommandName> = RecordOf<C> | MadeCommand<C> | AlreadyKnown;

/** A request with its outcome event. */
export type AnsweredRequest<
  Needs,
  C extends CommandName,
  P extends Shape,
  Q extends Shape,
  B extends Body,
> = CommandRequest<Needs, P, Q, B> & {
  readonly outcome: KnownOutcome;
  /** The command that this request appended; null when the outcome is that of an earlier request. */
  readonly sent: MadeCommand<C> | RecordOf<C> | null;
};

/** An outcome that is answered as problem+json, with the code of the refusal. */
export interface RefusalOutcome<N, Request> {
  readonly kind: 'refusal';
  readonly problems: readonly ProblemCode[];
  readonly problem: (data: Records[N & RecordName], request: Request) => Problem;
}

/** An outcome that is answered as pending, because the result is found at `Location`. */
export interface AcceptedOutcome {
  readonly kind: 'accepted';
}

/** An outcome that is answered with a success. */
export interface AnswerOutcome<N, S, Request> {
  readonly kind?: never;
  readonly status: 200 | 201 | 202 | 204;
  readonly schema: S;
  /** Returns true for a request that created the resource: it is answered with 201 and `Location`, any other with `status`. */
  readonly created?: (request: Request) => boolean;
  /** Resolves with true as soon as the event is in effect at this gateway; with false when it is not in time. */
  readonly inEffect?: (data: Records[N & RecordName], request: Request) => Promise<boolean>;
  /** Version of the resource, for the `ETag`. */
  readonly version?: (data: Records[N & RecordName]) => number;
  /** Returns the body; null when this gateway does not have it yet, or when only `repeat` may answer. */
  readonly answer: (
    data: Records[N & RecordName],
    request: Request,
  ) => Promise<z.output<S & z.ZodType> | null> | z.output<S & z.ZodType> | null;
  /** Answers a repeated request for which `answer` returns null. */
  readonly repeat?: RepeatedAnswer<Records[N & RecordName]>;
}

/** The answer to a repeated request, without what is shown once. */
export interface RepeatedAnswer<Data> {
  readonly status: 200 | 201;
  readonly schema: z.ZodType;
  readonly answer: (data: Data) => unknown;
}

/** How one outcome event is answered. */
export type Outcome<N, S, Request> = RefusalOutcome<N, Request> | AcceptedOutcome | AnswerOutcome<N, S, Request>;

/** How each outcome event is answered, by record name. `O` holds the schema of each answer. */
export type OutcomesOf<O, Request> = { readonly [N in keyof O]: Outcome<N, O[N], Request> };

/** Members that a route adds to the body of its 202. `id` is the schema name in OpenAPI. */
export interface Pending<Request> {
  readonly id: string;
  readonly shape: Shape;
  readonly of: (request: Request) => Readonly<Record<string, unknown>>;
}

/** Another URL of a route. */
export interface Alias {
  readonly url: string;
  readonly operationId: string;
}

/** A route that appends a command. */
export interface CommandRoute<
  Needs,
  C extends CommandName,
  O,
  P extends Shape,
  Q extends Shape,
  B extends Body,
  Request = CommandRequest<Needs, P, Q, B>,
> {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** `api_key` by default. */
  readonly auth?: Exclude<Auth, 'none'>;
  readonly takes?: Takes<Request>;
  /** Throws a Problem for a caller that may not use the route. Runs before any lookup. */
  readonly check?: (request: Request) => void;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Largest body, in bytes; 256 KiB by default. Four larger ones are read at once. */
  readonly bodyBytesMax?: number;
  /** Whether `If-Match` is required or optional; without it the route ignores the header. */
  readonly ifMatch?: 'required' | 'optional';
  /** Returns the tenant whose data the command changes; the caller's own by default. */
  readonly tenant?: (request: RouteRequest<Needs, P, Q, B>) => string;
  /** Commands that the route may append. */
  readonly appends: readonly C[];
  readonly command: (request: Request) => Promise<Made<C>> | Made<C>;
  /**
   * Resolves with the place of the thing that the command is about, from its read model; null while that does not have it.
   * Set it where callers without a session token send commands about things that exist: a thing is in the place of the
   * session that began it, or in one of its own. A command with a session token is in the place of the session.
   */
  readonly place?: (request: Request) => Promise<string | null>;
  /**
   * Returns the key of its outcome. Set it where the chain of a command goes on to other subjects with the same events: a
   * job starts jobs.
   */
  readonly subject?: (request: Request) => string;
  /** Another URL of the route, with an id of its own in the OpenAPI document. It answers as `url` does. */
  readonly alias?: Alias;
  /**
   * Maximum wait for the outcome, in ms; that of the configuration by default. `never` answers 202 as soon as the log has
   * the command.
   */
  readonly waits?: 'never' | ((config: Config) => number);
  /** Returns the URL of the result: `Location` of a 201 and of every 202. */
  readonly location: (request: Request) => string;
  readonly pending?: Pending<Request>;
  /** Called when the answer is 202, so that this gateway can show the pending result. */
  readonly whenPending?: (request: Request) => void;
  /** Problems beside those that are derived from the other members. */
  readonly problems?: readonly ProblemCode[];
  readonly outcomes: OutcomesOf<O, AnsweredRequest<Needs, C, P, Q, B>>;
}
