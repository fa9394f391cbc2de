import canonicalize from 'canonicalize';

/** Canonical JSON (RFC 8785, JCS) as UTF-8: equal values, equal bytes. Throws on what JSON cannot say. */
export function canonicalJson(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('the value has no JSON');
  return Buffer.from(text, 'utf8');
}
