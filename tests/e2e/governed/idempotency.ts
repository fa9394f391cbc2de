import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type ProblemJson, until } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, namesOf } from '../support/turn-fixture.ts';

/** Repeated starts, and starts with `Prefer: respond-async`. */
export function describeIdempotency(platform: () => TestPlatform): void {
  describe('a start', () => {
    const hello = { persona: 'guide', prompt: 'What is a khipu?' };

    test('repeated with its Idempotency-Key returns the same session', async () => {
      const api = clientOf(platform());
      const idempotencyKey = randomUUID();
      const first = await api.start(hello, { idempotencyKey });
      const again = await api.start(hello, { idempotencyKey });
      expect([first.status, again.status]).toEqual([201, 201]);
      const { token: _, expires_at: __, ...stable } = first.body;
      expect(again.body).toMatchObject(stable);
    });

    test('sent ten times at once creates one session with one turn', async () => {
      const api = clientOf(platform());
      const idempotencyKey = randomUUID();
      const answers = await Promise.all(Array.from({ length: 10 }, () => api.start(hello, { idempotencyKey })));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
      expect(new Set(answers.map(({ body }) => `${body.session_id} ${body.turn_id}`)).size).toBe(1);
      for (const { body } of answers.slice(0, 2)) {
        const events = await api.stream(body, `/v1/turn/${body.session_id}`);
        expect(namesOf(events).filter((name) => name === 'turn.started')).toHaveLength(1);
      }
    });

    test('with a key used for another body is 422', async () => {
      const api = clientOf(platform());
      const idempotencyKey = randomUUID();
      await api.start(hello, { idempotencyKey });
      const { status, body } = await api.start({ ...hello, prompt: 'Another question' }, { idempotencyKey });
      expect(status).toBe(422);
      expect((body as ProblemJson).code).toBe('IDEMPOTENCY_KEY_REUSED');
    });

    test('without waiting is 202 with the location of the session, which exists later', async () => {
      const api = clientOf(platform());
      const headers = { prefer: 'respond-async' };
      const { status, body, headers: answered } = await api.start(hello, { headers });
      expect(status).toBe(202);
      expect(body).toMatchObject({ status: 'pending', session_id: expect.any(String), turn_id: expect.any(String) });
      expect(body.token).toBeUndefined();
      expect(answered.get('preference-applied')).toBe('respond-async');
      expect(answered.get('location')).toBe(`/v1/sessions/${body.session_id}`);
      const session = await until(
        () => api.call('GET', answered.get('location') ?? ''),
        (answer) => answer.body['status'] === 'started',
        30_000,
      );
      expect(session.status).toBe(200);
      const { idempotency_key: idempotencyKey } = body as unknown as { idempotency_key: string };
      const again = await api.start(hello, { idempotencyKey });
      expect(again.status).toBe(201);
      expect(again.body.session_id).toBe(body.session_id);
      expect(namesOf(await api.stream(again.body, again.body.turn_url)).at(-1)).toBe('turn.completed');
    });
  });
}
