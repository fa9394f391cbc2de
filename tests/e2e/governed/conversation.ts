import { describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { readSse } from '../../support/sse-client.ts';
import { essenceOf, textOf } from '../../support/turn-text.ts';
import { clientOf, namesOf } from '../support/turn-fixture.ts';

/** Several turns of one session. */
export function describeConversation(platform: () => TestPlatform): void {
  describe('a conversation', () => {
    test('takes its turns one after another, and reports queued turns their position', async () => {
      const api = clientOf(platform());
      const { body: session } = await api.start({ persona: 'guide' });
      const prompts = ['[[delay:1500]] the first', 'the second', 'the third'];
      const turns: string[] = [];
      for (const prompt of prompts) turns.push((await api.turn(session, prompt)).body.turn_id);
      let ended = 0;
      const events = await readSse(
        `${api.url}/v1/turn/${session.session_id}?follow=true`,
        { token: session.token },
        ({ event }) => event === 'turn.completed' && ++ended === prompts.length,
      );
      const milestones = events
        .filter(({ event }) => event !== 'turn.delta')
        .map(({ event, data }) => `${event} ${turns.indexOf(String(data['turn_id'])) + 1}`);
      expect(milestones).toEqual([
        'turn.queued 1',
        'turn.started 1',
        'turn.queued 2',
        'turn.queued 3',
        'turn.completed 1',
        'turn.started 2',
        'turn.completed 2',
        'turn.started 3',
        'turn.completed 3',
      ]);
      expect(events.filter(({ event }) => event === 'turn.queued').map(({ data }) => data['position'])).toEqual([
        0, 1, 2,
      ]);
      for (const turnId of turns) {
        const own = events.filter(({ data }) => data['turn_id'] === turnId);
        expect(textOf(own)).toBe(own.at(-1)?.data['text']);
        const alone = await api.stream(session, `/v1/turn/${session.session_id}?turn_id=${turnId}`);
        expect(essenceOf(alone)).toEqual(essenceOf(own));
      }
    });

    test('continues after a turn that the model rejected', async () => {
      const api = clientOf(platform());
      const { body: session } = await api.start({ persona: 'guide', prompt: '[[fail:SLM_REJECTED]] no' });
      const failed = await api.stream(session, session.turn_url);
      expect(namesOf(failed)).toEqual(['turn.queued', 'turn.started', 'turn.failed']);
      expect(failed.at(-1)?.data).toMatchObject({ code: 'SLM_REJECTED', detail: expect.any(String) });
      const { body: next, status } = await api.turn(session, 'and now?');
      expect(status).toBe(202);
      expect(namesOf(await api.stream(session, next.turn_url)).at(-1)).toBe('turn.completed');
      const shown = await until(
        () =>
          api.call<{ readonly turns: readonly { readonly status: string }[] }>(
            'GET',
            `/v1/sessions/${session.session_id}`,
          ),
        ({ body }) => body.turns.at(-1)?.status === 'completed',
        30_000,
      );
      expect(shown.body.turns).toMatchObject([
        { turn_id: session.turn_id, status: 'failed', code: 'SLM_REJECTED', text: null },
        { turn_id: next.turn_id, status: 'completed', code: null },
      ]);
    });

    test('creates one turn for one Idempotency-Key', async () => {
      const api = clientOf(platform());
      const { body: session } = await api.start({ persona: 'guide' });
      const ask = () =>
        api.call<{ turn_id: string }>('POST', `/v1/sessions/${session.session_id}/turns`, {
          token: session.token,
          body: { prompt: 'once' },
          headers: { 'idempotency-key': 'the-one' },
        });
      const answers = await Promise.all([ask(), ask(), ask()]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      expect(new Set(answers.map(({ body }) => body.turn_id)).size).toBe(1);
      await api.stream(session, `/v1/turn/${session.session_id}?turn_id=${answers[0]?.body.turn_id}`);
      const { body: last } = await api.turn(session, 'another');
      await api.stream(session, last.turn_url);
      const whole = await api.stream(session, `/v1/turn/${session.session_id}`);
      expect(namesOf(whole).filter((name) => name === 'turn.started')).toHaveLength(2);
    });
  });
}
