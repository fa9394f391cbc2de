import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { type ExtraGateway, startExtraGateway } from '../../support/extra-gateway.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { openSse } from '../../support/sse-client.ts';
import { clientOf } from '../support/turn-fixture.ts';

const TENANT = 'umbrella';
const inIt = `?tenant=${TENANT}`;

/** Sets up a team over HTTP; revocations take effect at every gateway process, on real Kafka. */
export function describeIdentity(platform: () => TestPlatform): void {
  describe('a team', () => {
    let further: ExtraGateway;
    let operator: ApiClient;
    let keyId: string;
    let team: ApiClient;
    const atFurther = ({ apiKey }: ApiClient): ApiClient => new ApiClient({ url: further.url, apiKey });

    beforeAll(async () => {
      further = await startExtraGateway(platform(), 'gateway-of-identity');
      operator = clientOf(platform());
      const made: readonly (readonly [string, object])[] = [
        ['/v1/tenants', { tenant_id: TENANT, name: 'Umbrella' }],
        [`/v1/roles${inIt}`, { name: 'asker', capabilities: ['slm:invoke:*'] }],
        [`/v1/service-accounts${inIt}`, { service_account_id: 'lab', name: 'Lab', roles: ['asker'] }],
      ];
      for (const [path, body] of made)
        expect([path, (await operator.call('POST', path, { body })).status]).toEqual([path, 201]);
      const { status, body } = await operator.call<{ key_id: string; key: string }>('POST', `/v1/api-keys${inIt}`, {
        body: { name: 'lab', owner: 'service_account:lab' },
      });
      expect(status).toBe(201);
      keyId = body.key_id;
      team = new ApiClient({ url: platform().url, apiKey: body.key });
    }, 120_000);
    afterAll(() => further?.stop());

    test('runs turns with its key, at any gateway process', async () => {
      for (const client of [team, atFurther(team)]) {
        const started = await until(
          () => client.start({ persona: 'guide', prompt: 'What is a khipu?' }),
          ({ status }) => status === 201,
        );
        const events = await client.stream(started.body, started.body.turn_url);
        expect(events.at(-1)?.event).toBe('turn.completed');
      }
    });

    test('has the principals that set it up in its audit trail, but no key', async () => {
      const trail = await until(
        () => team.call<{ items: { event_type: string; summary: string }[] }>('GET', '/v1/audit?limit=200'),
        ({ body }) => body.items.some(({ event_type }) => event_type === 'khipu.identity.ApiKeyIssued'),
        30_000,
      );
      const summaries = trail.body.items.map(({ summary }) => summary).join('\n');
      expect(summaries).toMatch(/role asker created by api_key:\S+, 1 capabilities/);
      expect(summaries).toMatch(/API key \w{8} of service_account:lab issued by api_key:/);
      expect(summaries).not.toMatch(/khp_|scrypt/);
    });

    test('accepts one of two writers with the same ETag, at two gateway processes', async () => {
      const path = `/v1/roles/asker${inIt}`;
      for (let round = 0; round < 5; round += 1) {
        const etag = (await operator.call('GET', path)).headers.get('etag') ?? '';
        const answers = await Promise.all(
          [operator, atFurther(operator)].map((client, at) =>
            client.call('PUT', path, {
              body: { description: `writer ${at} of round ${round}`, capabilities: ['slm:invoke:*'] },
              headers: { 'if-match': etag },
            }),
          ),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      }
    });

    test('streams a session at a gateway that did not answer its start, at once, and no session of another tenant', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { body: session } = await team.start({ persona: 'guide' });
        const url = `${further.url}/v1/turn/${session.session_id}?follow=true`;
        const stream = await openSse(url, { token: team.apiKey });
        expect(stream.status).toBe(200);
        stream.cut();
        expect((await openSse(url, { token: operator.apiKey })).status).toBe(404);
      }
    });

    test('is rejected at every gateway process after its key is revoked, and its streams end', async () => {
      const { body: session } = await team.start({ persona: 'guide' });
      const there = atFurther(team);
      const stream = await openSse(`${there.url}/v1/turn/${session.session_id}?follow=true`, { token: team.apiKey });
      expect(stream.status).toBe(200);
      const ended = (async () => {
        for await (const _ of stream.events());
      })();
      expect((await operator.call('DELETE', `/v1/api-keys/${keyId}${inIt}`)).status).toBe(204);
      expect((await team.call<ProblemJson>('GET', '/v1/sessions')).body.code).toBe('TOKEN_INVALID');
      const refused = await until(
        () => there.call<ProblemJson>('GET', '/v1/sessions'),
        ({ status }) => status !== 200,
        5_000,
      );
      expect([refused.status, refused.body.code]).toEqual([401, 'TOKEN_INVALID']);
      await ended;
    });
  });
}
