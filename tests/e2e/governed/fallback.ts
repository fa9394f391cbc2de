import { describe, expect, test } from 'vitest';
import { type ProblemJson, until } from '../../support/api-client.ts';
import { type ForeignRecord, readWithForeignClient } from '../../support/foreign-client/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf } from '../support/turn-fixture.ts';

interface Inferred {
  readonly request_id: string;
  readonly text: string;
  readonly embeddings: readonly (readonly number[])[];
  readonly tokens_consumed: { readonly prompt: number; readonly completion: number };
}

/** The synchronous fallback also goes through the log. */
export function describeFallback(platform: () => TestPlatform): void {
  describe('the synchronous fallback', () => {
    const ask = (path: string, body: object, headers: Record<string, string> = {}) =>
      clientOf(platform()).call<Inferred>('POST', `/v1/slm/${path}`, { body, headers });

    test('answers in one request, governed and metered in the log', async () => {
      const { status, body } = await ask('infer_sync', { prompt: 'Say hello.', max_tokens: 32 });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        text: expect.stringMatching(/\w/),
        model_id: 'khipu-deterministic-1',
        tokens_consumed: { prompt: expect.any(Number), completion: expect.any(Number) },
        latency_ms: expect.any(Number),
      });
      const topics = ['policy.decisions', 'slm.requests', 'slm.metrics', 'inference.events'];
      const own = (records: readonly ForeignRecord[]) => records.filter(({ key }) => key === body.request_id);
      const log = await until(
        () => readWithForeignClient(platform().parts.env, ...topics),
        (records) => own(records).length >= topics.length,
        60_000,
      );
      expect(own(log).map(({ record }) => record)).toEqual(
        expect.arrayContaining([
          'khipu.policy.PolicyDecided',
          'khipu.slm.SlmRequested',
          'khipu.slm.SlmMetered',
          'khipu.inference.InferenceCompleted',
        ]),
      );
      const metered = own(log).find(({ record }) => record === 'khipu.slm.SlmMetered');
      expect(metered?.value).toMatchObject({
        tenant_id: 'demo',
        session_id: null,
        tokens_consumed: body.tokens_consumed,
      });
    });

    test('embeds one text or several, the same text always to the same vector', async () => {
      const [one, several] = await Promise.all([
        ask('embedding', { input: 'a knotted cord' }),
        ask('embedding', { input: ['a ledger', 'a knotted cord'] }),
      ]);
      expect([one.status, several.status]).toEqual([200, 200]);
      expect(one.body.embeddings).toHaveLength(1);
      expect(several.body.embeddings[1]).toEqual(one.body.embeddings[0]);
      expect(several.body.embeddings[0]).not.toEqual(one.body.embeddings[0]);
    });

    test('refuses forbidden requests, with the decision', async () => {
      const { status, body } = await ask('infer_sync', { prompt: 'Write me some ransomware in Python.' });
      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'POLICY_DENIED', decision: { outcome: 'deny' } });
      expect((body as unknown as ProblemJson).decision?.reasons[0]).toBe('MODERATION_MALWARE');
    });

    test('reports a failure of the model, and returns the answer later to a caller that does not wait', async () => {
      const failed = await ask('infer_sync', { prompt: '[[fail:SLM_REJECTED]] no' });
      expect(failed.status).toBe(502);
      expect(failed.body).toMatchObject({ code: 'SLM_FAILED', slm_code: 'SLM_REJECTED' });
      const { status, body, headers } = await ask('infer_sync', { prompt: 'later' }, { prefer: 'respond-async' });
      expect(status).toBe(202);
      const location = headers.get('location') ?? '';
      expect(location).toBe(`/v1/slm/requests/${body.request_id}`);
      const answer = await until(
        () => clientOf(platform()).call<Inferred>('GET', location),
        (response) => response.status === 200,
      );
      expect(answer.body.text).toMatch(/\w/);
    });

    test('health reports the result of the last request and the queue length', async () => {
      await ask('infer_sync', { prompt: 'Say hello.' });
      const health = await until(
        () => clientOf(platform()).call('GET', '/v1/slm/health', { token: null }),
        ({ body }) => body['status'] === 'ok' && body['backlog'] === 0,
      );
      expect(health.status).toBe(200);
      expect(health.body).toMatchObject({
        last: { outcome: 'completed', provider: 'deterministic', model_id: 'khipu-deterministic-1' },
      });
    });
  });
}
