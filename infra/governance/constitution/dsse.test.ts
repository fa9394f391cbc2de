import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEnvelope, preAuthenticationEncoding, type Signer, sealEnvelope } from './dsse.ts';
import { GovernanceError } from './errors.ts';

const TYPE = 'application/vnd.test+json';
const payload = Buffer.from('{"knot":1}');
const signer = (keyId: string): Signer => ({ keyId, privateKey: generateKeyPairSync('ed25519').privateKey });
const trust = (...signers: readonly Signer[]) =>
  new Map(signers.map(({ keyId, privateKey }) => [keyId, createPublicKey(privateKey)]));
const [alice, bob, mallory] = [signer('alice'), signer('bob'), signer('mallory')];
const changed = (envelope: string, change: (parsed: Record<string, unknown>) => object): string =>
  JSON.stringify(change(JSON.parse(envelope)));
const codeOf = (work: () => unknown): unknown => {
  try {
    return work() && 'opened';
  } catch (error) {
    return error instanceof GovernanceError ? error.code : error;
  }
};

describe('DSSE', () => {
  it('encodes the signed bytes as the specification does', () => {
    // secure-systems-lab/dsse, protocol.md: test vector.
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('counts bytes, not characters', () => {
    expect(preAuthenticationEncoding('ñ', Buffer.from('🪢')).toString()).toBe('DSSEv1 2 ñ 4 🪢');
  });

  it('opens a sealed envelope', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const opened = openEnvelope(sealEnvelope(TYPE, bytes, [alice]), TYPE, trust(alice));
        expect(opened.payload.equals(bytes)).toBe(true);
        expect(opened.signedBy).toEqual(['alice']);
      }),
      { numRuns: 20 },
    );
  });

  it('seals the same payload to the same text', () => {
    expect(sealEnvelope(TYPE, payload, [alice])).toBe(sealEnvelope(TYPE, payload, [alice]));
  });

  it('needs as many different trusted keys as required', () => {
    const both = sealEnvelope(TYPE, payload, [alice, bob]);
    expect(openEnvelope(both, TYPE, trust(alice, bob), 2).signedBy).toEqual(['alice', 'bob']);
    expect(codeOf(() => openEnvelope(both, TYPE, trust(alice, mallory), 2))).toBe('SIGNATURE_INVALID');
    const twice = sealEnvelope(TYPE, payload, [alice, alice]);
    expect(codeOf(() => openEnvelope(twice, TYPE, trust(alice), 2))).toBe('SIGNATURE_INVALID');
  });

  it('counts one key under two names once', () => {
    const alias = { ...alice, keyId: 'alias' };
    const sealed = sealEnvelope(TYPE, payload, [alice, alias]);
    expect(codeOf(() => openEnvelope(sealed, TYPE, trust(alice, alias), 2))).toBe('SIGNATURE_INVALID');
  });

  it('ignores a signature of an untrusted key', () => {
    const sealed = sealEnvelope(TYPE, payload, [mallory, alice]);
    expect(openEnvelope(sealed, TYPE, trust(alice)).signedBy).toEqual(['alice']);
  });

  it.each([
    ['another payload', (e: object) => ({ ...e, payload: Buffer.from('{"knot":2}').toString('base64') })],
    ['another signer’s name', (e: object) => ({ ...e, signatures: [{ keyid: 'bob', sig: sigOf(e) }] })],
    ['an empty signature', (e: object) => ({ ...e, signatures: [{ keyid: 'alice', sig: '' }] })],
  ])('rejects %s', (_, change) => {
    const envelope = changed(sealEnvelope(TYPE, payload, [alice]), change);
    expect(codeOf(() => openEnvelope(envelope, TYPE, trust(alice, bob)))).toBe('SIGNATURE_INVALID');
  });

  it('rejects another payload type, even when signed', () => {
    const sealed = sealEnvelope('application/other', payload, [alice]);
    expect(codeOf(() => openEnvelope(sealed, TYPE, trust(alice)))).toBe('PAYLOAD_TYPE_UNKNOWN');
  });

  it('rejects any text that is not an envelope', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(codeOf(() => openEnvelope(text, TYPE, trust(alice)))).toBe('ENVELOPE_INVALID');
      }),
    );
  });

  it('rejects an envelope with any single bit flipped', () => {
    const bytes = Buffer.from(sealEnvelope(TYPE, payload, [alice]));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 6 }), (at, bit) => {
        const turned = Buffer.from(bytes);
        turned[at] = (turned[at] ?? 0) ^ (1 << bit);
        const result = codeOf(() => openEnvelope(turned.toString('latin1'), TYPE, trust(alice)));
        expect(['ENVELOPE_INVALID', 'SIGNATURE_INVALID', 'PAYLOAD_TYPE_UNKNOWN']).toContain(result);
      }),
      { numRuns: 300 },
    );
  });
});

function sigOf(envelope: object): unknown {
  return (envelope as { signatures: { sig: string }[] }).signatures[0]?.sig;
}
