import { type Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { EgressError } from './errors.ts';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

/**
 * Returns what decodes a body of this Content-Encoding; null for none. Throws EGRESS_ENCODING_REFUSED for another encoding, and
 * for several: each multiplies what a few bytes grow to.
 */
export function decoderOf(encoding: string | readonly string[] | undefined): Transform | null {
  const name = [encoding ?? []].flat().join(',').trim().toLowerCase();
  if (name === '' || name === 'identity') return null;
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (decoder === undefined)
    throw new EgressError('EGRESS_ENCODING_REFUSED', 'the response has an encoding that is not read');
  return decoder();
}

/** Counts the bytes that pass, and fails with EGRESS_RESPONSE_TOO_LARGE before the first byte above `max` passes. */
export function limited(max: number, count: (bytes: number) => void): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > max)
        return done(new EgressError('EGRESS_RESPONSE_TOO_LARGE', `the response has more than ${max} bytes`));
      count(chunk.length);
      done(null, chunk);
    },
  });
}

/**
 * Fails with EGRESS_CREDENTIAL_ECHOED when the credential is in what passes: a server that repeats its request must not hand it
 * to the caller. It holds back one byte less than the credential has.
 */
export function withoutSecret(secret: string): Transform {
  const wanted = Buffer.from(secret);
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = Buffer.concat([held, chunk]);
      if (text.includes(wanted))
        return done(new EgressError('EGRESS_CREDENTIAL_ECHOED', 'the response has the credential in it'));
      const free = Math.max(0, text.length - wanted.length + 1);
      held = text.subarray(free);
      done(null, text.subarray(0, free));
    },
    flush(done) {
      done(null, held);
    },
  });
}

/** Reads a body of a request. Rejects with EGRESS_REQUEST_TOO_LARGE as soon as it has more than `max` bytes. */
export async function bodyWithin(body: Uint8Array | AsyncIterable<Uint8Array> | null, max: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body === null ? [] : body instanceof Uint8Array ? [body] : body) {
    bytes += part.length;
    if (bytes > max) throw new EgressError('EGRESS_REQUEST_TOO_LARGE', `the request has more than ${max} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Reads a whole body into memory; its limit is that of the request. */
export async function bytesOf(body: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
