import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { defaultConstitution } from './default.ts';
import { sealEnvelope } from './dsse.ts';
import { CONSTITUTION_PAYLOAD_TYPE, signConstitution, verifyConstitution } from './signing.ts';
import { newSigner, trusting } from './testing.ts';

const alice = newSigner('alice');
const trusted = trusting(alice);
const sealed = (payload: Buffer): string => sealEnvelope(CONSTITUTION_PAYLOAD_TYPE, payload, [alice]);
const refusal = (code: string) => expect.objectContaining({ name: 'GovernanceError', code });

describe('a signed constitution', () => {
  it('verifies, and is identified by the digest of its canonical JSON', () => {
    const { version, digest, envelope } = signConstitution(defaultConstitution, alice);
    expect(version).toBe('1.3.0');
    expect(digest).toBe(createHash('sha256').update(canonicalJson(defaultConstitution)).digest('hex'));
    expect(verifyConstitution(envelope, trusted)).toEqual({ document: defaultConstitution, digest });
  });

  it('has one digest for any order of its fields', () => {
    const reversed = Object.fromEntries(Object.entries(defaultConstitution).reverse());
    expect(signConstitution(reversed, alice)).toEqual(signConstitution(defaultConstitution, alice));
  });

  it('may need several signers', () => {
    const bob = newSigner('bob');
    const { envelope } = signConstitution(defaultConstitution, alice, bob);
    expect(verifyConstitution(envelope, trusting(alice, bob), 2).document.version).toBe('1.3.0');
    expect(() => verifyConstitution(envelope, trusted, 2)).toThrow(refusal('SIGNATURE_INVALID'));
  });

  it('is not signed when it is invalid or too large', () => {
    expect(() => signConstitution({ ...defaultConstitution, threshold: 2 }, alice)).toThrow(
      refusal('CONSTITUTION_INVALID'),
    );
    const personas = Array.from({ length: 256 }, (_, n) => `${n}`.padEnd(128, 'p'));
    const policies = Array.from({ length: 40 }, (_, n) => ({
      id: `p${n}`,
      text: `permit (principal, action, resource); // ${'x'.repeat(7_000)}`,
    }));
    expect(() => signConstitution({ ...defaultConstitution, personas, policies }, alice)).toThrow(
      refusal('CONSTITUTION_TOO_LARGE'),
    );
  });

  it.each([
    ['JSON that is not canonical', Buffer.from(JSON.stringify(defaultConstitution)), 'CONSTITUTION_NOT_CANONICAL'],
    ['no JSON', Buffer.from('knots'), 'CONSTITUTION_INVALID'],
    ['another document', canonicalJson({ id: 'other' }), 'CONSTITUTION_INVALID'],
  ])('is rejected when its payload is %s, even when signed', (_, payload, code) => {
    expect(() => verifyConstitution(sealed(payload), trusted)).toThrow(refusal(code));
  });

  it('is rejected without a trusted signature, before its content is read', () => {
    const { envelope } = signConstitution(defaultConstitution, newSigner('alice'));
    expect(() => verifyConstitution(envelope, trusted)).toThrow(refusal('SIGNATURE_INVALID'));
  });

  it('is rejected when the envelope is huge', () => {
    expect(() => verifyConstitution('x'.repeat(600_000), trusted)).toThrow(refusal('CONSTITUTION_TOO_LARGE'));
  });
});
