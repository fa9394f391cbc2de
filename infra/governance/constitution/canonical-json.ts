import canonicalize from 'canonicalize';

/**
 * Returns canonical JSON (RFC 8785, JCS) as UTF-8: equal values have equal bytes. Throws for values without a JSON
 * form.
 */
export function canonicalJson(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('the value has no JSON form');
  return Buffer.from(text, 'utf8');
}
