import { createHash } from 'node:crypto';

/**
 * Yields the chunks of a content whose sha256 is `digest`, hex. The last chunk comes only when the digest is right; rejects
 * with the error that `mismatch` makes when it is not.
 */
export async function* verified(
  chunks: AsyncIterable<Buffer>,
  digest: string,
  mismatch: () => Error = () => new Error(`the content is not that of the digest ${digest}`),
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let last: Buffer | null = null;
  for await (const chunk of chunks) {
    if (last !== null) yield last;
    hash.update(chunk);
    last = chunk;
  }
  if (hash.digest('hex') !== digest) throw mismatch();
  if (last !== null) yield last;
}
