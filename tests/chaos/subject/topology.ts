/**
 * The system under chaos: the production runners, with counting declarations. Four groups, each with its own source and
 * fed by the one before:
 *
 *   inference.commands → counter ⇒ inference.events ⇒ asker → slm.requests → worker → slm.responses → relay → conversation.events
 *                                        └──────────────────── tally (Postgres) ────────────────────────────┘
 *
 * Counter and asker are chained (⇒) in one topology: an event is written and handed on in one transaction.
 *
 * Every record carries the number of its input, so a reader of a key sees which numbers were lost, doubled or moved.
 */
import { createHash } from 'node:crypto';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { TopicConfig } from '../../../infra/kafka/port.ts';
import type { View } from '../../../infra/projections/generation.ts';
import type { WorkHandler } from '../../../infra/runner/worker/attempts.ts';
import { foldTable, key, last, projection, row, sum } from '../../../projections/kernel.ts';
import { RecordCodec, UndecodableError } from '../../../schemas/codec.ts';
import { fullNames, type RecordName, type RecordOf } from '../../../schemas/generated/records.ts';
import { schemas } from '../../../schemas/generated/schemas.ts';
import { deadLetterTopic, PARTITIONS_DEFAULT, type Topic, topics } from '../../../schemas/topics.ts';
import { processor, topology, worker } from '../../../streams/kernel.ts';

/** Schema ids are the indexes of the records in this list, so that processes start without a registry. */
const recordNames = Object.keys(fullNames) as RecordName[];

export const decoder = new RecordDecoder(
  new RecordCodec(new Map(recordNames.map((name, index) => [name, index + 1]))),
  async (id) => {
    throw new UndecodableError('RECORD_UNKNOWN', `no schema ${id}`);
  },
);

/** The same schemas for readers in other languages: a registry's answers to `/schemas/ids/<id>`, by that path. */
export const schemaFiles: ReadonlyMap<string, string> = new Map(
  recordNames.map((name, index) => [`schemas/ids/${index + 1}`, JSON.stringify({ schema: schemas[name] })]),
);

export interface Count {
  readonly count: number;
}

const stateOf = (name: string): Topic<never> => ({ ...topics.sessionsState, name: `${name}.state` });
export const counterState = stateOf('counter');
export const relayState = stateOf('relay');

/** Returns the request to the worker for one number of a key. */
export const request = (subjectId: string, number: string): RecordOf<'SlmEmbeddingRequested'> => ({
  type: 'SlmEmbeddingRequested',
  data: {
    ...{ subjectId, requestId: `${subjectId}/${number}`, sessionId: null, turnId: null, input: [number] },
    ...{ origin: 'inference', principal: 'chaos', model: null, decisionId: 'chaos', lane: 'standard' },
  },
});

const counted = (requestId: string, count: number, number: string): RecordOf<'InferenceFailed'> => ({
  type: 'InferenceFailed',
  data: { requestId, code: `${count}`, detail: number, refusal: null },
});

/** The topic that is handed on. */
const events = { ...topics.inferenceEvents, writers: ['counter'] };

/** Emits n for the nth record of a key. */
const counter = processor({
  name: 'counter',
  inputs: [topics.inferenceCommands],
  outputs: [events],
  state: counterState,
  key: (record) => record.data.requestId,
  initial: { count: 0 } as Count,
  decide: ({ count }, record) => {
    if (record.type !== 'InferText') return [];
    const { requestId, prompt } = record.data;
    return [counted(requestId, count + 1, prompt)];
  },
  evolve: ({ count }) => ({ count: count + 1 }),
});

/** Emits a request to the worker for each event. */
const asker = processor({
  name: 'asker',
  inputs: [events],
  outputs: [topics.slmRequests],
  key: (record) => record.data.requestId,
  decide: (_, record) =>
    record.type === 'InferenceFailed' ? [request(record.data.requestId, record.data.detail)] : [],
});

const redrives = { ...topics.coreRedrive, name: 'counter.redrive' };

export const counting = topology({ name: 'counter', members: [counter, asker], redrives });

export const chaosWorker = worker({
  name: 'worker',
  inputs: [topics.slmRequests],
  outputs: [topics.slmResponses],
  key: ({ data }) => data.subjectId,
  ...{ concurrencyMax: 64, attemptsMax: 1_000, deadlineMs: 60_000 },
});

/** Returns the worker's answer for one number of a key. */
export const answered = (subjectId: string, number: string, attempt: number): RecordOf<'SlmFailed'> => ({
  type: 'SlmFailed',
  data: {
    subjectId,
    origin: 'inference',
    requestId: `${subjectId}/${number}`,
    attempt,
    code: 'COUNTED',
    detail: number,
    refusal: null,
  },
});

/** Works for 0 to 60 ms, which exceeds a commit, so that runs also end between commits. */
export const workHandler: WorkHandler = {
  handle: async (record, context) => {
    const { data } = record as RecordOf<'SlmEmbeddingRequested'>;
    await new Promise((resolve) => setTimeout(resolve, (context.meta.offset % 7) * 10));
    context.end(answered(data.subjectId, data.input[0] ?? '', context.attempt));
  },
  abandon: async () => {
    throw new Error('work is never abandoned in chaos runs');
  },
};

const relayed = (sessionId: string, sequence: number, attempt: number, number: string): RecordOf<'TurnFailed'> => ({
  type: 'TurnFailed',
  data: { sessionId, turnId: sessionId, sequence, code: `attempt ${attempt}`, detail: number, refusal: null },
});

export const relay = processor({
  name: 'relay',
  inputs: [topics.slmResponses],
  outputs: [topics.conversationEvents],
  state: relayState,
  key: (record) => record.data.subjectId,
  initial: { count: 0 } as Count,
  decide: ({ count }, record) => {
    if (record.type !== 'SlmFailed') return [];
    const { subjectId, attempt, detail } = record.data;
    return [relayed(subjectId, count + 1, attempt, detail)];
  },
  evolve: ({ count }) => ({ count: count + 1 }),
});

const tallyTable = foldTable('chaos_tally', {
  tenant_id: key('text'),
  subject: key('text'),
  counted: sum('bigint'),
  counted_sum: sum('bigint'),
  relayed: sum('bigint'),
  relayed_sum: sum('bigint'),
  relayed_last: last('bigint'),
});

export const tally = projection({
  name: 'tally',
  version: 1,
  inputs: [topics.inferenceEvents, topics.conversationEvents],
  tables: [tallyTable],
  apply(record, { tenantId }) {
    if (record.type === 'InferenceFailed')
      return [
        row(tallyTable, {
          ...{ tenant_id: tenantId, subject: record.data.requestId },
          ...{ counted: 1, counted_sum: Number(record.data.detail) },
        }),
      ];
    if (record.type !== 'TurnFailed') return [];
    const { sessionId, detail } = record.data;
    return [
      row(tallyTable, {
        ...{ tenant_id: tenantId, subject: sessionId },
        ...{ relayed: 1, relayed_sum: Number(detail), relayed_last: Number(detail) },
      }),
    ];
  },
});

const tallySql = `CREATE TABLE chaos_tally (
  tenant_id text NOT NULL,
  subject text NOT NULL,
  counted bigint NOT NULL DEFAULT 0,
  counted_sum bigint NOT NULL DEFAULT 0,
  relayed bigint NOT NULL DEFAULT 0,
  relayed_sum bigint NOT NULL DEFAULT 0,
  relayed_last bigint,
  PRIMARY KEY (tenant_id, subject)
);`;

export const tallyView: View = {
  projection: tally,
  migrations: [
    { name: '0001-tally.sql', sql: tallySql, checksum: createHash('sha256').update(tallySql).digest('hex') },
  ],
};

const withDeadLetters = [
  topics.inferenceCommands,
  topics.inferenceEvents,
  topics.slmRequests,
  topics.slmResponses,
  topics.conversationEvents,
];

export const topicConfigs: readonly TopicConfig[] = [
  ...withDeadLetters.flatMap(({ name }) => [name, deadLetterTopic(name)]),
  redrives.name,
  counterState.name,
  relayState.name,
].map((name) => ({
  name,
  partitions: PARTITIONS_DEFAULT,
  config: name.endsWith('.state') ? { 'cleanup.policy': 'compact' } : {},
}));

/** Topics that must be empty at the end. */
export const deadLetterTopics: readonly string[] = withDeadLetters.map(({ name }) => deadLetterTopic(name));

export type GroupName = 'counter' | 'worker' | 'relay' | 'tally';
export const groupNames: readonly GroupName[] = ['counter', 'worker', 'relay', 'tally'];
