import { describe, expect, it } from 'vitest';
import { MANIFEST_PAYLOAD_TYPE } from '../../../schemas/contexts/tools.ts';
import { weatherManifest } from '../../../tests/support/outside-service.ts';
import { canonicalJson } from '../../governance/constitution/canonical-json.ts';
import { sealEnvelope } from '../../governance/constitution/dsse.ts';
import { newSigner, trusting } from '../../governance/constitution/testing.ts';
import { manifestReader, prepareManifest, verifyManifest } from './signing.ts';

const alice = newSigner('alice');
const trusted = trusting(alice);
const manifest = weatherManifest({ host: 'api.weather.example' });
const seal = (payload: Uint8Array, signer = alice): string => sealEnvelope(MANIFEST_PAYLOAD_TYPE, payload, [signer]);
const signed = (value: unknown, signer = alice): string => seal(canonicalJson(value), signer);
const refusal = (code: string) => expect.objectContaining({ code });

describe('a signed manifest', () => {
  it('verifies, and is identified by the digest of its canonical JSON in any order of its fields', () => {
    const reversed = Object.fromEntries(Object.entries(manifest).reverse());
    const found = verifyManifest(signed(manifest), trusted);
    expect(found.manifest).toEqual(manifest);
    expect(verifyManifest(signed(reversed), trusted).digest).toBe(found.digest);
    expect(prepareManifest(manifest).digest).toBe(found.digest);
  });

  it.each([
    ['no key that is trusted signed it', signed(manifest, newSigner('alice')), 'SIGNATURE_INVALID'],
    ['it is no envelope', '{}', 'ENVELOPE_INVALID'],
    [
      'its payload is not canonical',
      seal(Buffer.from(JSON.stringify({ ...manifest, name: 'z' }, null, 1))),
      'TOOL_INVALID',
    ],
    ['its payload is not JSON', seal(Buffer.from('knots')), 'TOOL_INVALID'],
    ['it has a field that nothing enforces', signed({ ...manifest, calls_max: 3 }), 'TOOL_INVALID'],
    [
      'it has a secret for a host that it may not reach',
      signed({ ...manifest, credentials: [{ name: 'k', host: 'other.example' }] }),
      'TOOL_INVALID',
    ],
    ['it is longer than 64 KiB', signed({ ...manifest, config: { text: 'x'.repeat(65_000) } }), 'TOOL_INVALID'],
    ['its envelope is huge', 'x'.repeat(200_000), 'TOOL_INVALID'],
    ['its text is no Unicode', seal(Buffer.from('{"name":"\\ud800"}')), 'TOOL_INVALID'],
  ])('is refused when %s', (_, envelope, code) => {
    expect(() => verifyManifest(envelope, trusted)).toThrow(refusal(code));
    expect(manifestReader(trusted)(envelope)).toMatchObject({ status: 'refused', code });
  });

  it('has facts for decisions: the cost with nine fraction digits, and the labels that it takes', () => {
    const read = manifestReader(trusted);
    expect(read(signed(manifest))).toMatchObject({
      ...{ status: 'valid', facts: { name: 'weather', cost: '0.000000000', labelsIn: null } },
    });
    const priced = { ...manifest, limits: { cost: '0.25' }, labels: { in: ['public'], out: [] } };
    expect(read(signed(priced))).toMatchObject({ facts: { cost: '0.250000000', labelsIn: ['public'] } });
  });

  it('is read once for all its calls, and again after many others', () => {
    const read = manifestReader(trusted);
    const first = read(signed(manifest));
    expect(read(signed(manifest))).toBe(first);
    for (let n = 0; n < 256; n += 1) read(`no envelope ${n}`);
    expect(read(signed(manifest))).not.toBe(first);
  });
});
