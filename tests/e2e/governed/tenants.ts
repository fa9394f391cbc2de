import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApiKey } from '../../../infra/security/api-key-file.ts';
import { ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { openSse } from '../../support/sse-client.ts';
import { clientOf, type FinishedTurn, runTurn } from '../support/turn-fixture.ts';

interface Items {
  readonly items: readonly { readonly session_id?: string; readonly subject_id?: string }[];
}

/** A tenant sees no data of another tenant. */
export function describeTenants(platform: () => TestPlatform): void {
  describe('another tenant', () => {
    let turn: FinishedTurn;
    let acme: ApiClient;

    beforeAll(async () => {
      turn = await runTurn(clientOf(platform()));
      const grant = { tenantId: 'acme', name: 'acme', capabilities: ['slm:invoke:*'] };
      const { key } = createApiKey({ keysDir: join(platform().dir, 'keys'), ...grant });
      acme = new ApiClient({ url: platform().url, apiKey: key });
      // A gateway checks for new keys once per second.
      await until(
        () => acme.call('GET', '/v1/sessions'),
        ({ status }) => status === 200,
      );
      // The audit trail is the last view to be complete.
      await until(
        () => clientOf(platform()).call<Items>('GET', `/v1/audit?session_id=${turn.sessionId}`),
        ({ body }) => body.items.length > 0,
        30_000,
      );
    });

    test('cannot find the session, its events or its stream', async () => {
      for (const path of ['', '/events']) {
        const { status, body } = await acme.call<ProblemJson>('GET', `/v1/sessions/${turn.sessionId}${path}`);
        expect({ path, status, code: body.code }).toEqual({ path, status: 404, code: 'SESSION_UNKNOWN' });
      }
      const stream = await openSse(`${acme.url}${turn.session.turn_url}`, { token: acme.apiKey });
      expect(stream.status).toBe(404);
      expect(stream.problem).toMatchObject({ code: 'SESSION_UNKNOWN' });
    });

    test('has its own lists and audit trail, without data of other tenants', async () => {
      const own = await runTurn(acme);
      const sessions = await until(
        () => acme.call<Items>('GET', '/v1/sessions'),
        ({ body }) => body.items.length > 0,
        30_000,
      );
      expect(sessions.body.items.map(({ session_id }) => session_id)).toEqual([own.sessionId]);
      const audit = await until(
        () => acme.call<Items>('GET', '/v1/audit?limit=200'),
        ({ body }) => body.items.length > 0,
        30_000,
      );
      // The subject of a charge is its request: here the turn.
      const subjects = new Set(audit.body.items.map(({ subject_id }) => subject_id));
      expect([own.sessionId, own.session.turn_id]).toEqual(expect.arrayContaining([...subjects]));
      expect(subjects).toContain(own.sessionId);
      const foreign = await acme.call<Items>('GET', `/v1/audit?session_id=${turn.sessionId}`);
      expect(foreign.body.items ?? []).toEqual([]);
    });

    test("cannot take a turn in a session, nor can another session's token", async () => {
      const path = `/v1/sessions/${turn.sessionId}/turns`;
      for (const api of [acme, clientOf(platform())]) {
        const { body: other } = await api.start({ persona: 'guide' });
        const options = { token: other.token, body: { prompt: 'x' } };
        const { status, body } = await api.call<ProblemJson>('POST', path, options);
        expect({ status, code: body.code }).toEqual({ status: 404, code: 'SESSION_UNKNOWN' });
        const shown = await api.call('GET', `/v1/sessions/${turn.sessionId}`, { token: other.token });
        expect(shown.status).toBe(404);
        const stream = await openSse(`${api.url}${turn.session.turn_url}`, { token: other.token });
        expect(stream.status).toBe(404);
      }
    });

    test('gets its own session for the same Idempotency-Key', async () => {
      const body = { persona: 'guide' };
      const demo = await clientOf(platform()).start(body, { idempotencyKey: 'of-two-tenants' });
      const other = await acme.start(body, { idempotencyKey: 'of-two-tenants' });
      expect([demo.status, other.status]).toEqual([201, 201]);
      expect(other.body.session_id).not.toBe(demo.body.session_id);
    });
  });
}
