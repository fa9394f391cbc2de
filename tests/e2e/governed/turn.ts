import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import { type ForeignRecord, readWithForeignClient } from '../../support/foreign-client/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { recordedOf, sequencesOf, textOf } from '../../support/turn-text.ts';
import { clientOf, type FinishedTurn, namesOf, runTurn, UUID } from '../support/turn-fixture.ts';

const RECORDS: Readonly<Record<string, string>> = {
  'turn.queued': 'khipu.conversation.TurnQueued',
  'turn.started': 'khipu.conversation.TurnStarted',
  'turn.delta': 'khipu.conversation.TurnDelta',
  'turn.completed': 'khipu.conversation.TurnCompleted',
};

/**
 * Returns what a stream shows of a delta, without the pieces before it: a stream that is behind shows several pieces as one,
 * with the id of the last.
 */
function lastPiece(shown: Readonly<Record<string, unknown>>, { start }: Readonly<Record<string, unknown>>): object {
  const { text, start: from } = shown as { readonly text: string; readonly start: number };
  return { ...shown, start, text: text.slice(Number(start) - from) };
}

/** Follows a prompt through every topic, stream and view that it passes. */
export function describeTurn(platform: () => TestPlatform): void {
  describe('a governed turn', () => {
    let turn: FinishedTurn;
    let log: readonly ForeignRecord[];
    const idOf = (record: ForeignRecord): string => record.headers['ce_id'] ?? '';
    const inTopic = (topic: string): ForeignRecord[] => log.filter((record) => record.topic === topic);

    beforeAll(async () => {
      turn = await runTurn(clientOf(platform()));
      const audited = (records: readonly ForeignRecord[]): boolean => {
        const ids = new Set(records.map(({ value }) => value['event_id']));
        const metered = records.some(({ topic, key }) => topic === 'slm.metrics' && key === turn.sessionId);
        return metered && recordedOf(turn.events).every(({ data }) => ids.has(data['event_id']));
      };
      const topics = ['policy.decisions', 'conversation.events', 'conversation.deltas', 'slm.requests', 'slm.metrics'];
      log = await until(() => readWithForeignClient(platform().parts.env, ...topics, 'audit.events'), audited, 60_000);
    });

    test('is answered with the session, its token and the decision on it', () => {
      const { session, headers, status } = turn;
      expect(status).toBe(201);
      expect(session).toEqual({
        session_id: expect.stringMatching(UUID),
        turn_id: expect.stringMatching(UUID),
        token: expect.any(String),
        token_type: 'Bearer',
        expires_at: expect.any(String),
        capabilities: [
          'slm:invoke:*',
          'slm:embed:*',
          'slm:moderate',
          'sessions:*',
          'jobs:*',
          'schedules:*',
          'files:*',
          'tool:*',
          'agents:*',
          'memory:*',
          'capsules:*',
          'evaluations:*',
          'workflows:*',
        ],
        turn_url: `/v1/turn/${turn.sessionId}?turn_id=${turn.turnId}`,
        decision: {
          decision_id: expect.stringMatching(UUID),
          outcome: 'allow',
          score: expect.any(Number),
          threshold: expect.any(Number),
          reasons: ['PERMITTED'],
          clauses: expect.any(Array),
          constitution: { version: '1.3.0', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
      });
      expect(session.decision.score).toBeGreaterThanOrEqual(session.decision.threshold);
      expect(Date.parse(session.expires_at)).toBeGreaterThan(Date.now());
      expect(headers.get('location')).toBe(`/v1/sessions/${turn.sessionId}`);
    });

    test('has a token that verifies with the published keys and names its session', async () => {
      const { body } = await clientOf(platform()).call<JSONWebKeySet>('GET', '/.well-known/jwks.json', { token: null });
      const { payload, protectedHeader } = await jwtVerify(turn.session.token, createLocalJWKSet(body));
      expect(protectedHeader.alg).toBe('EdDSA');
      expect(payload).toMatchObject({
        tenant: 'demo',
        session: turn.sessionId,
        capabilities: turn.session.capabilities,
        exp: Date.parse(turn.session.expires_at) / 1000,
      });
    });

    test('is streamed from its start through its deltas to the whole answer', () => {
      const { events } = turn;
      expect(namesOf(events)).toEqual([
        'turn.queued',
        'turn.started',
        ...events.slice(2, -1).map(() => 'turn.delta'),
        'turn.completed',
      ]);
      expect(events.length).toBeGreaterThan(3);
      expect(sequencesOf(events)).toEqual([2, 3, 4]);
      for (const { data } of events)
        expect(data).toMatchObject({
          event_id: expect.stringMatching(UUID),
          session_id: turn.sessionId,
          turn_id: turn.turnId,
          at: expect.stringMatching(/^\d{4}-.*Z$/),
        });
      expect(events.at(-1)?.data).toMatchObject({ text: textOf(events), model_id: 'khipu-deterministic-1' });
    });

    test('is in the conversation topics event by event, as read by a client in another language', () => {
      expect(recordedOf(turn.events)).toHaveLength(3);
      const endId = turn.events.at(-1)?.data['event_id'];
      for (const { event, data } of turn.events) {
        const { event_id, at, ...shown } = data;
        // Text that a gateway has not read when the end comes is shown from the record of the end.
        if (event === 'turn.delta' && event_id === endId) continue;
        const isDelta = event === 'turn.delta';
        const topic = isDelta ? 'conversation.deltas' : 'conversation.events';
        const record = inTopic(topic).find((candidate) => idOf(candidate) === event_id);
        expect(record?.key).toBe(turn.sessionId);
        expect(record?.record).toBe(RECORDS[event]);
        // A stream event does not include the terms of the request, and a delta not the place of its turn.
        const { deadline, budget, cost, max_tokens, principal, persona, decision_id, turn_sequence, ...more } =
          record?.value ?? {};
        // The first two are of turns of the OpenAI API, which has streams of its own; this turn recalls nothing.
        const { response, tool_calls, recalled, moderation, ...said } = more;
        expect(recalled ?? null).toBeNull();
        // The end says by what the answer was checked, and that nothing was found.
        if (event === 'turn.completed')
          expect(moderation).toMatchObject({ constitution_version: expect.any(String), findings: [], redacted: 0 });
        else expect(moderation).toBeUndefined();
        expect(isDelta ? lastPiece(shown, said) : shown).toEqual(said);
        expect(deadline === undefined).toBe(event !== 'turn.started');
        expect(cost === undefined).toBe(event !== 'turn.completed');
        expect(max_tokens === undefined).toBe(event !== 'turn.queued');
        expect(turn_sequence).toBe(isDelta ? 3 : undefined);
        expect(record?.headers).toMatchObject({
          ce_specversion: '1.0',
          ce_id: event_id,
          ce_type: RECORDS[event],
          ce_source: isDelta ? 'khipu/slm' : 'khipu/conversation',
          ce_subject: turn.sessionId,
          ce_time: at,
          ce_tenantid: 'demo',
          ce_correlationid: expect.stringMatching(UUID),
          ce_causationid: expect.stringMatching(UUID),
          traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
        });
      }
    });

    test('is audited event by event, each with its place in the log and the digest of its bytes', () => {
      const audited = new Set(inTopic('audit.events').map(({ value }) => value['topic']));
      expect(audited).not.toContain('conversation.deltas');
      for (const { data } of recordedOf(turn.events)) {
        const audits = inTopic('audit.events').filter(({ value }) => value['event_id'] === data['event_id']);
        const event = inTopic('conversation.events').find((record) => idOf(record) === data['event_id']);
        expect(audits).toHaveLength(1);
        expect(audits[0]?.value).toMatchObject({
          topic: 'conversation.events',
          partition: event?.partition,
          offset: event?.offset,
          tenant_id: 'demo',
          value_sha256: event?.sha256,
        });
      }
    });

    test('asked the model once, under the decision, and was metered', () => {
      const of = (topic: string) => inTopic(topic).filter(({ key }) => key === turn.sessionId);
      const [request, ...more] = of('slm.requests');
      expect(more).toEqual([]);
      expect(request?.value).toMatchObject({
        request_id: turn.turnId,
        origin: 'conversation',
        decision_id: turn.session.decision.decision_id,
      });
      const decision = inTopic('policy.decisions').find((record) => idOf(record) === turn.session.decision.decision_id);
      expect(request?.headers['ce_causationid']).toBe(decision?.headers['ce_id']);
      expect(of('slm.metrics').map(({ value }) => value)).toEqual([
        expect.objectContaining({
          tenant_id: 'demo',
          session_id: turn.sessionId,
          turn_id: turn.turnId,
          provider: 'deterministic',
          model_id: 'khipu-deterministic-1',
          outcome: 'completed',
          tokens_consumed: turn.events.at(-1)?.data['tokens_consumed'],
          latency_ms: expect.any(Number),
          time_to_first_token_ms: expect.any(Number),
        }),
      ]);
    });
  });
}
