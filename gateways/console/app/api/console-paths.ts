import type { Schemas } from '../../../../infra/client/api.ts';
import type { paths } from '../../../../infra/client/generated/api.ts';
import type { SignedIn } from '../state/session.ts';

type Headers = Record<string, unknown>;
type Problems = { headers: Headers; content: { 'application/problem+json': Schemas['Problem'] } };
type Json<Body> = { headers: Headers; content: { 'application/json': Body } };
interface Parameters<Query, Path> {
  query?: Query;
  header?: { 'idempotency-key'?: string };
  path: Path;
  cookie?: never;
}

/** Operations in the shape of the types that are generated from OpenAPI. */
interface Get<Answer, Query = never, Path = never> {
  parameters: [Path] extends [never]
    ? Omit<Parameters<Query, never>, 'path'> & { path?: never }
    : Parameters<Query, Path>;
  responses: { 200: Json<Answer>; default: Problems };
}
interface Post<Body, Answer> {
  parameters: Omit<Parameters<never, never>, 'path'> & { path?: never };
  requestBody: { content: { 'application/json': Body } };
  responses: { 200: Json<Answer>; default: Problems };
}

/** The routes of the console itself: sign-in, and the session that the cookie names. */
interface SignInPaths {
  '/session': { get: Get<SignedIn> };
  '/sign-in': { get: Get<{ identity_provider: { name: string } | null }>; post: Post<{ api_key: string }, SignedIn> };
  '/sign-out': { post: Omit<Post<never, undefined>, 'requestBody'> };
}

export interface Place {
  topic: string;
  partition: number;
  offset: number | null;
}

export interface CounterfactualBody {
  what: string;
  size: number;
}

export interface SessionTrace {
  chains: { command_id: string; steps: (Place & { record: string; id: string; at: string })[] }[];
  rows: Record<string, number>;
  complete: boolean;
}

export interface ConstitutionDiff {
  version: string;
  against: string;
  changes: { op: 'add' | 'remove' | 'replace'; path: string; before?: unknown; after?: unknown }[];
}

interface Judged {
  version: string;
  outcome: 'allow' | 'deny';
  reasons: string[];
  score: number;
}

export interface ShadowDifference {
  decision_id: string;
  command_type: string;
  session_id: string | null;
  active: Judged;
  shadow: Judged;
  at: string;
}

export interface ShadowDifferences {
  shadow: { version: string; digest: string } | null;
  decisions?: number | null;
  items: ShadowDifference[];
}

type TrialRequest =
  | { prompt: string; persona: string; model?: string; constitution_version?: string }
  | { decision_id: string };

export interface PolicyTrial {
  trial_id: string;
  command_type: string;
  decision: Schemas['Decision'];
  features: { name: string; value: number; weight: number }[];
  labels: string[];
  counterfactuals: CounterfactualBody[];
}

export interface TopologyBody {
  topics: { name: string; kind: string; records: string[]; partitions: number | null }[];
  readers: { name: string; kind: string; topology: string | null; reads: string[]; writes: string[] }[];
}

export interface ReaderActivity {
  name: string;
  kind: string;
  lag: number;
  partitions: { topic: string; partition: number; position: number; end: number; lag: number }[];
}

export interface TopicActivity {
  name: string;
  partitions: number;
  offsets: number;
  offsets_per_second: number;
  dead_letters: number;
}

export interface TopologyActivity {
  at: string;
  watched_ms: number;
  topics: TopicActivity[];
  readers: ReaderActivity[];
}

export interface DeadLetter {
  name: string;
  code: string;
  message: string;
  processor: string;
  key: string | null;
  from: Place;
  attempt: number;
  at: string;
  parked: number | null;
  outcome: { verb: string; by: string; at: string } | null;
}

interface SettledLetters {
  verb: string;
  settled: string[];
  parked: string[];
}

interface PlatformPaths {
  '/v1/turns': {
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      responses: { 200: { headers: Headers; content: { 'text/event-stream': string } }; default: Problems };
    };
  };
  '/v1/sessions/{session_id}/trace': { get: Get<SessionTrace, never, { session_id: string }> };
  '/v1/constitutions/{version}/diff': { get: Get<ConstitutionDiff, { against: string }, { version: string }> };
  '/v1/policy/trials': { post: Post<TrialRequest, PolicyTrial> };
  '/v1/constitutions/shadow/differences': { get: Get<ShadowDifferences> };
  '/v1/topology': { get: Get<TopologyBody> };
  '/v1/topology/activity': { get: Get<TopologyActivity> };
  '/v1/dead-letters': {
    get: Get<
      { items: DeadLetter[] },
      { topic?: string; processor?: string; code?: string; all?: string; limit?: number }
    >;
  };
  '/v1/dead-letters/redrive': { post: Post<{ names: string[] }, SettledLetters> };
  '/v1/dead-letters/drop': { post: Post<{ names: string[] }, SettledLetters> };
}

/** Every route below `/console/api`: those of the console, and those of the platform. */
export type ConsolePaths = paths & SignInPaths & PlatformPaths;
