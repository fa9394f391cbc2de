import { describe, expect, it } from 'vitest';
import { continuedTurn } from '../../schemas/contexts/slm/messages.ts';
import { policyDecided, slmEmbedded, startSession } from '../../schemas/generated/records.ts';
import { storedTopics } from '../../schemas/topics.ts';
import { rowsOf } from '../testing/apply.ts';
import { conversation, decision, sessionStarted } from '../testing/sample.ts';
import { categoryOf, events } from './projection.ts';

const start = startSession({
  sessionId: 's',
  principal: 'p',
  persona: 'guide',
  capabilities: [],
  model: null,
  metadata: { camelCase: 'mine' },
  turnId: null,
  prompt: 'hi',
  maxTokens: null,
  requestDigest: 'd',
  labels: [],
  ...continuedTurn,
});

describe('events', () => {
  it('hold every event and decision, but no audit records, deltas, commands or state', () => {
    expect(storedTopics.map(({ name }) => name).sort()).toEqual(
      expect.arrayContaining([
        'conversation.events',
        'policy.decisions',
        'sessions.events',
        'slm.metrics',
        'slm.responses',
      ]),
    );
    expect(storedTopics.some(({ name }) => /audit|deltas|commands|state|requests/.test(name))).toBe(false);
  });

  it('give each topic its own category, so that a stream lies in one partition', () => {
    expect(new Set(storedTopics.map(({ name }) => categoryOf(name))).size).toBe(storedTopics.length);
  });

  it('keep the data as on the wire: field names in snake_case, the caller’s own keys unchanged', () => {
    const [row] = rowsOf(events, [sessionStarted('s')]);
    expect(row).toMatchObject({
      stream_id: 'sessions-s',
      subject_id: 's',
      type: 'khipu.sessions.SessionStarted',
      sequence: null,
      data: {
        session_id: 's',
        turn_id: null,
        metadata: { teamName: 'red' },
        decision: { decision_id: decision.decisionId },
      },
      metadata: { ce_type: 'khipu.sessions.SessionStarted', traceparent: 't' },
    });
    expect(row?.['metadata']).not.toHaveProperty('content-type');
  });

  it('show the command carried by a decision', () => {
    const decided = policyDecided({
      subjectId: 's',
      commandId: 'c',
      commandType: 'khipu.sessions.StartSession',
      command: start,
      decision,
      features: [{ name: 'f', value: 1, weight: 1 }],
      principal: 'p',
      evaluatorVersion: '1',
      budget: null,
      labels: [],
      history: null,
      engine: null,
      moderation: null,
      persona: null,
      classifier: null,
      findings: [],
      flow: [],
      approval: null,
    });
    expect(rowsOf(events, [decided])).toMatchObject([
      {
        stream_id: 'policy-s',
        data: {
          command: { type: 'khipu.sessions.StartSession', data: { session_id: 's', metadata: { camelCase: 'mine' } } },
          features: [{ name: 'f', value: 1, weight: 1 }],
        },
      },
    ]);
  });

  it('read the sequence of conversation events, and keep nested arrays unchanged', () => {
    expect(rowsOf(events, conversation('s', 1, 1)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const vectors = [[0.5, 1], [2]];
    const embedded = slmEmbedded({
      subjectId: 'r',
      origin: 'inference',
      requestId: 'r',
      vectors,
      modelId: 'm',
      tokensConsumed: { prompt: 1, completion: 0 },
      latencyMs: 1,
    });
    expect(rowsOf(events, [embedded])).toMatchObject([{ stream_id: 'slm.responses-r', data: { vectors } }]);
  });
});
