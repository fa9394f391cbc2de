/** Capsules on disk: manifests, archives, and the keys that sign them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CapsuleParts, packCapsule, unpackCapsule } from '../../capsules/archive.ts';
import { packedWith, type Verdict, verdictAbout } from '../../capsules/attestations.ts';
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

/**
 * Returns the archive of a manifest, signed with the first private key of a JWK Set, with statements of its provenance, its
 * bill of materials and its automatic checks. Throws CAPSULE_INVALID and the other codes of the checks, and CONFIG_INVALID without a private key.
 */
export function signedArchive(
  value: unknown,
  keyFile: string,
): { readonly prepared: PreparedCapsule; readonly archive: Buffer } {
  const prepared = prepareCapsule(value);
  const signer = signerIn(keyFile);
  const attestations = packedWith(prepared).map((statement) => sealStatement(statement, signer));
  const parts = { envelope: sealEnvelope(CAPSULE_PAYLOAD_TYPE, prepared.payload, [signer]), attestations };
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

/**
 * Resolves with an archive to which a verdict was added, signed with the key of a file, and writes it. Rejects with the code of
 * its fault.
 */
export async function addVerdict(file: string, read: ReadArchive, verdict: Verdict, keyFile: string): Promise<void> {
  const statement = sealStatement(verdictAbout(read.prepared, verdict), signerIn(keyFile));
  writeFileSync(file, packCapsule({ envelope: read.envelope, attestations: [...read.attestations, statement] }));
}

/** Name of a statement in a folder: its place, and the end of its predicate type. */
const statementName = (bundle: string, nth: number): string => {
  const { dsseEnvelope } = JSON.parse(bundle) as { readonly dsseEnvelope: { readonly payload: string } };
  const { predicateType } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as {
    readonly predicateType: string;
  };
  const kind = Object.entries(predicates).find(([, type]) => type === predicateType)?.[0] ?? 'statement';
  return `${nth + 1}-${kind}.sigstore.json`;
};

/**
 * Writes what other tools verify into a folder: the manifest, each statement as a Sigstore bundle, and the public keys of a JWK
 * Set as PEM. Resolves with the names of the files. Rejects with the code of its fault.
 */
export async function writeParts(file: string, keyFile: string, dir: string): Promise<readonly string[]> {
  const { attestations, prepared } = await readArchive(file);
  const { verifying } = readKeySet(keyFile);
  const files: readonly (readonly [string, string | Buffer])[] = [
    ['manifest.json', prepared.payload],
    ...attestations.map((bundle, nth) => [statementName(bundle, nth), bundle] as const),
    ...[...verifying].map(
      ([, key], nth) => [`key-${nth + 1}.pem`, key.export({ type: 'spki', format: 'pem' }) as string] as const,
    ),
  ];
  mkdirSync(dir, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(dir, name), content);
  return files.map(([name]) => name);
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
