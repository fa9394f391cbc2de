import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { CAPSULE_ARCHIVE_BYTES_MAX, CAPSULE_ARCHIVE_ENTRIES_MAX } from '../../schemas/contexts/capsules.ts';
import { sealEnvelope } from '../governance/constitution/dsse.ts';
import { newSigner } from '../governance/constitution/testing.ts';
import { packCapsule, unpackCapsule } from './archive.ts';
import { CapsuleError } from './errors.ts';
import { CAPSULE_PAYLOAD_TYPE, prepareCapsule } from './signing.ts';
import { predicates, sealStatement } from './statement.ts';
import { aManifest } from './testing.ts';

const alice = newSigner('alice');
const { payload, digest } = prepareCapsule(aManifest());
const parts = {
  envelope: sealEnvelope(CAPSULE_PAYLOAD_TYPE, payload, [alice]),
  attestations: [
    sealStatement({ name: 'demo/greeter@1.0.0', digest, predicateType: predicates.review, predicate: {} }, alice),
  ],
};
const archive = packCapsule(parts);

type Entry = readonly [headers: Partial<Header> & { readonly name: string }, content: string];

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const stream = pack();
  for (const [headers, content] of entries)
    stream.entry({ size: Buffer.byteLength(content), mtime: new Date(0), ...headers }, content);
  stream.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const codeOf = async (bytes: Buffer): Promise<string> =>
  unpackCapsule(bytes).then(
    () => 'accepted',
    (error: unknown) => (error instanceof CapsuleError ? error.code : `another error: ${String(error)}`),
  );

describe('an archive', () => {
  it('gives back its parts, and the same parts give the same bytes', async () => {
    expect(await unpackCapsule(archive)).toEqual(parts);
    expect(packCapsule(parts).equals(archive)).toBe(true);
    const alone = { ...parts, attestations: [] };
    expect(await unpackCapsule(packCapsule(alone))).toEqual(alone);
  });

  it('is refused when one bit of it differs, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(archive);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        return (await codeOf(flipped)).startsWith('CAPSULE_');
      }),
      { numRuns: 400 },
    );
  });

  it('is refused when it is cut, or has more behind it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), async (length) =>
        (await codeOf(archive.subarray(0, length))).startsWith('CAPSULE_'),
      ),
      { numRuns: 100 },
    );
    expect(await codeOf(Buffer.concat([archive, Buffer.alloc(512)]))).toBe('CAPSULE_ARCHIVE_INVALID');
  });

  const blob = `blobs/sha256/${'0'.repeat(64)}`;
  it.each<[string, readonly Entry[], string]>([
    ['a path that leaves the folder', [[{ name: '../index.json' }, '{}']], 'CAPSULE_ARCHIVE_PATH'],
    ['an absolute path', [[{ name: '/etc/passwd' }, '']], 'CAPSULE_ARCHIVE_PATH'],
    ['a path inside a blob', [[{ name: `blobs/../${blob}` }, '']], 'CAPSULE_ARCHIVE_PATH'],
    ['a folder', [[{ name: 'blobs', type: 'directory' }, '']], 'CAPSULE_ARCHIVE_PATH'],
    ['a device', [[{ name: 'index.json', type: 'character-device' }, '']], 'CAPSULE_ARCHIVE_PATH'],
    [
      'a symbolic link',
      [[{ name: 'index.json', type: 'symlink', linkname: '/etc/passwd' }, '']],
      'CAPSULE_ARCHIVE_LINK',
    ],
    ['a hard link', [[{ name: 'index.json', type: 'link', linkname: 'oci-layout' }, '']], 'CAPSULE_ARCHIVE_LINK'],
    [
      'an entry twice',
      [
        [{ name: 'index.json' }, '{}'],
        [{ name: 'index.json' }, '{}'],
      ],
      'CAPSULE_ARCHIVE_DUPLICATE',
    ],
    ['a blob under another digest', [[{ name: blob }, 'x']], 'CAPSULE_DIGEST_MISMATCH'],
    ['no index', [[{ name: 'oci-layout' }, '{}']], 'CAPSULE_ARCHIVE_INVALID'],
    [
      'an index of a missing blob',
      [
        [
          { name: 'index.json' },
          JSON.stringify({ manifests: [{ mediaType: 'm', digest: `sha256:${'1'.repeat(64)}`, size: 1 }] }),
        ],
      ],
      'CAPSULE_ARCHIVE_INVALID',
    ],
    [
      'too many entries',
      Array.from({ length: CAPSULE_ARCHIVE_ENTRIES_MAX + 1 }, (_, nth) => [
        { name: `blobs/sha256/${nth.toString(16).padStart(64, '0')}` },
        '',
      ]),
      'CAPSULE_ARCHIVE_TOO_LARGE',
    ],
  ])('is refused for %s', async (_, entries, code) => {
    expect(await codeOf(await tarOf(entries))).toBe(code);
  });

  it('is refused for its size before it is read, and for a size that its header invents', async () => {
    expect(await codeOf(Buffer.alloc(CAPSULE_ARCHIVE_BYTES_MAX + 1))).toBe('CAPSULE_ARCHIVE_TOO_LARGE');
    expect(await codeOf(await tarOf([[{ name: 'index.json', size: 2 }, '{}']]))).toBe('CAPSULE_ARCHIVE_INVALID');
  });

  it('is read without another error, whatever it has', async () => {
    const names = fc.constantFrom('oci-layout', 'index.json', blob, '..', '/', 'a/b', '');
    const types = fc.constantFrom('file', 'symlink', 'link', 'directory', 'fifo' as const) as fc.Arbitrary<'file'>;
    const entries = fc.array(fc.tuple(fc.record({ name: names, type: types }), fc.constantFrom('', '{}', '[]', 'x')));
    await fc.assert(
      fc.asyncProperty(entries, async (all) => {
        const made = all.map(
          ([headers, content]): Entry => [
            headers.type === ('file' as string) ? headers : { ...headers, size: 0, linkname: 'x' },
            headers.type === ('file' as string) ? content : '',
          ],
        );
        return (await codeOf(await tarOf(made))).startsWith('CAPSULE_');
      }),
      { numRuns: 200 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4_096 }), async (bytes) =>
        (await codeOf(Buffer.from(bytes))).startsWith('CAPSULE_'),
      ),
      { numRuns: 200 },
    );
  });
});
