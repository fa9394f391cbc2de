/** Capsules on disk: manifests, archives, and the keys that sign them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { type CapsuleParts, packCapsule, unpackCapsule } from '../../capsules/archive.ts';
import { CAPSULE_PAYLOAD_TYPE, type PreparedCapsule, prepareCapsule } from '../../capsules/signing.ts';
import { predicates, sealStatement } from '../../capsules/statement.ts';
import { parseEnvelope, type Signer, sealEnvelope } from '../../governance/constitution/dsse.ts';
import { readKeySet } from '../../security/key-set.ts';
import { failure } from '../failure.ts';

/** Returns the parsed JSON of a file, not validated. Throws CAPSULE_INVALID when the file is not readable JSON. */
export function readCapsuleFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw failure('CAPSULE_INVALID', `${file}: expected a readable JSON file`, cause);
  }
}

/** Returns the signer of a JWK Set. Throws CONFIG_INVALID without a private key. */
function signerIn(keyFile: string): Signer {
  const { signing } = readKeySet(keyFile);
  if (signing === null) throw failure('CONFIG_INVALID', `${keyFile}: expected a private key to sign with`);
  return signing;
}

const idOf = ({ manifest: { publisher, name, version } }: PreparedCapsule): string => `${publisher}/${name}@${version}`;

/**
 * Returns the archive of a manifest, signed with the first private key of a JWK Set, with a statement about its automatic
 * checks. Throws CAPSULE_INVALID and the other codes of the checks, and CONFIG_INVALID without a private key.
 */
export function signedArchive(
  value: unknown,
  keyFile: string,
): { readonly prepared: PreparedCapsule; readonly archive: Buffer } {
  const prepared = prepareCapsule(value);
  const signer = signerIn(keyFile);
  const { digest, payload, manifest } = prepared;
  const statement = sealStatement(
    {
      ...{ name: idOf(prepared), digest, predicateType: predicates.testResult },
      // https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
      predicate: {
        result: 'PASSED',
        configuration: [{ name: 'khipu capsule check', digest: { sha256: digest } }],
        passedTests: manifest.golden.map(({ name }) => `golden input: ${name}`),
      },
    },
    signer,
  );
  const parts = { envelope: sealEnvelope(CAPSULE_PAYLOAD_TYPE, payload, [signer]), attestations: [statement] };
  return { prepared, archive: packCapsule(parts) };
}

/** An archive as it was read, with its manifest. Signatures are not verified. */
export interface ReadArchive extends CapsuleParts {
  readonly archive: Buffer;
  readonly prepared: PreparedCapsule;
}

/** Resolves with the archive of a file. Rejects with the code of its fault. */
export async function readArchive(file: string): Promise<ReadArchive> {
  let archive: Buffer;
  try {
    archive = readFileSync(file);
  } catch (cause) {
    throw failure('CAPSULE_ARCHIVE_INVALID', `${file}: expected a readable archive`, cause);
  }
  const parts = await unpackCapsule(archive);
  const payload = Buffer.from(parseEnvelope(parts.envelope).payload, 'base64');
  const prepared = prepareCapsule(JSON.parse(payload.toString('utf8')));
  return { ...parts, archive, prepared };
}

/**
 * Resolves with the digest of an archive that was signed once more, with the key of a file, and writes it. Rejects with the
 * code of its fault.
 */
export async function signAgain(file: string, keyFile: string): Promise<PreparedCapsule> {
  const { envelope, attestations, prepared } = await readArchive(file);
  const signer = signerIn(keyFile);
  const known = parseEnvelope(envelope);
  const added = parseEnvelope(sealEnvelope(CAPSULE_PAYLOAD_TYPE, prepared.payload, [signer])).signatures;
  const others = known.signatures.filter(({ keyid }) => keyid !== signer.keyId);
  const signed = JSON.stringify({ ...known, signatures: [...others, ...added] });
  writeFileSync(file, packCapsule({ envelope: signed, attestations }));
  return prepared;
}

/** Returns a statement of a review, signed with the key of a file. */
export const reviewStatement = (
  of: { readonly capsule: string; readonly digest: string; readonly outcome: string; readonly note: string },
  keyFile: string,
): string =>
  sealStatement(
    {
      ...{ name: of.capsule, digest: of.digest, predicateType: predicates.review },
      predicate: { outcome: of.outcome, note: of.note },
    },
    signerIn(keyFile),
  );
