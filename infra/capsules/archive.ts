/**
 * Archives of capsules: an OCI 1.1 image layout in a tar. The manifest of the capsule and its signature are layers of one
 * artifact; each statement is an artifact of its own, whose `subject` is the first (a referrer).
 *
 * There is one archive of a capsule: the same parts give the same bytes. An archive is read by taking its parts out and
 * making it again, so that a byte which differs anywhere, padding included, is refused.
 */
import { extract as tarExtract } from 'tar-stream';
import { z } from 'zod';
import {
  CAPSULE_ARCHIVE_BYTES_MAX,
  CAPSULE_ARCHIVE_ENTRIES_MAX,
  CAPSULE_ATTESTATIONS_MAX,
} from '../../schemas/contexts/capsules.ts';
import { canonicalJson } from '../governance/constitution/canonical-json.ts';
import { parseEnvelope } from '../governance/constitution/dsse.ts';
import { digestOf } from '../governance/constitution/signing.ts';
import { messageOf } from '../kit/errors.ts';
import { CapsuleError } from './errors.ts';
import { BUNDLE_MEDIA_TYPE } from './statement.ts';

export const CAPSULE_ARTIFACT_TYPE = 'application/vnd.khipu.capsule.v1+json';
const ENVELOPE_MEDIA_TYPE = 'application/vnd.dsse.envelope.v1+json';
const MANIFEST_MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX_MEDIA_TYPE = 'application/vnd.oci.image.index.v1+json';
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', digest: '', size: 2 };

/** What an archive has. */
export interface CapsuleParts {
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** Sigstore bundles, JSON. */
  readonly attestations: readonly string[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The files of a layout, by their path. */
type Files = Map<string, Buffer>;

const BLOBS = 'blobs/sha256/';
/** Paths of a layout. Folders are not entries. */
const PATH = /^(?:oci-layout|index\.json|blobs\/sha256\/[0-9a-f]{64})$/;

function addBlob(files: Files, mediaType: string, bytes: Buffer): Descriptor {
  const hex = digestOf(bytes);
  files.set(`${BLOBS}${hex}`, bytes);
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
}

/** Adds an artifact whose layers are its contents, and returns its descriptor. */
function addArtifact(
  files: Files,
  artifactType: string,
  layers: readonly Descriptor[],
  subject?: Descriptor,
): Descriptor & { readonly artifactType: string } {
  const config = addBlob(files, EMPTY.mediaType, Buffer.from('{}'));
  const manifest = { schemaVersion: 2, mediaType: MANIFEST_MEDIA_TYPE, artifactType, config, layers };
  const bytes = canonicalJson(subject === undefined ? manifest : { ...manifest, subject });
  return { ...addBlob(files, MANIFEST_MEDIA_TYPE, bytes), artifactType };
}

/** Returns the files of the layout of a capsule. Throws GovernanceError for an envelope that is not DSSE JSON. */
function layoutOf({ envelope, attestations }: CapsuleParts): Files {
  const files: Files = new Map();
  const payload = Buffer.from(parseEnvelope(envelope).payload, 'base64');
  const artifact = addArtifact(files, CAPSULE_ARTIFACT_TYPE, [
    addBlob(files, CAPSULE_ARTIFACT_TYPE, payload),
    addBlob(files, ENVELOPE_MEDIA_TYPE, Buffer.from(envelope)),
  ]);
  const { artifactType: _, ...subject } = artifact;
  const referrers = attestations.map((bundle) =>
    addArtifact(files, BUNDLE_MEDIA_TYPE, [addBlob(files, BUNDLE_MEDIA_TYPE, Buffer.from(bundle))], subject),
  );
  const index = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests: [artifact, ...referrers] };
  return new Map([
    ['oci-layout', canonicalJson({ imageLayoutVersion: '1.0.0' })],
    ['index.json', canonicalJson(index)],
    ...[...files].sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

/** Size of a block of a tar. */
const BLOCK = 512;

/**
 * Returns the header of a file, POSIX ustar: no owner, no time, mode 0644. It is written here, because the bytes of an archive
 * must not change with the version of a library.
 */
function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii');
  header.write(name, 0, 'ascii');
  octal(0o644, 100, 8);
  for (const at of [108, 116, 329, 337]) octal(0, at, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.write('0', 156, 'ascii');
  header.write('ustar\u000000', 257, 'ascii');
  header.write(' '.repeat(8), 148, 'ascii');
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return header;
}

/** Returns one entry of a tar: its header, its content and the padding to a block. */
function tarEntry(name: string, bytes: Buffer): readonly Buffer[] {
  return [tarHeader(name, bytes.length), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
}

/**
 * Returns the archive of a capsule: the same parts give the same bytes. Throws CapsuleError CAPSULE_ARCHIVE_TOO_LARGE and
 * GovernanceError ENVELOPE_INVALID.
 */
export function packCapsule(parts: CapsuleParts): Buffer {
  if (parts.attestations.length > CAPSULE_ATTESTATIONS_MAX)
    throw new CapsuleError('CAPSULE_ARCHIVE_TOO_LARGE', `more than ${CAPSULE_ATTESTATIONS_MAX} statements`);
  const entries = [...layoutOf(parts)].flatMap(([name, bytes]) => tarEntry(name, bytes));
  const archive = Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
  if (archive.length > CAPSULE_ARCHIVE_BYTES_MAX)
    throw new CapsuleError(
      'CAPSULE_ARCHIVE_TOO_LARGE',
      `${archive.length} bytes of at most ${CAPSULE_ARCHIVE_BYTES_MAX}`,
    );
  return archive;
}

const invalid = (detail: string): CapsuleError => new CapsuleError('CAPSULE_ARCHIVE_INVALID', detail);

const descriptor = z.looseObject({
  mediaType: z.string().max(200),
  artifactType: z.string().max(200).optional(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.int().min(0).max(CAPSULE_ARCHIVE_BYTES_MAX),
});
const artifactSchema = z.looseObject({ layers: z.array(descriptor).min(1).max(2) });
const indexSchema = z.looseObject({
  manifests: z
    .array(descriptor)
    .min(1)
    .max(1 + CAPSULE_ATTESTATIONS_MAX),
});

/**
 * Resolves with the parts of an archive. Signatures are not verified. Rejects with CapsuleError: CAPSULE_ARCHIVE_TOO_LARGE,
 * CAPSULE_ARCHIVE_PATH, CAPSULE_ARCHIVE_LINK, CAPSULE_ARCHIVE_DUPLICATE, CAPSULE_DIGEST_MISMATCH, CAPSULE_ARCHIVE_INVALID.
 */
export async function unpackCapsule(archive: Buffer): Promise<CapsuleParts> {
  if (archive.length > CAPSULE_ARCHIVE_BYTES_MAX)
    throw new CapsuleError(
      'CAPSULE_ARCHIVE_TOO_LARGE',
      `${archive.length} bytes of at most ${CAPSULE_ARCHIVE_BYTES_MAX}`,
    );
  const files = await filesIn(archive);
  for (const [name, bytes] of files)
    if (name.startsWith(BLOBS) && digestOf(bytes) !== name.slice(BLOBS.length))
      throw new CapsuleError('CAPSULE_DIGEST_MISMATCH', `${name} has sha256 ${digestOf(bytes)}`);
  const [first, ...referrers] = parsed(indexSchema, files, 'index.json').manifests;
  const layers = first === undefined ? [] : layersOf(files, first);
  const envelope = layers.find(({ mediaType }) => mediaType === ENVELOPE_MEDIA_TYPE);
  if (envelope === undefined) throw invalid('no signature of a capsule');
  const parts = {
    envelope: blob(files, envelope).toString('utf8'),
    attestations: referrers.map((each) => layersOf(files, each)).map(([layer]) => blob(files, layer).toString('utf8')),
  };
  const again = packed(parts);
  if (!again.equals(archive)) throw invalid('the archive is not what its parts make: pack it with khipu capsule pack');
  return parts;
}

function packed(parts: CapsuleParts): Buffer {
  try {
    return packCapsule(parts);
  } catch (error) {
    throw error instanceof CapsuleError ? error : invalid(messageOf(error));
  }
}

const layersOf = (files: Files, { digest }: Pick<Descriptor, 'digest'>) =>
  parsed(artifactSchema, files, `${BLOBS}${digest.slice('sha256:'.length)}`).layers;

function blob(files: Files, layer: Pick<Descriptor, 'digest'> | undefined): Buffer {
  const found = layer === undefined ? undefined : files.get(`${BLOBS}${layer.digest.slice('sha256:'.length)}`);
  if (found === undefined) throw invalid('a layer is not in the archive');
  return found;
}

function parsed<S extends z.ZodType>(schema: S, files: Files, name: string): z.infer<S> {
  const bytes = files.get(name);
  if (bytes === undefined) throw invalid(`${name} is not in the archive`);
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw invalid(`${name} is not what an OCI layout has there`);
  }
}

/** Resolves with the files of a tar, whose names and number are bounded before anything is kept. */
async function filesIn(archive: Buffer): Promise<Files> {
  const files: Files = new Map();
  const stream = tarExtract();
  stream.end(archive);
  try {
    for await (const entry of stream) {
      const { name, type = 'file', size = 0 } = entry.header;
      if (type === 'link' || type === 'symlink')
        throw new CapsuleError('CAPSULE_ARCHIVE_LINK', `${shown(name)} is a link`);
      if (type !== 'file' || !PATH.test(name))
        throw new CapsuleError('CAPSULE_ARCHIVE_PATH', `${shown(name)} has no place in the layout of a capsule`);
      if (files.has(name)) throw new CapsuleError('CAPSULE_ARCHIVE_DUPLICATE', `${name} is there twice`);
      if (files.size >= CAPSULE_ARCHIVE_ENTRIES_MAX || size > archive.length)
        throw new CapsuleError('CAPSULE_ARCHIVE_TOO_LARGE', `more than ${CAPSULE_ARCHIVE_ENTRIES_MAX} entries`);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      files.set(name, Buffer.concat(chunks));
    }
  } catch (error) {
    throw error instanceof CapsuleError ? error : invalid(messageOf(error));
  }
  return files;
}

const shown = (name: string): string => JSON.stringify(name.slice(0, 100));
