import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient, type ProblemJson, type StartedJson, until } from '../../support/api-client.ts';
import { openSse } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness();
});
afterAll(() => platform.close());

const start = async (client = platform.api): Promise<StartedJson> => (await client.start({ persona: 'guide' })).body;
const revoke = (scope: string, client = platform.api) =>
  client.call<ProblemJson & { issued_until: string }>('POST', '/v1/revocations', { body: { scope, reason: 'a test' } });
const read = ({ session_id, token }: StartedJson, client = platform.api) =>
  client.call<ProblemJson>('GET', `/v1/sessions/${session_id}`, { token });
/** The issue time of a token has a resolution of one second, and tokens of the second of a revocation are revoked. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_010 - (Date.now() % 1_000)));

describe('session tokens', () => {
  test('of a revoked session are refused at every gateway after the answer; the session continues', async () => {
    const [lost, kept] = [await start(), await start()];
    const { session_id } = lost;
    const narrow = await platform.api.call<{ token: string }>('POST', `/v1/sessions/${session_id}/tokens`, {
      token: lost.token,
      body: { capabilities: [] },
    });
    const another = await platform.another();
    const other = new ApiClient({ url: another.url, apiKey: '' });
    expect((await read(lost, other)).status).toBe(200);
    const answer = await revoke(`session:${session_id}`);
    expect(answer.status).toBe(200);
    expect(Date.parse(answer.body.issued_until)).toBeLessThanOrEqual(Date.now());
    const refused = await read(lost);
    expect([refused.status, refused.body.code]).toEqual([401, 'TOKEN_REVOKED']);
    expect(refused.headers.get('www-authenticate')).toContain('invalid_token');
    expect((await read({ ...lost, token: narrow.body.token })).body.code).toBe('TOKEN_REVOKED');
    await until(
      () => read(lost, other),
      ({ status }) => status === 401,
    );
    expect((await read(kept)).status).toBe(200);
    expect((await read({ ...lost, token: platform.api.apiKey })).status).toBe(200);
    await another.close();
  });

  test('of a principal or a tenant are refused; those of another tenant and later ones are not', async () => {
    const [mine, theirs] = [await start(), await start(platform.acme)];
    const key = await platform.clientWith('demo', ['slm:invoke:*']);
    const ofKey = await start(key);
    const { sub } = JSON.parse(Buffer.from(ofKey.token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
    expect((await revoke(`principal:${sub}`)).status).toBe(200);
    expect((await read(ofKey)).body.code).toBe('TOKEN_REVOKED');
    expect((await read(mine)).status).toBe(200);
    expect((await revoke('tenant')).status).toBe(200);
    expect((await read(mine)).body.code).toBe('TOKEN_REVOKED');
    expect((await read(theirs)).status).toBe(200);
    await nextSecond();
    expect((await read(await start())).status).toBe(200);
  });

  test('that are revoked end their streams', async () => {
    await nextSecond();
    const session = await start();
    const stream = await openSse(`${platform.url}/v1/turn/${session.session_id}?follow=true`, { token: session.token });
    expect(stream.status).toBe(200);
    const ended = (async () => {
      for await (const _ of stream.events());
    })();
    expect((await revoke(`session:${session.session_id}`)).status).toBe(200);
    await ended;
  });

  test('are revoked only with the capability, and only for a scope that has tokens', async () => {
    expect((await revoke('tenant', platform.acme)).body.code).toBe('CAPABILITY_MISSING');
    expect((await revoke('global')).body).toMatchObject({ code: 'REQUEST_INVALID', errors: [{ pointer: '#/scope' }] });
    const withIt = await platform.api.start({ persona: 'guide', capabilities: ['revocations:create'] });
    expect(withIt.status).toBe(403);
  });
});
