import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdictUnder } from '../bin/capsules/verdict.ts';
import { canonicalJson } from '../governance/constitution/canonical-json.ts';
import { defaultConstitution } from '../governance/constitution/default.ts';
import { sealEnvelope } from '../governance/constitution/dsse.ts';
import { newSigner, trusting } from '../governance/constitution/testing.ts';
import { packCapsule } from './archive.ts';
import { packedWith, verdictAbout } from './attestations.ts';
import { bomOf } from './bom.ts';
import { CAPSULE_PAYLOAD_TYPE, prepareCapsule } from './signing.ts';
import { predicates, sealStatement } from './statement.ts';
import { aManifest } from './testing.ts';
import { verifyArchive } from './verify.ts';

const alice = newSigner('alice');
const prepared = prepareCapsule(
  aManifest({
    tools: [{ name: 'weather', digest: 'ab'.repeat(32) }, { name: 'mail' }],
    capabilities: ['agents:start:greeter', 'slm:invoke:default', 'tool:execute:*'],
  }),
);
const envelope = sealEnvelope(CAPSULE_PAYLOAD_TYPE, prepared.payload, [alice]);
const about = packedWith(prepared);
const sealed = about.map((each) => sealStatement(each, alice));
const packed = (attestations: readonly string[] = sealed) => packCapsule({ envelope, attestations });
const verified = (archive: Buffer, signer = alice) =>
  verifyArchive(archive, trusting(signer)).catch((error: { readonly code?: string }) => error.code ?? 'another error');

describe('a bill of materials', () => {
  it('has the model and the tools, with the digests that the manifest pins', () => {
    const bom = bomOf(prepared);
    expect(bom).toMatchObject({
      ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
      metadata: { component: { name: 'greeter', version: '1.0.0', hashes: [{ content: prepared.digest }] } },
      components: [
        { name: 'default', type: 'machine-learning-model' },
        { name: 'mail', type: 'application' },
        { name: 'weather', hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }] },
      ],
    });
    expect(bom).not.toHaveProperty('serialNumber');
    expect(bomOf(prepared)).toEqual(bom);
  });
});

describe('an archive', () => {
  it('is verified without a platform, with its provenance, its bill of materials and its test results', async () => {
    expect(await verified(packed())).toMatchObject({
      ...{ capsule: 'demo/greeter@1.0.0', installableUnder: [] },
      statements: [predicates.provenance, predicates.bom, predicates.testResult],
    });
  });

  it('is refused under other keys, and when a statement is missing', async () => {
    expect(await verified(packed(), newSigner('alice'))).toBe('SIGNATURE_INVALID');
    for (const left of [0, 1, 2])
      expect(await verified(packed(sealed.filter((_, nth) => nth !== left)))).toBe('CAPSULE_STATEMENT_INVALID');
  });

  it('is refused when one bit of it differs, wherever it is', async () => {
    const archive = packed();
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(archive);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        return typeof (await verified(flipped)) === 'string';
      }),
      { numRuns: 150 },
    );
  });

  it('is refused when one bit of a statement or of the signed manifest differs, also in an archive made for it', async () => {
    const flips = (bytes: Buffer, at: number, bit: number): Buffer => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      return flipped;
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), fc.boolean(), async (nth, place, bit, isPayload) => {
        const bundle = JSON.parse(sealed[nth] ?? '') as {
          dsseEnvelope: { payload: string; signatures: { sig: string }[] };
        };
        const { dsseEnvelope } = bundle;
        const [signature] = dsseEnvelope.signatures;
        if (signature === undefined) return false;
        const bytes = Buffer.from(isPayload ? dsseEnvelope.payload : signature.sig, 'base64');
        const flipped = flips(bytes, place % bytes.length, bit).toString('base64');
        if (isPayload) dsseEnvelope.payload = flipped;
        else signature.sig = flipped;
        const changed = sealed.map((each, at) => (at === nth ? canonicalJson(bundle).toString('utf8') : each));
        return (await verified(packed(changed))) === 'SIGNATURE_INVALID';
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['is about another capsule', { digest: '0'.repeat(64) }],
    ['lacks what its kind has', { predicate: {} }],
  ])('is refused when a signed statement %s', async (_, changes) => {
    const [first, ...others] = about;
    if (first === undefined) throw new Error('no statements');
    const wrong = sealStatement({ ...first, ...changes }, alice);
    expect(await verified(packed([wrong, ...others.map((each) => sealStatement(each, alice))]))).toBe(
      'CAPSULE_STATEMENT_INVALID',
    );
  });
});

describe('a verdict', () => {
  const now = new Date(0);
  const constitution = defaultConstitution;

  it('says under which constitution the capsule is installable', async () => {
    const verdict = verdictUnder(constitution, prepared, now);
    expect(verdict).toMatchObject({ outcome: 'PASSED', verifiedAt: now.toISOString() });
    const archive = packed([...sealed, sealStatement(verdictAbout(prepared, verdict), alice)]);
    expect(await verified(archive)).toMatchObject({ installableUnder: [verdict.constitution] });
  });

  it('that a constitution refuses does not pass', async () => {
    const forbidding = {
      ...constitution,
      policies: constitution.policies.filter(({ id }) => id !== 'permit-install-capsule'),
    };
    const verdict = verdictUnder(forbidding, prepared, now);
    expect(verdict.outcome).toBe('FAILED');
    const archive = packed([...sealed, sealStatement(verdictAbout(prepared, verdict), alice)]);
    expect(await verified(archive)).toBe('CAPSULE_STATEMENT_INVALID');
  });
});
