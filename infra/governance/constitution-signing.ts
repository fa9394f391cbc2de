import { createHash, type KeyObject } from 'node:crypto';
import type { ConstitutionDocument } from '../../schemas/constitution.ts';
import { canonicalJson } from './canonical-json.ts';
import { parseConstitution } from './constitution-document.ts';
import { openEnvelope, type Signer, sealEnvelope } from './dsse.ts';
import { GovernanceError } from './errors.ts';

export const CONSTITUTION_PAYLOAD_TYPE = 'application/vnd.khipu.constitution+json';

/** A record of the log holds 1 MiB; base64 makes 4 bytes of 3. */
const DOCUMENT_BYTES_MAX = 256 * 1024;

/** sha256 of the canonical JSON, hex: names a document whatever its signatures. */
export const digestOf = (payload: Uint8Array): string => createHash('sha256').update(payload).digest('hex');

export interface SignedConstitution {
  readonly version: string;
  readonly digest: string;
  /** DSSE envelope, JSON text. */
  readonly envelope: string;
}

export interface PreparedConstitution {
  readonly document: ConstitutionDocument;
  readonly digest: string;
  /** What is signed: the canonical JSON. */
  readonly payload: Buffer;
}

/** Reads a document that nobody signed yet. Its own tests are another matter: streams/policy/self-test.ts. Throws GovernanceError. */
export function prepareConstitution(value: unknown): PreparedConstitution {
  const document = parseConstitution(value);
  const payload = canonicalOf(document);
  if (payload.length > DOCUMENT_BYTES_MAX)
    throw new GovernanceError('CONSTITUTION_TOO_LARGE', `${payload.length} bytes of at most ${DOCUMENT_BYTES_MAX}`);
  return { document, digest: digestOf(payload), payload };
}

/** Signs a document that is valid. Throws GovernanceError. */
export function signConstitution(value: unknown, ...signers: readonly [Signer, ...Signer[]]): SignedConstitution {
  const { document, digest, payload } = prepareConstitution(value);
  const envelope = sealEnvelope(CONSTITUTION_PAYLOAD_TYPE, payload, signers);
  return { version: document.version, digest, envelope };
}

/**
 * Opens a signed constitution. Nothing of the document is read before its signatures hold. The payload must be its own
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

/** What canonical JSON cannot say is no document: halves of surrogate pairs, or nesting without end. */
function canonicalOf(value: unknown): Buffer {
  try {
    return canonicalJson(value);
  } catch (cause) {
    throw new GovernanceError('CONSTITUTION_INVALID', 'the document has no canonical JSON (RFC 8785)', { cause });
  }
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch (cause) {
    throw new GovernanceError('CONSTITUTION_INVALID', 'the payload is no JSON', { cause });
  }
}
