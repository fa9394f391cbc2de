import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import { type OutsideRecord, readFromOutside } from '../../support/outside/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, namesOf, type TakenTurn, takeTurn, textOf, UUID } from '../support/taken-turn.ts';

const RECORDS: Readonly<Record<string, string>> = {
  'turn.started': 'khipu.conversation.TurnStarted',
  'turn.delta': 'khipu.conversation.TurnDelta',
  'turn.completed': 'khipu.conversation.TurnCompleted',
};

/** A prompt goes in, and is found again at every place it passed. */
export function describeTurn(platform: () => TestPlatform): void {
  describe('a governed turn', () => {
    let turn: TakenTurn;
    let log: readonly OutsideRecord[];
    const idOf = (record: OutsideRecord): string => record.headers['ce_id'] ?? '';
    const inTopic = (topic: string): OutsideRecord[] => log.filter((record) => record.topic === topic);

    beforeAll(async () => {
      turn = await takeTurn(clientOf(platform()));
      const audited = (records: readonly OutsideRecord[]): boolean => {
        const ids = new Set(records.map(({ value }) => value['event_id']));
        const metered = records.some(({ topic, key }) => topic === 'slm.metrics' && key === turn.sessionId);
        return metered && turn.events.every(({ data }) => ids.has(data['event_id']));
      };
      const topics = ['policy.decisions', 'conversation.events', 'slm.requests', 'slm.metrics', 'audit.events'];
      log = await until(() => readFromOutside(platform().parts.env, ...topics), audited, 60_000);
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
        capabilities: ['slm:invoke:*', 'slm:embed:*'],
        turn_url: `/v1/turn/${turn.sessionId}?turn_id=${turn.turnId}`,
        decision: {
          decision_id: expect.stringMatching(UUID),
          outcome: 'allow',
          score: expect.any(Number),
          threshold: expect.any(Number),
          reasons: ['PERMITTED'],
          clauses: expect.any(Array),
          constitution: { version: '1.1.0', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
        },
      });
      expect(session.decision.score).toBeGreaterThanOrEqual(session.decision.threshold);
      expect(Date.parse(session.expires_at)).toBeGreaterThan(Date.now());
      expect(headers.get('location')).toBe(`/v1/sessions/${turn.sessionId}`);
    });

    test('has a token that verifies with the published keys and says whose it is', async () => {
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

    test('is streamed from its start over its pieces to the whole answer', () => {
      const { events } = turn;
      expect(events.length).toBeGreaterThanOrEqual(3);
      expect(namesOf(events)).toEqual([
        'turn.started',
        ...events.slice(1, -1).map(() => 'turn.delta'),
        'turn.completed',
      ]);
      const first = Number(events[0]?.id);
      expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => first + index));
      for (const { id, data } of events)
        expect(data).toMatchObject({
          event_id: expect.stringMatching(UUID),
          session_id: turn.sessionId,
          turn_id: turn.turnId,
          sequence: Number(id),
          at: expect.stringMatching(/^\d{4}-.*Z$/),
        });
      expect(events.at(-1)?.data).toMatchObject({ text: textOf(events), model_id: 'khipu-deterministic-1' });
    });

    test('stands in conversation.events event by event, as another language reads it', () => {
      for (const { event, data } of turn.events) {
        const { event_id, at, ...shown } = data;
        const record = inTopic('conversation.events').find((candidate) => idOf(candidate) === event_id);
        expect(record?.key).toBe(turn.sessionId);
        expect(record?.record).toBe(RECORDS[event]);
        // A stream says when the turn started, not when it would be given up, nor what it is held against and costs.
        const { deadline, budget, cost, ...said } = record?.value ?? {};
        expect(said).toEqual(shown);
        expect(deadline === undefined).toBe(event !== 'turn.started');
        expect(budget === undefined).toBe(event !== 'turn.started');
        expect(cost === undefined).toBe(event !== 'turn.completed');
        expect(record?.headers).toMatchObject({
          ce_specversion: '1.0',
          ce_id: event_id,
          ce_type: RECORDS[event],
          ce_source: 'khipu/conversation',
          ce_subject: turn.sessionId,
          ce_time: at,
          ce_tenantid: 'demo',
          ce_correlationid: expect.stringMatching(UUID),
          ce_causationid: expect.stringMatching(UUID),
          traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
        });
      }
    });

    test('is audited event by event, each with the place and the digest of its bytes', () => {
      for (const { data } of turn.events) {
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

    test('asked the model once, under the decision, and paid for it', () => {
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
