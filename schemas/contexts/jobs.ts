/** Limits of jobs, their vocabularies, and what governance has to know of their commands. */

import type { Credential, JobEntry } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { ANOMALIES_WHAT_IF, READ_ANOMALIES } from './anomalies.ts';
import { CAPSULE_UPGRADE_CHECK, INSTALL_CAPSULES } from './capsules/upgrades.ts';
import { lifeCapabilities } from './constitution/life.ts';
import { PERSONA_CHECK, PERSONA_RECHECK, RUN_EVALUATIONS } from './evaluations.ts';
import { CREATE_FILES } from './files.ts';
import { AUDIT_EXPORT, READ_AUDIT } from './jobs/audit-export.ts';
import { namedIn } from './jobs/payload.ts';
import type { WireModeration } from './moderation/wire.ts';
import { embedCapability, invokeCapability } from './slm/models.ts';
import { boundedMaxTokens, tokensMaxOf } from './slm/token-bounds.ts';

/** Longest payload in a record, in bytes of JSON. A longer input or result is on `files.pieces`, and the record names it. */
export const JOB_PAYLOAD_BYTES_MAX = 64 * 1024;
/** Longest input of a job or a child, result of a step and result of a job, in bytes of JSON. */
export const JOB_CONTENT_BYTES_MAX = 10 * 1024 * 1024;
/** Deepest job below jobs that wait for it. */
export const JOB_DEPTH_MAX = 16;
/** Latest time of a first run, and longest sleep: ten years, in ms. */
export const JOB_DELAY_MS_MAX = 10 * 366 * 24 * 60 * 60 * 1000;
/** Most signals of a job that no handler has taken yet. */
export const JOB_SIGNALS_MAX = 100;
/** Largest sum of their payloads, in bytes of JSON. */
export const JOB_SIGNALS_BYTES_MAX = 256 * 1024;
export const JOB_TAGS_MAX = 16;
/** Most waits of a job that are open at once; a further one fails. */
export const JOB_WAITS_MAX = 1_000;
/** Most runs in a row that are lost without a step or wait recorded; then the job is suspended. */
export const JOB_RUNS_LOST_MAX = 10;
/** Most runs that its retry allows, and longest delay between them: a week, in ms. */
export const JOB_ATTEMPTS_MAX = 1_000;
export const JOB_RETRY_DELAY_MS_MAX = 7 * 24 * 60 * 60 * 1000;
/**
 * First and longest pause, in ms, before a job asks a model again whose request no budget had room for. It doubles each time.
 */
export const JOB_BUDGET_PAUSE_MS = 60_000;
export const JOB_BUDGET_PAUSE_MS_MAX = 15 * 60_000;
/** Most slots of a concurrency key. */
export const JOB_SLOTS_MAX = 1_000;
/** Most jobs of a concurrency key that wait for a slot: some 400 bytes each in one state, which may have 1 MB. */
export const JOB_QUEUE_MAX = 2_000;
/** Bytes that a waiting job counts for besides its input in a batch, and most bytes of all that wait. */
export const JOB_WAITING_BYTES = 400;
export const JOB_QUEUE_BYTES_MAX = JOB_QUEUE_MAX * JOB_WAITING_BYTES;
/** Most starts of a batch, most bytes of its inputs as one JSON array, and longest wait for them: a day, in ms. */
export const JOB_BATCH_MAX = 100;
export const JOB_BATCH_BYTES_MAX = 128 * 1024;
export const JOB_BATCH_WAIT_MS_MAX = 24 * 60 * 60 * 1000;
/** Most grants of a rate, and its longest period: 31 days, in ms. */
export const JOB_RATE_MAX = 1_000_000;
export const JOB_RATE_PERIOD_MS_MAX = 31 * 24 * 60 * 60 * 1000;
/** Longest wait for a newer start of a key: a day, in ms. */
export const JOB_DEBOUNCE_MS_MAX = 24 * 60 * 60 * 1000;
/** Longest detail of a failure in the journal, in characters. */
export const JOB_DETAIL_CHARS_MAX = 2_000;

/** Most results that a fork takes from another job, and their sum in bytes: one record carries them. */
export const JOB_FORK_ENTRIES_MAX = 1_000;
export const JOB_FORK_BYTES_MAX = 512 * 1024;

/** Most jobs of one bulk start or bulk action, and largest body of a bulk start, in bytes. */
export const JOB_BULK_MAX = 10_000;
export const JOB_BULK_BYTES_MAX = 10 * 1024 * 1024;

export const jobLanes = ['interactive', 'standard', 'batch'] as const;
export type JobLane = (typeof jobLanes)[number];
/** What a new job of a key does to another one that has not ended; an open vocabulary on the wire. */
export const jobSingletons = ['skip', 'cancel'] as const;
export type JobSingleton = (typeof jobSingletons)[number];

/** Kinds of entries of a journal; an open vocabulary on the wire. */
export type JobEntryKind = 'step' | 'sleep' | 'signal' | 'child' | 'model' | 'tool' | 'agent' | 'patch' | 'now';
/** Kinds of waits; an open vocabulary on the wire. */
export type JobWaitKind = 'sleep' | 'retry' | 'signal' | 'child' | 'model' | 'tool' | 'agent';
/** `request` of a wait for a model, as JSON. */
export interface JobModelRequest {
  readonly prompt: string;
  /** Default: the default model. */
  readonly model?: string | null;
  /** Upper bound of the answer, in tokens; the default and the maximum are those of an inference. */
  readonly max_tokens?: number | null;
  /** Messages before the prompt, oldest first. */
  readonly earlier?: readonly JobChatMessage[];
  /** A null or missing member has the value of an inference. */
  readonly sampling?: JobSampling | null;
}
/** A message before a prompt. */
export interface JobChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}
/** How an answer is sampled. */
export interface JobSampling {
  readonly temperature?: number | null;
  readonly seed?: number | null;
  /** Texts that end the answer. */
  readonly stop?: readonly string[];
  /** Form of the answer; null for text. */
  readonly response_format?: JobResponseFormat | null;
}
/** Form of an answer: any JSON object, or JSON of a schema. */
export type JobResponseFormat =
  | { readonly kind: 'json_object' }
  | {
      readonly kind: 'json_schema';
      readonly name: string;
      readonly description?: string | null;
      /** JSON Schema as JSON text. */
      readonly schema: string;
      /** True: the model is constrained to the schema. Default: false. */
      readonly strict?: boolean;
    };
/** `request` of a wait for embeddings, as JSON. */
export interface JobEmbeddingRequest {
  readonly input: readonly string[];
  /** Default: the default model. */
  readonly model?: string | null;
}
/** Result of a wait for a model, as JSON. */
export interface JobModelAnswer {
  readonly text: string;
  readonly model: string;
  readonly finish_reason: string;
  readonly tokens: { readonly prompt: number; readonly completion: number };
  /** A decimal, in the currency of the platform; missing in answers from before it was recorded. */
  readonly cost?: string;
  /** What the rules of outputs found in it; missing where the constitution has none. */
  readonly moderation?: WireModeration;
}
/** Result of a wait for embeddings, as JSON. */
export interface JobEmbeddingAnswer {
  /** One a text: 32-bit floats, little-endian, in base64. */
  readonly vectors: readonly string[];
  readonly model: string;
  readonly tokens: { readonly prompt: number; readonly completion: number };
}
/** `request` of a wait for a run of an agent, as JSON. A missing limit has the default of a run. */
export interface JobAgentRequest {
  readonly prompt: string;
  readonly instructions?: string;
  /** Default: the default model. */
  readonly model?: string | null;
  readonly max_tokens?: number | null;
  /** Names of tools that it may ask for, under the manifests of this moment. */
  readonly tools?: readonly string[];
  readonly limits?: {
    readonly steps?: number;
    readonly tokens?: number | null;
    /** A decimal with at most nine fraction digits. */
    readonly cost?: string | null;
    readonly wall_ms?: number;
    readonly identical_calls?: number;
  };
  /** JSON Schema of the result, as JSON text; null for text. */
  readonly output_schema?: string | null;
}
/** Result of a wait for a run of an agent, as JSON. */
export interface JobAgentAnswer {
  /** The result: text, or the JSON of its schema as text. */
  readonly text: string;
  readonly run_id: string;
  readonly tokens: { readonly prompt: number; readonly completion: number };
  /** A decimal, in the currency of the platform. */
  readonly cost: string;
  /** Labels of all that the run has seen. */
  readonly labels: readonly string[];
}
/** What a record has of a request: the outcome of its decision; `none` without a result. An open vocabulary on the wire. */
export type JobRecordedOutcome = 'allow' | 'deny' | 'none';
/** Code of a simulated job that asks for what the record does not have. */
export const SIMULATION_DIVERGED = 'SIMULATION_DIVERGED';
/** Code of a simulated job whose constitution has another document than when it was forked. */
export const SIMULATION_CONSTITUTION_CHANGED = 'SIMULATION_CONSTITUTION_CHANGED';
/** Ends of a run; an open vocabulary on the wire. */
export type JobRunOutcome = 'completed' | 'failed' | 'waiting' | 'stopped' | 'suspended' | 'mismatch' | 'lost';

/** The capability that starting a job of a type takes. */
export const startCapability = (type: string): string => `jobs:start:${type}`;
/** The capability that the interactive lane takes besides: its jobs go before all others of their key. */
export const INTERACTIVE_LANE = 'jobs:lane:interactive';
/** What jobs of a type read that has a capability of its own. */
const typeNeeds: Readonly<Record<string, string>> = {
  [AUDIT_EXPORT]: READ_AUDIT,
  [PERSONA_CHECK]: RUN_EVALUATIONS,
  [PERSONA_RECHECK]: RUN_EVALUATIONS,
  [ANOMALIES_WHAT_IF]: READ_ANOMALIES,
  [CAPSULE_UPGRADE_CHECK]: INSTALL_CAPSULES,
};

/** Returns what a start takes besides the capability of its type: for its lane, and for what jobs of the type read. */
export const furtherNeeds = (type: string, lane = ''): readonly string[] => [
  ...(lane === 'interactive' ? [INTERACTIVE_LANE] : []),
  ...[typeNeeds[type]].filter((each) => each !== undefined),
];
/** The capability that changing a job takes: resume, retry, signal, pause, cancel. */
export const CONTROL_JOBS = 'jobs:control';

interface JobCommand {
  readonly jobId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/**
 * Returns the texts of JSON, keys included, one a line: what moderation reads, without the escapes of JSON. Text that is not
 * JSON, and JSON without a text, is returned as it is. Total and pure.
 */
export function textIn(json: string): string {
  const texts: string[] = [];
  // Values still to be read, the next one last: recursion would give a result that depends on the size of the stack.
  const rest: unknown[] = [];
  try {
    rest.push(JSON.parse(json));
  } catch {
    return json;
  }
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) for (const item of value.toReversed()) rest.push(item);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value).toReversed()) rest.push(inner, key);
  }
  const text = texts.join('\n');
  // An input without a text is not an empty prompt.
  return text.trim() === '' ? json : text;
}

/** Bytes of an entry besides its texts: numbers, and lengths of texts. */
const ENTRY_BYTES_EXTRA = 64;

const bytesOf = (text: string | null): number => (text === null ? 0 : Buffer.byteLength(text));

/** Returns the bytes that an entry counts for in a fork. */
export const forkBytesOf = ({ path, name, kind, output, code, detail }: JobEntry): number =>
  [path, name, kind, output, code, detail].reduce((sum, text) => sum + bytesOf(text), ENTRY_BYTES_EXTRA);

/**
 * Returns entries of another job as those of a fork. Their runs are numbered again, so that the latest has the number 0: a
 * replay takes results run by run, and the first run of the fork comes after all of them. Keeps their order. Total.
 */
export function entriesOfFork(entries: readonly JobEntry[]): readonly JobEntry[] {
  const generations = [...new Set(entries.map(({ generation }) => generation))].sort((a, b) => a - b);
  const numbers = new Map(generations.map((generation, at) => [generation, at + 1 - generations.length]));
  return entries.map((entry) => ({ ...entry, generation: numbers.get(entry.generation) ?? 0 }));
}

/** A job is a resource by its type, so that the kill switch `job:<type>` stops it. */
const describe = (
  { jobId, principal, capabilities, credential, labels }: JobCommand,
  { type, needs, text }: { readonly type: string | null; readonly needs: string; readonly text: string | null },
): Description => ({
  ...{ principal, capabilities, credential, resourceId: type, needs, delegates: false },
  ...{ session: credential?.sessionId ?? null, persona: null, text, textLimit: 'embedding_chars_max', labels },
  ...{ maxTokens: null, estimate: { unit: 'calls', callsMax: 1 }, requestId: jobId },
});

/**
 * Returns what governance sees of a start. Rules read the texts of its input; one that the log has in pieces they do not read,
 * so it takes the capability for contents besides.
 */
function starting(
  command: JobCommand & { readonly type: string; readonly input: string },
  lane?: string,
  needs: readonly string[] = [],
): Description {
  const { type, input } = command;
  const isNamed = namedIn(input) !== null;
  const alsoNeeds = [...furtherNeeds(type, lane), ...(isNamed ? [CREATE_FILES] : []), ...needs];
  const text = isNamed ? null : textIn(input);
  return {
    ...describe(command, { type, needs: startCapability(type), text }),
    ...(alsoNeeds.length > 0 && { alsoNeeds }),
  };
}

const example = ({ capabilities, labels }: Example): JobCommand => ({
  ...{ jobId: EXAMPLE_ID, principal: 'constitution-tests', capabilities, labels },
  credential: { sessionId: EXAMPLE_ID, issuedAt: 0 },
});

const EXAMPLE_TYPE = 'example';
const exampleInput = (given: Example) => JSON.stringify(given.text ?? EXAMPLE_TEXT);

export const jobsCommands: Descriptors<RecordsIn<typeof topics.jobsCommands | typeof topics.jobsRequests>> = {
  StartJob: {
    resource: 'Job',
    describe: (command) => starting(command, command.lane),
    example: (given) => ({
      ...{ ...example(given), type: given.resourceId ?? EXAMPLE_TYPE, input: exampleInput(given), runAt: null },
      ...{ deadline: null, lane: 'standard', concurrencyKey: null, retry: null, tags: [] },
    }),
  },
  // The results that a fork carries were allowed when they were made. A simulation asks what another constitution decides.
  ForkJob: {
    resource: 'Job',
    describe: (command) => starting(command, command.lane, command.simulation === null ? [] : [lifeCapabilities.try]),
    example: (given) => ({
      ...{ ...example(given), type: given.resourceId ?? EXAMPLE_TYPE, input: exampleInput(given), lane: 'standard' },
      ...{ concurrencyKey: null, tags: [], entries: [], simulation: null, recorded: [] },
      forkedFrom: { jobId: EXAMPLE_ID, path: '', name: '', nth: 0 },
    }),
  },
  ResumeJob: {
    resource: 'Job',
    describe: (command) => describe(command, { type: null, needs: CONTROL_JOBS, text: null }),
    example,
  },
  RetryJob: {
    resource: 'Job',
    describe: (command) => describe(command, { type: null, needs: CONTROL_JOBS, text: null }),
    example,
  },
  SignalJob: {
    resource: 'Job',
    describe: (command) => describe(command, { type: null, needs: CONTROL_JOBS, text: textIn(command.payload) }),
    example: (given) => ({ ...example(given), name: 'approved', payload: exampleInput(given) }),
  },
  StartChildJob: {
    resource: 'Job',
    // Its lane is that of its parent.
    describe: (command) => starting(command),
    example: (given) => ({
      ...{ ...example(given), type: given.resourceId ?? EXAMPLE_TYPE, input: exampleInput(given) },
      ...{ parentId: EXAMPLE_ID, path: '', name: 'child', nth: 1, depth: 1, lane: 'standard' },
    }),
  },
  AskJobModel: {
    resource: 'Model',
    describe: (command) => {
      // Rules see every message of every role, and the schema of the answer, which models are shown.
      const { description = null, schema = null } = command.sampling?.responseFormat ?? {};
      const all = [...command.earlier.map(({ content }) => content), description, schema, command.prompt];
      const said = all.filter((text) => text !== null);
      const tokensMax = said.reduce((sum, text) => sum + tokensMaxOf(text), boundedMaxTokens(command.maxTokens));
      return {
        ...describe(command, { type: command.model, needs: invokeCapability(command.model), text: said.join('\n') }),
        ...{ maxTokens: command.maxTokens, requestId: command.callId, textLimit: 'prompt_chars_max' },
        estimate: { unit: 'tokens', tokensMax },
      };
    },
    example: (given) => ({
      ...{ ...example(given), callId: `${EXAMPLE_ID}//model/1`, model: given.resourceId, maxTokens: given.maxTokens },
      ...{ prompt: given.text ?? EXAMPLE_TEXT, path: '', name: 'model', nth: 1, earlier: [], sampling: null },
    }),
  },
  AskJobEmbedding: {
    resource: 'Model',
    describe: (command) => ({
      ...describe(command, {
        ...{ type: command.model, needs: embedCapability(command.model), text: command.input.join('\n') },
      }),
      requestId: command.callId,
      estimate: { unit: 'tokens', tokensMax: command.input.reduce((sum, text) => sum + tokensMaxOf(text), 0) },
    }),
    example: (given) => ({
      ...{ ...example(given), callId: `${EXAMPLE_ID}//model/1`, model: given.resourceId },
      ...{ input: [given.text ?? EXAMPLE_TEXT], path: '', name: 'model', nth: 1 },
    }),
  },
};
