import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultConstitution } from './default.ts';
import { preAuthenticationEncoding, type Signer } from './dsse.ts';
import { createLifeEngine } from './engine.ts';
import { CONSTITUTION_PAYLOAD_TYPE, signConstitution } from './signing.ts';
import { newSigner, trusting } from './testing.ts';

const [ana, ben, eve] = [newSigner('ana'), newSigner('ben'), newSigner('eve')];
const engineOf = (signaturesRequired: number, failures: readonly string[] = []) =>
  createLifeEngine({ trusted: trusting(ana, ben), signaturesRequired, ownConditions: true, failures: () => failures });
const engine = engineOf(2);

const read = engine.read(JSON.stringify(defaultConstitution));
if (read.status !== 'valid') throw new Error(read.detail);
const { document, version, digest } = read;
const signatureOf = ({ keyId, privateKey }: Signer, text = document) => ({
  keyId,
  signature: sign(null, preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, Buffer.from(text)), privateKey).toString(
    'base64',
  ),
});

describe('a document', () => {
  it('is read into its canonical form, with the digest of its publication', () => {
    expect({ version, digest }).toMatchObject({
      version: '1.3.0',
      digest: signConstitution(defaultConstitution, ana).digest,
    });
    expect(engine.read(document)).toEqual(read);
  });

  it.each([
    ['not JSON', '{', 'CONSTITUTION_INVALID'],
    ['not a constitution', '{"id":"x"}', 'CONSTITUTION_INVALID'],
    ['not valid Unicode', JSON.stringify({ ...defaultConstitution, title: '\ud800' }), 'CONSTITUTION_INVALID'],
  ])('is rejected when it is %s', (_, text, code) => {
    expect(engine.read(text)).toMatchObject({ status: 'refused', code });
  });

  it('is rejected with the list of its failing tests', () => {
    const failing = engineOf(1, ['gold: deny, got allow', 'silver: allow, got deny']);
    expect(failing.read(document)).toEqual({
      ...{ status: 'refused', code: 'CONSTITUTION_TESTS_FAILED' },
      detail: 'gold: deny, got allow; silver: allow, got deny',
    });
  });
});

describe('a signature', () => {
  it('is valid under the trusted key that made it, for this document only', () => {
    expect(engine.signed(document, signatureOf(ana))).toBe(true);
    expect(engine.signed(`${document} `, signatureOf(ana))).toBe(false);
    expect(engine.signed(document, signatureOf(eve))).toBe(false);
    expect(engine.signed(document, { ...signatureOf(eve), keyId: 'ana' })).toBe(false);
    for (const signature of ['', 'x', `${signatureOf(ana).signature} `, '\ud800'])
      expect(engine.signed(document, { keyId: 'ana', signature })).toBe(false);
  });
});

describe('an envelope', () => {
  it('is verified when enough different keys have signed', () => {
    const sealed = (...signers: readonly Signer[]) => ({
      version,
      digest,
      envelope: engine.seal(
        document,
        signers.map((each) => signatureOf(each)),
      ),
    });
    expect(engine.verify(sealed(ana, ben))).toMatchObject({ status: 'verified', version, digest });
    for (const few of [sealed(ana), sealed(ana, ana), sealed(ana, eve)])
      expect(engine.verify(few)).toMatchObject({ status: 'unverified', code: 'SIGNATURE_INVALID' });
  });

  it('opens into its document and signatures; another text does not open', () => {
    expect(engine.open(engine.seal(document, [signatureOf(ana)]))).toEqual({
      document,
      signatures: [signatureOf(ana)],
    });
    expect(engine.open(signConstitution(defaultConstitution, ana).envelope)).toEqual({
      document,
      signatures: [signatureOf(ana)],
    });
    expect(engine.open('{}')).toBeNull();
  });
});
