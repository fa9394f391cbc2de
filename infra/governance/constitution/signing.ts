import { createHash, type KeyObject } from 'node:crypto';
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { canonicalJson } from './canonical-json.ts';
import { parseConstitution } from './document.ts';
import { openEnvelope, type Signer, sealEnvelope } from './dsse.ts';
import { GovernanceError } from './errors.ts';

/** The DSSE payload type of a constitution. */
export const CONSTITUTION_PAYLOAD_TYPE = 'application/vnd.khipu.constitution+json';

/** Bound of a document. A record may have 1 MiB, and base64 makes 4 bytes of 3. */
const DOCUMENT_BYTES_MAX = 256 * 1024;

/** Returns sha256 of the canonical JSON, hex: it identifies a document independently of its signatures. */
export const digestOf = (payload: Uint8Array): string => createHash('sha256').update(payload).digest('hex');

/** A signed document with its version and digest. */
export interface SignedConstitution {
  readonly version: string;
  readonly digest: string;
  /** DSSE envelope, JSON text. */
  readonly envelope: string;
}

/** A valid document that is ready to be signed. */
export interface PreparedConstitution {
  readonly document: ConstitutionDocument;
  readonly digest: string;
  /** The bytes to sign: the canonical JSON. */
  readonly payload: Buffer;
}

/** Parses an unsigned document. Does not run its own tests (see streams/policy/self-test.ts). Throws GovernanceError. */
export function prepareConstitution(value: unknown): PreparedConstitution {
  const document = parseConstitution(value);
  const payload = canonicalOf(document);
  if (payload.length > DOCUMENT_BYTES_MAX)
    throw new GovernanceError('CONSTITUTION_TOO_LARGE', `${payload.length} bytes of at most ${DOCUMENT_BYTES_MAX}`);
  return { document, digest: digestOf(payload), payload };
}

/** Signs a valid document. Throws GovernanceError. */
export function signConstitution(value: unknown, ...signers: readonly [Signer, ...Signer[]]): SignedConstitution {
  const { document, digest, payload } = prepareConstitution(value);
  const envelope = sealEnvelope(CONSTITUTION_PAYLOAD_TYPE, payload, signers);
  return { version: document.version, digest, envelope };
}

/**
 * Opens a signed constitution. The document is parsed only after its signatures are verified. The payload must be its own
 * canonical form, so that one document has one digest. Throws GovernanceError.
 */
export function verifyConstitution(
  envelope: string,
  trusted: ReadonlyMap<string, KeyObject>,
  signaturesRequired = 1,
): { readonly document: ConstitutionDocument; readonly digest: string } {
  if (envelope.length > 2 * DOCUMENT_BYTES_MAX)
    throw new GovernanceError('CONSTITUTION_TOO_LARGE', `an envelope of ${envelope.length} characters`);
  const { payload } = openEnvelope(envelope, CONSTITUTION_PAYLOAD_TYPE, trusted, signaturesRequired);
  const value = parseJson(payload);
  if (!canonicalOf(value).equals(payload))
    throw new GovernanceError('CONSTITUTION_NOT_CANONICAL', 'the payload is not canonical JSON (RFC 8785)');
  return { document: parseConstitution(value), digest: digestOf(payload) };
}

/** Returns canonical JSON. Rejects halves of surrogate pairs, and too deep nesting. Throws GovernanceError. */
function canonicalOf(value: unknown): Buffer {
  try {
    return canonicalJson(value);
  } catch (cause) {
    throw new GovernanceError('CONSTITUTION_INVALID', 'the document has no canonical JSON form (RFC 8785)', { cause });
  }
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch (cause) {
    throw new GovernanceError('CONSTITUTION_INVALID', 'the payload is not JSON', { cause });
  }
}
