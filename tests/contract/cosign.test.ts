import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addVerdict, readArchive, signedArchive, writeParts } from '../../infra/bin/capsules/files.ts';
import { verdictUnder } from '../../infra/bin/capsules/verdict.ts';
import { aManifest } from '../../infra/capsules/testing.ts';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import { newDevelopmentKeySet } from '../../infra/security/key-set.ts';
import { findCosign, NO_COSIGN } from '../support/cosign.ts';

let binary: string | null;
let dir: string;
let files: readonly string[];
beforeAll(async () => {
  binary = findCosign();
  dir = mkdtempSync(join(tmpdir(), 'khipu-cosign-'));
  const [archive, keys] = [join(dir, 'greeter.tar'), join(dir, 'keys.json')];
  writeFileSync(keys, newDevelopmentKeySet());
  writeFileSync(archive, signedArchive(aManifest(), keys).archive);
  const read = await readArchive(archive);
  await addVerdict(archive, read, verdictUnder(defaultConstitution, read.prepared, new Date()), keys);
  files = await writeParts(archive, keys, dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Returns the exit code of cosign, without any network: a key of ours, and no transparency log. */
function verified(bundle: string, blob = 'manifest.json'): number {
  const args = ['verify-blob-attestation', '--key', 'key-1.pem', '--bundle', bundle, '--insecure-ignore-tlog=true'];
  try {
    execFileSync(binary ?? '', [...args, '--check-claims=true', '--type', typeOf(bundle), blob], {
      ...{ cwd: dir, stdio: 'pipe', timeout: 60_000 },
    });
    return 0;
  } catch (error) {
    return (error as { readonly status: number | null }).status ?? -1;
  }
}
const typeOf = (bundle: string): string => {
  const { dsseEnvelope } = JSON.parse(readFileSync(join(dir, bundle), 'utf8')) as {
    readonly dsseEnvelope: { readonly payload: string };
  };
  return (
    JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as { readonly predicateType: string }
  ).predicateType;
};

test('an archive is unpacked into what other tools verify', () => {
  expect(files).toEqual([
    ...['manifest.json', '1-provenance.sigstore.json', '2-bom.sigstore.json', '3-testResult.sigstore.json'],
    ...['4-verdict.sigstore.json', 'key-1.pem'],
  ]);
});

describe('cosign', () => {
  beforeEach(({ skip }) => skip(binary === null, NO_COSIGN));

  test('verifies every statement of an archive', () => {
    for (const bundle of files.filter((name) => name.endsWith('.sigstore.json')))
      expect([bundle, verified(bundle)]).toEqual([bundle, 0]);
  });

  test('refuses a statement with one changed byte, and another manifest', () => {
    const name = '1-provenance.sigstore.json';
    const bundle = JSON.parse(readFileSync(join(dir, name), 'utf8')) as {
      dsseEnvelope: { signatures: { sig: string }[] };
    };
    const [signature] = bundle.dsseEnvelope.signatures;
    if (signature === undefined) throw new Error('no signature');
    const bytes = Buffer.from(signature.sig, 'base64');
    bytes[9] = (bytes[9] ?? 0) ^ 1;
    signature.sig = bytes.toString('base64');
    writeFileSync(join(dir, 'changed.sigstore.json'), JSON.stringify(bundle));
    expect(verified('changed.sigstore.json')).not.toBe(0);
    writeFileSync(join(dir, 'other.json'), '{}');
    expect(verified(name, 'other.json')).not.toBe(0);
  });
});
