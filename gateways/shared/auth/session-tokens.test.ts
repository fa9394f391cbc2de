import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, exportJWK, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { SessionTokens } from './session-tokens.ts';

const ours = generateKeyPairSync('ed25519');
const older = generateKeyPairSync('ed25519');
const keys = {
  signing: { keyId: 'k1', privateKey: ours.privateKey },
  verifying: new Map([
    ['k1', ours.publicKey],
    ['k0', older.publicKey],
  ]),
};
const subject = {
  ...{ sessionId: randomUUID(), tenantId: 'demo', place: 'demo/3', principal: 'api_key:x' },
  ...{ capabilities: ['slm:invoke:*'], persona: 'guide', model: null },
};
let tokens: SessionTokens;
beforeAll(async () => {
  tokens = await SessionTokens.open(keys, { issuer: 'urn:khipu', ttlS: 60 });
});

const nowS = (): number => Math.floor(Date.now() / 1000);
const claims = (over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  ...{ tenant: 'demo', place: 'demo/3', session: subject.sessionId, capabilities: [], persona: 'guide', model: null },
  ...{ iss: 'urn:khipu', aud: 'khipu', sub: 'api_key:x', jti: randomUUID(), iat: nowS(), exp: nowS() + 60 },
  ...over,
});
const HEADER = { alg: 'EdDSA', typ: 'JWT', kid: 'k1' };

interface Forged {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject | Uint8Array;
}
/** Signs any header and claims, without the checks of a JWT library. */
const sign = (forged: Forged = {}): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(claims(forged.claims))))
    .setProtectedHeader({ ...HEADER, ...forged.header } as typeof HEADER)
    .sign(forged.key ?? ours.privateKey, { crit: { 'urn:x': true } });

describe('a token', () => {
  test('verifies with any key of the set, so that rotations overlap', async () => {
    const { token } = await tokens.mint(subject);
    expect(await tokens.verify(token)).toMatchObject({ kind: 'session', ...subject });
    expect(await tokens.verify(await sign())).toMatchObject({ tenantId: 'demo' });
    expect(await tokens.verify(await sign({ header: { kid: 'k0' }, key: older.privateKey }))).toMatchObject({
      tenantId: 'demo',
    });
  });

  const publicBytes = Buffer.from(String(ours.publicKey.export({ format: 'jwk' }).x), 'base64url');
  const publicText = Buffer.from(ours.publicKey.export({ format: 'pem', type: 'spki' }) as string);
  const stranger = generateKeyPairSync('ed25519');
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  test.each<[string, Forged]>([
    ['signed by another key with a known kid', { key: stranger.privateKey }],
    ['signed by the older key with the newer kid', { key: older.privateKey }],
    ['of an unknown kid', { header: { kid: 'k9' } }],
    ['with the public key as a shared secret', { header: { alg: 'HS256' }, key: publicText }],
    ['with the raw bytes of the public key as a shared secret', { header: { alg: 'HS256' }, key: publicBytes }],
    ['of another algorithm', { header: { alg: 'ES256' }, key: ec.privateKey }],
    ['of another type', { header: { typ: 'at+jwt' } }],
    ['of no type', { header: { typ: undefined } }],
    ['with an unknown critical extension', { header: { crit: ['urn:x'], 'urn:x': 1 } }],
    ['of another issuer', { claims: { iss: 'urn:other' } }],
    ['for another audience', { claims: { aud: 'other' } }],
    ['without an audience', { claims: { aud: undefined } }],
    ['that is not valid yet', { claims: { nbf: nowS() + 3_600 } }],
    ['without an expiry', { claims: { exp: undefined } }],
    ['without an id', { claims: { jti: undefined } }],
    ['without an issue time, which revocation needs', { claims: { iat: undefined } }],
    ['of no tenant', { claims: { tenant: '' } }],
    ['of an invalid session id', { claims: { session: '../other' } }],
    ['whose capabilities are not a list', { claims: { capabilities: '*' } }],
  ])('%s is invalid', async (_what, forged) => {
    expect(await tokens.verify(await sign(forged))).toBe('invalid');
  });

  test('that has its own key, or a URL of one, is invalid', async () => {
    const own = { jwk: await exportJWK(stranger.publicKey), jku: 'https://example.org/jwks.json', x5u: 'https://x' };
    expect(await tokens.verify(await sign({ header: own, key: stranger.privateKey }))).toBe('invalid');
  });

  test('that is not signed is invalid', async () => {
    const unsigned = new UnsecuredJWT(claims()).encode();
    expect(await tokens.verify(unsigned)).toBe('invalid');
    const [, payload] = (await sign()).split('.');
    for (const alg of ['none', 'None', 'NONE', 'nOnE', ''])
      for (const signature of ['', 'AAAA']) {
        const header = Buffer.from(JSON.stringify({ ...HEADER, alg })).toString('base64url');
        expect(await tokens.verify(`${header}.${payload}.${signature}`)).toBe('invalid');
      }
  });

  test('that has expired more than five seconds ago is expired', async () => {
    expect(await tokens.verify(await sign({ claims: { exp: nowS() - 60 } }))).toBe('expired');
    expect(await tokens.verify(await sign({ claims: { exp: nowS() - 1 } }))).toMatchObject({ tenantId: 'demo' });
    expect(await tokens.verify(await sign({ claims: { exp: nowS() - 60 }, key: stranger.privateKey }))).toBe('invalid');
  });
});

/** Returns true for the same three parts, ignoring the unused bits of the last base64url character. */
const bytesOf = (token: string): string => {
  const [header, payload, signature = '', ...rest] = token.split('.');
  return JSON.stringify([header, payload, Buffer.from(signature, 'base64url').toString('hex'), rest]);
};

describe('any other text', () => {
  test('is invalid', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(part, { maxLength: 5 }).map((all) => all.join('.')),
        ),
        async (text) => {
          expect(await tokens.verify(text)).toBe('invalid');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('made from a token by a change is invalid, unless it decodes to the same bytes', async () => {
    const { token } = await tokens.mint(subject);
    const change = fc.record({
      at: fc.nat({ max: token.length }),
      drop: fc.nat({ max: 3 }),
      put: fc.string({ unit: fc.constantFrom(...'ABab01-_.=+/ \u0000é'), maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = changes.reduce(
          (text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop),
          token,
        );
        fc.pre(bytesOf(changed) !== bytesOf(token));
        expect(await tokens.verify(changed)).toBe('invalid');
      }),
      { numRuns: 500 },
    );
  });

  test('with signed claims of any shape is a caller or invalid: verify never throws', async () => {
    const names = ['tenant', 'session', 'capabilities', 'persona', 'model', 'exp', 'iat', 'nbf', 'jti', 'sub', 'aud'];
    const over = fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { minKeys: 1, maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(over, async (changed) => {
        const result = await tokens.verify(await sign({ claims: changed }));
        if (typeof result === 'string') expect(['invalid', 'expired']).toContain(result);
        else
          expect(result).toMatchObject({
            kind: 'session',
            sessionId: subject.sessionId,
            expiresAtMs: expect.any(Number),
          });
      }),
      { numRuns: 300 },
    );
  });
});
