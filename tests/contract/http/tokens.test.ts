import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemJson, StartedJson } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
let session: StartedJson;
beforeAll(async () => {
  platform = await startHarness();
  const started = await platform.api.start({ persona: 'guide', capabilities: ['slm:invoke:*', 'slm:embed:small'] });
  session = started.body;
});
afterAll(() => platform.close());

interface TokenJson extends ProblemJson {
  readonly token: string;
  readonly token_type: string;
  readonly expires_at: string;
  readonly capabilities: readonly string[];
}
const narrow = (token: string, body: unknown) =>
  platform.api.call<TokenJson>('POST', `/v1/sessions/${session.session_id}/tokens`, { token, body });

describe('a token of a session', () => {
  test('is narrowed to capabilities that it covers, and the new token expires no later', async () => {
    const { status, body } = await narrow(session.token, { capabilities: ['slm:invoke:default'], ttl_seconds: 60 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ token_type: 'Bearer', capabilities: ['slm:invoke:default'] });
    const parent = decodeJwt(session.token);
    expect(decodeJwt(body.token)).toMatchObject({
      session: session.session_id,
      tenant: 'demo',
      sub: parent.sub,
      capabilities: ['slm:invoke:default'],
      parent: parent.jti,
    });
    expect(Date.parse(body.expires_at) - Date.now()).toBeLessThanOrEqual(60_000);
    const long = await narrow(body.token, { capabilities: ['slm:invoke:default'], ttl_seconds: 86_400 });
    expect(decodeJwt(long.body.token).exp).toBe(decodeJwt(body.token).exp);
  });

  test('cannot be widened, directly or through another token', async () => {
    const wider = await narrow(session.token, { capabilities: ['slm:invoke:default', 'slm:embed:*', '*'] });
    expect(wider.status).toBe(403);
    expect(wider.body).toMatchObject({
      code: 'CAPABILITY_MISSING',
      errors: [{ pointer: '#/capabilities/1' }, { pointer: '#/capabilities/2' }],
    });
    const { body } = await narrow(session.token, { capabilities: ['slm:embed:small'] });
    expect((await narrow(body.token, { capabilities: ['slm:invoke:default'] })).status).toBe(403);
    expect((await narrow(body.token, { capabilities: [] })).status).toBe(201);
  });

  test('determines the capabilities that the policy sees: a turn that it does not cover is refused on the stream', async () => {
    const { body } = await narrow(session.token, { capabilities: ['slm:embed:small'] });
    const turn = await platform.api.turn({ session_id: session.session_id, token: body.token }, 'What is a khipu?');
    expect(turn.status).toBe(202);
    const events = await platform.api.stream({ token: body.token }, turn.body.turn_url);
    expect(events.at(-1)).toMatchObject({ event: 'turn.refused' });
    const allowed = await narrow(session.token, { capabilities: ['slm:invoke:*'] });
    const next = await platform.api.turn({ session_id: session.session_id, token: allowed.body.token }, 'And now?');
    const completed = await platform.api.stream({ token: allowed.body.token }, next.body.turn_url);
    expect(completed.at(-1)).toMatchObject({ event: 'turn.completed' });
  });

  test('is refused for another session, and an invalid request is explained', async () => {
    const other = await platform.api.start({ persona: 'guide' });
    expect((await narrow(other.body.token, { capabilities: [] })).body.code).toBe('SESSION_UNKNOWN');
    const wrong = await narrow(session.token, { capabilities: ['no spaces'], ttl_seconds: 0, more: 1 });
    expect(wrong.body.errors?.map(({ pointer }) => pointer).sort()).toEqual([
      '#/capabilities/0',
      '#/more',
      '#/ttl_seconds',
    ]);
  });
});
