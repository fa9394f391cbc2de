/** Statements about capsules: in-toto v1, signed with DSSE, in a Sigstore bundle. */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { CAPSULE_ATTESTATION_BYTES_MAX } from '../../schemas/contexts/capsules.ts';
import { canonicalJson } from '../governance/constitution/canonical-json.ts';
import { openEnvelope, type Signer, sealEnvelope } from '../governance/constitution/dsse.ts';
import { messageOf } from '../kit/errors.ts';
import { CapsuleError } from './errors.ts';

/** Media type of a bundle, as cosign writes it. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** Predicates that the tools of this project write. Statements may have others. */
export const predicates = {
  provenance: 'https://slsa.dev/provenance/v1',
  bom: 'https://cyclonedx.org/bom',
  testResult: 'https://in-toto.io/attestation/test-result/v0.1',
  review: 'https://khipu.dev/capsule-review/v1',
  verdict: 'https://slsa.dev/verification_summary/v1',
} as const;

const bundleSchema = z.strictObject({
  mediaType: z.literal(BUNDLE_MEDIA_TYPE),
  verificationMaterial: z.looseObject({}),
  dsseEnvelope: z.strictObject({
    payload: z.string(),
    payloadType: z.string(),
    signatures: z.array(z.strictObject({ sig: z.string(), keyid: z.string().optional() })).length(1),
  }),
});

const statementSchema = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(z.object({ name: z.string().optional(), digest: z.record(z.string(), z.string()) }))
    .min(1)
    .max(16),
  predicateType: z.url().max(200),
  predicate: z.record(z.string(), z.unknown()),
});

/** A statement about a capsule. */
export interface StatementAbout {
  /** Id of the capsule. */
  readonly name: string;
  /** sha256 of its canonical manifest, hex. */
  readonly digest: string;
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** Returns the bundle of a statement, as canonical JSON. */
export function sealStatement({ name, digest, predicateType, predicate }: StatementAbout, signer: Signer): string {
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: digest } }],
    predicateType,
    predicate,
  };
  const dsseEnvelope: unknown = JSON.parse(sealEnvelope(STATEMENT_PAYLOAD_TYPE, canonicalJson(statement), [signer]));
  return canonicalJson({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: signer.keyId } },
    dsseEnvelope,
  }).toString('utf8');
}

const invalid = (detail: string): CapsuleError => new CapsuleError('CAPSULE_STATEMENT_INVALID', detail);

/**
 * Opens a bundle that a trusted key has signed, about the capsule of this digest. Throws CapsuleError
 * CAPSULE_STATEMENT_INVALID, and GovernanceError.
 */
export function verifyStatement(
  bundle: string,
  digest: string,
  trusted: ReadonlyMap<string, KeyObject>,
): { readonly predicateType: string; readonly predicate: Readonly<Record<string, unknown>> } {
  if (Buffer.byteLength(bundle) > CAPSULE_ATTESTATION_BYTES_MAX)
    throw invalid(`more than ${CAPSULE_ATTESTATION_BYTES_MAX} bytes`);
  const { dsseEnvelope } = parsed(bundleSchema, bundle);
  const { payload } = openEnvelope(JSON.stringify(dsseEnvelope), STATEMENT_PAYLOAD_TYPE, trusted);
  const { subject, predicateType, predicate } = parsed(statementSchema, payload.toString('utf8'));
  if (!subject.some((each) => each.digest['sha256'] === digest))
    throw invalid(`the statement is not about sha256 ${digest}`);
  return { predicateType, predicate };
}

function parsed<S extends z.ZodType>(schema: S, text: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw invalid(messageOf(error).replaceAll('\n', ' ').slice(0, 500));
  }
}
