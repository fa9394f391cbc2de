import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, type TakenTurn, takeTurn } from '../support/taken-turn.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

interface StoredEvent {
  readonly event_id: string;
  readonly stream_id: string;
  readonly stream_version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

interface Audit {
  readonly event_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What a turn leaves behind for queries. */
export function describeReadModels(platform: () => TestPlatform): void {
  describe('what a turn leaves in the read models', () => {
    let turn: TakenTurn;
    const get = <Body>(path: string) =>
      clientOf(platform())
        .call<Body>('GET', path)
        .then(({ body }) => body);
    /** All of it, and again in pages of `limit`. */
    async function paged<Item>(path: string, limit: number): Promise<Item[]> {
      const found: Item[] = [];
      let cursor: string | null = null;
      do {
        const mark: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page: Page<Item> = await get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${mark}`);
        found.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return found;
    }
    const metered = (events: readonly StoredEvent[]) => events.some(({ topic }) => topic === 'slm.metrics');
    const eventsOf = () =>
      until(() => paged<StoredEvent>(`/v1/sessions/${turn.sessionId}/events`, 200), metered, 30_000);

    beforeAll(async () => {
      turn = await takeTurn(clientOf(platform()));
    });

    test('a query that carries the position of a write sees the write', async () => {
      for (let round = 0; round < 5; round += 1) {
        const api = clientOf(platform());
        const { body, headers } = await api.start({ persona: 'guide', metadata: { round: String(round) } });
        const position = headers.get('khipu-position') ?? '';
        expect(position).not.toBe('');
        const session = await api.call('GET', `/v1/sessions/${body.session_id}`, {
          headers: { 'khipu-position': position },
        });
        expect(session.body).toMatchObject({ status: 'started', metadata: { round: String(round) } });
        const list = await api.call<Page<{ session_id: string }>>('GET', `/v1/sessions?position=${position}&limit=1`);
        expect(list.body.items[0]?.session_id).toBe(body.session_id);
      }
    });

    test('the session shows its turn, its decision, its tokens and what it cost', async () => {
      const completed = turn.events.at(-1)?.data ?? {};
      const session = await until(
        () =>
          get<{ readonly turn_count: number; readonly usage: readonly unknown[] }>(`/v1/sessions/${turn.sessionId}`),
        ({ usage, turn_count }) => usage.length > 0 && turn_count > 0,
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

    test('its events are a chain from the decision to the answer, each with its place in the log', async () => {
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
      for (const delta of byType('conversation.TurnDelta'))
        expect(ids.get(delta.metadata['ce_causationid'] ?? '')?.type).toBe('khipu.slm.SlmDelta');
      const correlations = new Set(events.map(({ metadata }) => metadata['ce_correlationid']));
      expect([...correlations]).toEqual([decided?.metadata['ce_causationid']]);
      const places = events.map(({ topic, partition, offset }) => `${topic}/${partition}/${offset}`);
      expect(new Set(places).size).toBe(events.length);
      const conversation = events.filter(({ topic }) => topic === 'conversation.events');
      expect(conversation.map(({ stream_version }) => stream_version)).toEqual(conversation.map((_, at) => at + 1));
      for (const { data } of turn.events) expect(ids.get(String(data['event_id']))?.topic).toBe('conversation.events');
    });

    test('pages of any size give the same events and the same audit trail', async () => {
      const events = await eventsOf();
      expect(await paged<StoredEvent>(`/v1/sessions/${turn.sessionId}/events`, 3)).toEqual(events);
      const trail = `/v1/audit?session_id=${turn.sessionId}`;
      const isWhole = (audits: readonly Audit[]) =>
        events.every(({ event_id }) => audits.some((audit) => audit.event_id === event_id));
      const audits = await until(() => paged<Audit>(trail, 200), isWhole, 30_000);
      expect(await paged<Audit>(trail, 4)).toEqual(audits);
      for (const { event_id, topic, partition, offset } of events)
        expect(audits.filter((audit) => audit.event_id === event_id)).toMatchObject([{ topic, partition, offset }]);
    });
  });
}
