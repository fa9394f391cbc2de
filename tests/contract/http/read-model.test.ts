import { expect, test } from 'vitest';
import type { View } from '../../../gateways/shared/read-model.ts';
import { fromLog, fromReadModel } from '../../../gateways/turns/stream-event.ts';
import { topicsOfView } from '../../../infra/bin/roles/topics-of-view.ts';
import { allProjections } from '../../../projections/all.ts';
import { wireData } from '../../../projections/wire.ts';
import {
  fullNames,
  turnCompleted,
  turnFailed,
  turnQueued,
  turnRefused,
  turnStarted,
} from '../../../schemas/generated/records.ts';

test.each(allProjections)('the gateway knows the topics of $name', ({ name, inputs }) => {
  expect([...topicsOfView(name as View)].sort()).toEqual(inputs.map((topic) => topic.name).sort());
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
    persona: null,
    response: null,
  }),
  turnStarted({ recalled: null, ...ids, prompt: 'p', model: 'm', deadline: null, budget: null }),
  turnCompleted({
    moderation: null,
    recalled: null,
    ...ids,
    attempt: 1,
    text: 'x',
    modelId: 'm',
    finishReason: 'stop',
    tokensConsumed: { prompt: 1, completion: 2 },
    cost: null,
    toolCalls: [],
    latencyMs: 3,
  }),
  turnFailed({ ...ids, code: 'SLM_TIMEOUT', detail: 'x', refusal: null }),
  turnRefused({ ...ids, code: 'POLICY_DENIED', detail: 'x', decision, shortfall: null }),
  turnRefused({
    ...ids,
    ...{ code: 'BUDGET_EXCEEDED', detail: 'x', decision },
    shortfall: {
      ...{ window: 'day', tokensNeeded: 300, costNeeded: '0.000060000', tokensLeft: 100, costLeft: null },
      ...{ resetsAt: Date.UTC(2026, 0, 2), cause: 'spent' },
    },
  }),
])('a stream shows $type equally from the log and from the read model', (record) => {
  const timeMs = Date.parse('2026-01-01T00:00:00.000Z');
  const place = { topic: 'conversation.events', partition: 0, offset: 2 };
  const meta = {
    ...place,
    id: 'e',
    type: record.type,
    key: 's',
    tenantId: 'demo',
    place: 'demo/0',
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
