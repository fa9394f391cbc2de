import { hash as digestOf } from 'node:crypto';

/** Namespace of ids that no record caused, such as a session's id from an idempotency key. */
export const KHIPU_NAMESPACE = '6b687069-7500-5000-8000-6b6e6f747321';

/** UUIDv5 (RFC 9562, section 5.5): the same namespace and name give the same id, for ever. */
export function uuidV5(namespace: string, name: string): string {
  const hashed = Buffer.allocUnsafe(16 + Buffer.byteLength(name));
  hashed.write(namespace.replaceAll('-', ''), 'hex');
  hashed.write(name, 16);
  const hash = digestOf('sha1', hashed, 'buffer');
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Id of the record at `position` among those that `author` emits for the record `causeId`. */
export const derivedId = (causeId: string, author: string, position: number | string): string =>
  uuidV5(causeId, `${author}/${position}`);

/** A child span of the cause's trace. Its id is derived, so that a replay yields the same one. W3C Trace Context, 3.2. */
export function childTraceparent(parent: string, recordId: string): string {
  const [version = '00', traceId = '0'.repeat(32), , flags = '01'] = parent.split('-');
  return `${version}-${traceId}-${recordId.replaceAll('-', '').slice(0, 16)}-${flags}`;
}
