import { beforeAll, describe, expect, test } from 'vitest';
import type { Schemas } from '../../../infra/client/api.ts';
import { settledAnswer } from '../../../infra/client/settle.ts';
import { until } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { recordedOf } from '../../support/turn-text.ts';
import { clientOf, type FinishedTurn, runTurn } from '../support/turn-fixture.ts';

type StoredEvent = Schemas['Event'];
type Audit = Schemas['Audit'];

/** One page of a list. */
type ReadPage<Item> = (query: { readonly limit: number; readonly cursor?: string }) => Promise<{
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}>;

/** Reads a list to its end, in pages of `limit`. */
async function paged<Item>(read: ReadPage<Item>, limit: number): Promise<Item[]> {
  const found: Item[] = [];
  let page = await read({ limit });
  found.push(...page.items);
  while (page.next_cursor !== null) {
    page = await read({ limit, cursor: page.next_cursor });
    found.push(...page.items);
  }
  return found;
}

/** The rows of a turn in the read models. */
export function describeReadModels(platform: () => TestPlatform): void {
  describe('a turn in the read models', () => {
    let turn: FinishedTurn;
    const api = () => clientOf(platform()).api;
    const ofSession = () => ({ path: { session_id: turn.sessionId } });
    const readEvents: ReadPage<StoredEvent> = async (query) =>
      settledAnswer(await api().GET('/v1/sessions/{session_id}/events', { params: { ...ofSession(), query } }));
    const readAudit: ReadPage<Audit> = async (query) =>
      settledAnswer(await api().GET('/v1/audit', { params: { query: { ...query, session_id: turn.sessionId } } }));
    const metered = (events: readonly StoredEvent[]) => events.some(({ topic }) => topic === 'slm.metrics');
    const eventsOf = () => until(() => paged(readEvents, 200), metered, 30_000);

    beforeAll(async () => {
      turn = await runTurn(clientOf(platform()));
    });

    test('a query with the position of a write sees the write', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { body, headers } = await clientOf(platform()).start({
          persona: 'guide',
          metadata: { round: String(round) },
        });
        const position = headers.get('khipu-position') ?? '';
        expect(position).not.toBe('');
        const session = await api().GET('/v1/sessions/{session_id}', {
          params: { path: { session_id: body.session_id }, header: { 'khipu-position': position } },
        });
        expect(session.data).toMatchObject({ status: 'started', metadata: { round: String(round) } });
        const list = await api().GET('/v1/sessions', { params: { query: { position, limit: 1 } } });
        expect(list.data?.items[0]?.session_id).toBe(body.session_id);
      }
    });

    test('the session shows its turn, decision, tokens and cost', async () => {
      const completed = turn.events.at(-1)?.data ?? {};
      const session = await until(
        async () => settledAnswer(await api().GET('/v1/sessions/{session_id}', { params: ofSession() })),
        ({ usage, turns }) => usage.length > 0 && turns[0]?.status === 'completed',
        30_000,
      );
      expect(session).toMatchObject({
        session_id: turn.sessionId,
        status: 'started',
        persona: 'guide',
        turn_count: 1,
        tokens_consumed: completed['tokens_consumed'],
        decision: turn.session.decision,
        turns: [
          {
            turn_id: turn.turnId,
            status: 'completed',
            prompt: 'What is a khipu?',
            text: completed['text'],
            model_id: 'khipu-deterministic-1',
            tokens_consumed: completed['tokens_consumed'],
            latency_ms: completed['latency_ms'],
            started_at: turn.events[0]?.data['at'],
            ended_at: completed['at'],
          },
        ],
        usage: [
          {
            model_id: 'khipu-deterministic-1',
            requests: 1,
            failures: 0,
            tokens_consumed: completed['tokens_consumed'],
            cost: expect.stringMatching(/^0\.0000\d+$/),
            currency: 'USD',
          },
        ],
      });
    });

    test('its events form a chain from the decision to the answer, each with its offset in the log', async () => {
      const events = await eventsOf();
      const ids = new Map(events.map((event) => [event.event_id, event]));
      const byType = (type: string) => events.filter((event) => event.type === `khipu.${type}`);
      const [decided] = byType('policy.PolicyDecided');
      const [started] = byType('sessions.SessionStarted');
      const [opened] = byType('conversation.ConversationOpened');
      const [completed] = byType('conversation.TurnCompleted');
      expect(decided?.event_id).toBe(turn.session.decision.decision_id);
      for (const event of [started, opened]) expect(event?.metadata['ce_causationid']).toBe(decided?.event_id);
      expect(ids.get(completed?.metadata['ce_causationid'] ?? '')?.type).toBe('khipu.slm.SlmCompleted');
      expect(events.filter(({ type }) => type.endsWith('Delta'))).toEqual([]);
      const correlations = new Set(events.map(({ metadata }) => metadata['ce_correlationid']));
      expect([...correlations]).toEqual([decided?.metadata['ce_causationid']]);
      const places = events.map(({ topic, partition, offset }) => `${topic}/${partition}/${offset}`);
      expect(new Set(places).size).toBe(events.length);
      const conversation = events.filter(({ topic }) => topic === 'conversation.events');
      expect(conversation.map(({ stream_version }) => stream_version)).toEqual(conversation.map((_, at) => at + 1));
      for (const { data } of recordedOf(turn.events))
        expect(ids.get(String(data['event_id']))?.topic).toBe('conversation.events');
    });

    test('pages of any size give the same events and the same audit trail', async () => {
      const events = await eventsOf();
      expect(await paged(readEvents, 3)).toEqual(events);
      const isWhole = (audits: readonly Audit[]) =>
        events.every(({ event_id }) => audits.some((audit) => audit.event_id === event_id));
      const audits = await until(() => paged(readAudit, 200), isWhole, 30_000);
      expect(await paged(readAudit, 4)).toEqual(audits);
      for (const { event_id, topic, partition, offset } of events)
        expect(audits.filter((audit) => audit.event_id === event_id)).toMatchObject([{ topic, partition, offset }]);
    });
  });
}
