import { describe, expect, test } from 'vitest';
import type { ApiAnswer, ProblemJson } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf } from '../support/turn-fixture.ts';

/** Every invalid request is answered as problem+json. */
export function describeProblems(platform: () => TestPlatform): void {
  describe('an invalid request', () => {
    function expectProblem({ status, headers, body }: ApiAnswer<ProblemJson>, wanted: number, code: string): void {
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect({ status, inBody: body.status, code: body.code }).toEqual({ status: wanted, inBody: wanted, code });
      expect(body).toMatchObject({
        type: expect.stringMatching(/^urn:khipu:problem:/),
        title: expect.any(String),
        detail: expect.any(String),
        instance: expect.stringMatching(/^\//),
        request_id: headers.get('x-request-id'),
      });
    }
    const call = (...[method, path, options]: Parameters<ReturnType<typeof clientOf>['call']>) =>
      clientOf(platform()).call<ProblemJson>(method, path, options);

    test('by its fields: names each of them', async () => {
      const body = {
        persona: 7,
        prompt: '',
        capabilities: ['has blanks'],
        metadata: { a: 1 },
        max_tokens: 0,
        colour: 'red',
      };
      const answer = await call('POST', '/v1/sessions/start', { body });
      expectProblem(answer, 400, 'REQUEST_INVALID');
      expect(answer.body.errors?.map(({ in: part, pointer }) => `${part} ${pointer}`).sort()).toEqual([
        'body #/capabilities/0',
        'body #/colour',
        'body #/max_tokens',
        'body #/metadata/a',
        'body #/persona',
        'body #/prompt',
      ]);
    });

    test('by its path, query or a header: names it', async () => {
      const path = await call('GET', '/v1/sessions/not-a-uuid');
      expectProblem(path, 400, 'REQUEST_INVALID');
      expect(path.body.errors).toMatchObject([{ in: 'path', pointer: '#/session_id' }]);
      const query = await call('GET', '/v1/sessions?limit=0');
      expectProblem(query, 400, 'REQUEST_INVALID');
      expect(query.body.errors).toMatchObject([{ in: 'query', pointer: '#/limit' }]);
      const header = await call('POST', '/v1/sessions/start', {
        body: { persona: 'guide' },
        headers: { 'idempotency-key': 'has blanks' },
      });
      expectProblem(header, 400, 'REQUEST_INVALID');
      expect(header.body.errors).toMatchObject([{ in: 'header', pointer: '#/idempotency-key' }]);
    });

    test('by its route or method: reports it', async () => {
      expectProblem(await call('GET', '/v1/nothing/here'), 404, 'ROUTE_UNKNOWN');
      const method = await call('DELETE', '/v1/sessions/start');
      expectProblem(method, 405, 'METHOD_NOT_ALLOWED');
      expect(method.headers.get('allow')).toMatch(/POST/);
    });

    test('by its size, media type or text: reports it', async () => {
      const prompt = 'x'.repeat(300_000);
      expectProblem(
        await call('POST', '/v1/sessions/start', { body: { persona: 'guide', prompt } }),
        413,
        'BODY_TOO_LARGE',
      );
      const raw = async (type: string, body: string): Promise<ApiAnswer<ProblemJson>> => {
        const { url, apiKey } = platform();
        const headers = { authorization: `Bearer ${apiKey}`, 'content-type': type };
        const answer = await fetch(`${url}/v1/sessions/start`, { method: 'POST', headers, body });
        return { status: answer.status, headers: answer.headers, body: (await answer.json()) as ProblemJson };
      };
      expectProblem(await raw('text/plain', 'guide'), 415, 'MEDIA_TYPE_UNSUPPORTED');
      expectProblem(await raw('application/json', '{"persona":'), 400, 'REQUEST_MALFORMED');
    });

    test('by its credentials: reports it, with the accepted kind', async () => {
      const none = await call('GET', '/v1/sessions', { token: null });
      expectProblem(none, 401, 'UNAUTHENTICATED');
      expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expectProblem(await call('GET', '/v1/sessions', { token: 'not.a.token' }), 401, 'TOKEN_INVALID');
      const { body: session } = await clientOf(platform()).start({ persona: 'guide' });
      const turns = `/v1/sessions/${session.session_id}/turns`;
      expectProblem(await call('POST', turns, { body: { prompt: 'x' } }), 403, 'CREDENTIAL_NOT_ALLOWED');
      expectProblem(await call('GET', '/v1/sessions', { token: session.token }), 403, 'CREDENTIAL_NOT_ALLOWED');
    });
  });
}
