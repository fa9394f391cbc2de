import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../governance/constitution/canonical-json.ts';
import { sealEnvelope } from '../governance/constitution/dsse.ts';
import { newSigner, trusting } from '../governance/constitution/testing.ts';
import { CAPSULE_PAYLOAD_TYPE, capsuleReader, prepareCapsule } from './signing.ts';
import { predicates, sealStatement } from './statement.ts';
import { aManifest } from './testing.ts';

const alice = newSigner('alice');
const read = capsuleReader(trusting(alice));
const seal = (payload: Uint8Array, signer = alice) => sealEnvelope(CAPSULE_PAYLOAD_TYPE, payload, [signer]);
const signed = (changes = {}, signer = alice) => seal(prepareCapsule(aManifest(changes)).payload, signer);

describe('a manifest', () => {
  it('is read with its facts, and its digest is that of its canonical JSON', () => {
    expect(read.manifest(signed())).toMatchObject({
      ...{ status: 'valid', digest: prepareCapsule(aManifest()).digest },
      facts: {
        ...{ publisher: 'demo', name: 'greeter', version: '1.0.0', tools: [] },
        asks: ['agents:start:greeter', 'slm:invoke:default'],
        price: { amount: '0.000000000', currency: 'EUR', meter: 'install' },
      },
    });
    const reversed = Object.fromEntries(Object.entries(aManifest()).reverse());
    expect(prepareCapsule(reversed).digest).toBe(prepareCapsule(aManifest()).digest);
  });

  it.each([
    ['no trusted key signed it', signed({}, newSigner('alice')), 'SIGNATURE_INVALID'],
    ['it is no envelope', '{}', 'ENVELOPE_INVALID'],
    ['it is not canonical', seal(Buffer.from(JSON.stringify(aManifest(), null, 1))), 'CAPSULE_INVALID'],
    ['a default is not written out', seal(canonicalJson(aManifest())), 'CAPSULE_INVALID'],
    ['it is not JSON', seal(Buffer.from('knots')), 'CAPSULE_INVALID'],
    ['it is too long', 'x'.repeat(200_000), 'CAPSULE_INVALID'],
  ])('is refused when %s', (_, envelope, code) => {
    expect(read.manifest(envelope)).toMatchObject({ status: 'refused', code });
  });

  it.each([
    ['its license is no SPDX id', { license: 'Anything goes' }, 'CAPSULE_LICENSE_UNKNOWN'],
    [
      'it has a secret',
      { agent: { ...(aManifest()['agent'] as object), prompt: `Use ${'sk-'}${'a1b2c3d4e5'.repeat(3)}` } },
      'CAPSULE_SECRET_FOUND',
    ],
    ['it has a field that nothing enforces', { promises: 1 }, 'CAPSULE_INVALID'],
    ['it does not ask for what it needs', { capabilities: [] }, 'CAPSULE_INVALID'],
    [
      'it asks for what governs the platform',
      { capabilities: ['agents:*', 'slm:*', 'kill-switch:set'] },
      'CAPSULE_INVALID',
    ],
    ['a golden case does not fit the input', { golden: [{ name: 'x', input: {} }] }, 'CAPSULE_INVALID'],
    ['a tool is named twice', { tools: [{ name: 'a' }, { name: 'a' }] }, 'CAPSULE_INVALID'],
    ['its schema is not used', { input: { pattern: '(a+)+$' } }, 'CAPSULE_INVALID'],
  ])('is not signed when %s', (_, changes, code) => {
    expect(() => prepareCapsule(aManifest(changes))).toThrow(expect.objectContaining({ code }));
  });
});

describe('a statement', () => {
  const { digest } = prepareCapsule(aManifest());
  const about = { name: 'demo/greeter@1.0.0', digest, predicateType: predicates.review, predicate: { by: 'ana' } };

  it('is read when a trusted key signed it about this digest', () => {
    expect(read.attestation(sealStatement(about, alice), digest)).toEqual({
      ...{ status: 'valid', predicateType: predicates.review },
    });
  });

  it.each([
    [
      'it is about another digest',
      sealStatement({ ...about, digest: '0'.repeat(64) }, alice),
      'CAPSULE_STATEMENT_INVALID',
    ],
    ['no trusted key signed it', sealStatement(about, newSigner('alice')), 'SIGNATURE_INVALID'],
    ['it is no bundle', '{}', 'CAPSULE_STATEMENT_INVALID'],
    ['it is too long', 'x'.repeat(40_000), 'CAPSULE_STATEMENT_INVALID'],
  ])('is refused when %s', (_, bundle, code) => {
    expect(read.attestation(bundle, digest)).toMatchObject({ status: 'refused', code });
  });
});
