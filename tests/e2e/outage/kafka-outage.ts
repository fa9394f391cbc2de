import { describe, expect, test } from 'vitest';
import { type ProblemJson, until } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { expectOneWholeTurn, readWithResume } from '../support/resuming-reader.ts';
import { clientOf, namesOf, runTurn } from '../support/turn-fixture.ts';

/** Upper bound of an immediate answer, well below a client's timeout. */
const AT_ONCE_MS = 3_000;
const TIMEOUT_MS = 180_000;

interface Ready {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

/** Stops Kafka while a turn runs, and starts it again. */
export function describeKafkaOutage(platform: () => TestPlatform): void {
  describe('Kafka stopped in mid-turn', () => {
    test('is 503 at once, named by health, and the turn completes once when it is back', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const api = clientOf(platform());
      const ready = () => api.call<Ready>('GET', '/health/ready', { token: null });
      const { body: session } = await api.start({ persona: 'guide', prompt: '[[words:120]] Tell me of every cord.' });
      const reader = readWithResume(new URL(session.turn_url, api.url).href, session.token);
      await reader.seen(10);
      await platform().parts.stopPart('kafka');

      const writes = [
        () => api.call<ProblemJson>('POST', '/v1/sessions/start', { body: { persona: 'guide' } }),
        () => api.turn(session, 'And then?'),
        () => api.call<ProblemJson>('POST', '/v1/slm/infer_sync', { body: { prompt: 'Say hello.' } }),
      ];
      for (const write of writes) {
        const began = performance.now();
        const { status, headers, body } = await write();
        expect(performance.now() - began).toBeLessThan(AT_ONCE_MS);
        expect({ status, code: (body as ProblemJson).code }).toEqual({ status: 503, code: 'LOG_UNAVAILABLE' });
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
      const away = await ready();
      expect(away.status).toBe(503);
      expect(away.body).toMatchObject({ ok: false, parts: { kafka: { ok: false }, postgres: { ok: true } } });
      expect(away.body.parts['kafka']?.detail).toMatch(/\w/);
      expect((await api.call('GET', '/health/live', { token: null })).status).toBe(200);
      expect((await api.call('GET', `/v1/sessions/${session.session_id}`)).status).toBe(200);

      await platform().parts.startPart('kafka');
      await until(ready, ({ body }) => body.ok, 60_000);
      await expectOneWholeTurn(platform(), session.session_id, await reader.whole);
      const next = await runTurn(api);
      expect(namesOf(next.events).at(-1)).toBe('turn.completed');
    });
  });
}
