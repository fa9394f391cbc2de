import { createPublicKey, type JsonWebKey as NodeJwk } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../../infra/governance/constitution/canonical-json.ts';
import { openEnvelope } from '../../../../infra/governance/constitution/dsse.ts';
import { newDevelopmentKeySet } from '../../../../infra/security/key-set.ts';
import { MANIFEST_PAYLOAD_TYPE } from '../../../../schemas/contexts/tools.ts';
import { signingKeyIn, signManifest } from './sign-manifest.ts';

const manifest = { name: 'mail', version: '1.0.1', description: 'Sends letters to ñandúes', effect: 'write' };

describe('a manifest that is signed in a browser', () => {
  test('has a signature that the platform verifies, over the same bytes', async () => {
    const jwk = signingKeyIn(newDevelopmentKeySet());
    if (jwk === null) throw new Error('expected a key');
    const { kty, crv, x } = jwk;
    const trusted = new Map([[jwk.kid ?? '', createPublicKey({ key: { kty, crv, x } as NodeJwk, format: 'jwk' })]]);
    const payload = canonicalJson(manifest);
    const open = (signature: object) =>
      openEnvelope(
        JSON.stringify({
          ...{ payloadType: MANIFEST_PAYLOAD_TYPE, payload: payload.toString('base64') },
          signatures: [signature],
        }),
        MANIFEST_PAYLOAD_TYPE,
        trusted,
      );
    expect(open(await signManifest(manifest, jwk))).toMatchObject({ payload, signedBy: [jwk.kid] });
    const other = await signManifest({ ...manifest, effect: 'read' }, jwk);
    expect(() => open(other)).toThrow();
  });

  test.each([
    ['no JSON', 'a key'],
    ['a set without a private key', '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "a", "kid": "k"}]}'],
    ['a key of another kind', '{"keys": [{"kty": "RSA", "d": "a", "kid": "k"}]}'],
    ['null', 'null'],
  ])('is not signed with %s', (_name, text) => {
    expect(signingKeyIn(text)).toBeNull();
  });
});
