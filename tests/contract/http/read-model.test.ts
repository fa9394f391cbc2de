import { expect, test } from 'vitest';
import { type View, viewTopics } from '../../../gateways/shared/read-model.ts';
import { fromLog, fromReadModel } from '../../../gateways/turns/stream-event.ts';
import { audit } from '../../../projections/audit/projection.ts';
import { budgets } from '../../../projections/budgets/projection.ts';
import { events } from '../../../projections/events/projection.ts';
import type { Projection } from '../../../projections/kernel.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { turns } from '../../../projections/turns/projection.ts';
import { usage } from '../../../projections/usage/projection.ts';
import { wireData } from '../../../projections/wire.ts';
import {
  fullNames,
  turnCompleted,
  turnDelta,
  turnFailed,
  turnQueued,
  turnRefused,
  turnStarted,
} from '../../../schemas/generated/records.ts';

const views: Readonly<Record<View, Projection>> = { sessions, turns, usage, budgets, events, audit };

test.each(Object.entries(views))('the gateway knows the topics of %s', (name, projection) => {
  expect([...viewTopics[name as View]].sort()).toEqual(projection.inputs.map((topic) => topic.name).sort());
});

const ids = { sessionId: 's', turnId: 't', sequence: 3 };
const decision = {
  decisionId: 'd',
  outcome: 'deny',
  score: 0.5,
  threshold: 0.75,
  reasons: ['X'],
  clauses: ['c'],
  constitutionVersion: '1',
  constitutionDigest: 'a',
} as const;

test.each([
  turnQueued({
    ...ids,
    position: 1,
    prompt: 'p',
    model: null,
    maxTokens: 5,
    principal: 'x',
    decisionId: 'd',
    budget: null,
  }),
  turnStarted({ ...ids, prompt: 'p', model: 'm', deadline: null, budget: null }),
  turnDelta({ ...ids, attempt: 1, index: 0, text: 'x' }),
  turnCompleted({
    ...ids,
    text: 'x',
    modelId: 'm',
    finishReason: 'stop',
    tokensConsumed: { prompt: 1, completion: 2 },
    cost: null,
    latencyMs: 3,
  }),
  turnFailed({ ...ids, code: 'SLM_TIMEOUT', detail: 'x' }),
  turnRefused({ ...ids, code: 'POLICY_DENIED', detail: 'x', decision }),
])('a stream shows the same of $type from the log and from the read model', (record) => {
  const timeMs = Date.parse('2026-01-01T00:00:00.000Z');
  const place = { topic: 'conversation.events', partition: 0, offset: 2 };
  const meta = {
    ...place,
    id: 'e',
    type: record.type,
    key: 's',
    tenantId: 'demo',
    correlationId: 'c',
    causationId: 'c',
    timeMs,
    traceparent: '',
    value: new Uint8Array(),
  };
  const stored = {
    ...place,
    eventId: 'e',
    streamId: 'conversation-s',
    streamVersion: 3,
    subjectId: 's',
    type: fullNames[record.type],
    sequence: 3,
    data: JSON.parse(JSON.stringify(wireData(record))) as Record<string, unknown>,
    metadata: {},
    at: new Date(timeMs),
    appendedAt: new Date(timeMs),
  };
  expect(fromReadModel(stored)).toEqual(fromLog({ record, meta }));
});
