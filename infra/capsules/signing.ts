import type { KeyObject } from 'node:crypto';
import licenseIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { z } from 'zod';
import { nothing, plus } from '../../schemas/amount.ts';
import {
  CAPSULE_MANIFEST_BYTES_MAX,
  type CapsuleReader,
  type ReadAttestation,
  type ReadCapsule,
} from '../../schemas/contexts/capsules.ts';
import { canonicalJson } from '../governance/constitution/canonical-json.ts';
import { openEnvelope } from '../governance/constitution/dsse.ts';
import { GovernanceError } from '../governance/constitution/errors.ts';
import { digestOf } from '../governance/constitution/signing.ts';
import { messageOf } from '../kit/errors.ts';
import { CapsuleError } from './errors.ts';
import { type CapsuleManifest, capsuleManifestSchema } from './manifest.ts';
import { hasSecret } from './secrets.ts';
import { verifyStatement } from './statement.ts';

/** The DSSE payload type of a manifest. */
export const CAPSULE_PAYLOAD_TYPE = 'application/vnd.khipu.capsule.v1+json';

/** Automatic checks, in their order. */
export const CAPSULE_CHECKS = ['signature', 'schema', 'license', 'secrets', 'capabilities', 'golden'] as const;

/** A valid manifest that is ready to be signed. */
export interface PreparedCapsule {
  readonly manifest: CapsuleManifest;
  /** sha256 of `payload`, hex. */
  readonly digest: string;
  /** The bytes to sign: the canonical JSON (RFC 8785), with every default written out. */
  readonly payload: Buffer;
}

const invalid = (detail: string, cause?: unknown): CapsuleError =>
  new CapsuleError('CAPSULE_INVALID', detail, { cause });

/**
 * Parses a manifest and runs the automatic checks. Throws CapsuleError: CAPSULE_INVALID, CAPSULE_LICENSE_UNKNOWN,
 * CAPSULE_SECRET_FOUND.
 */
export function prepareCapsule(value: unknown): PreparedCapsule {
  const found = capsuleManifestSchema.safeParse(value);
  if (!found.success) throw invalid(z.prettifyError(found.error).replaceAll('\n', ' '), found.error);
  const payload = canonicalOf(found.data);
  if (payload.length > CAPSULE_MANIFEST_BYTES_MAX)
    throw invalid(`${payload.length} bytes of at most ${CAPSULE_MANIFEST_BYTES_MAX}`);
  const { license } = found.data;
  if (!licenseIds.includes(license))
    throw new CapsuleError('CAPSULE_LICENSE_UNKNOWN', `${license} is no SPDX license id`);
  if (hasSecret(payload.toString('utf8')))
    throw new CapsuleError('CAPSULE_SECRET_FOUND', 'the manifest has what looks like a secret key');
  return { manifest: found.data, digest: digestOf(payload), payload };
}

/** Opens a signed manifest: it is parsed only after its signature is verified. Throws CapsuleError and GovernanceError. */
export function verifyCapsule(envelope: string, trusted: ReadonlyMap<string, KeyObject>): PreparedCapsule {
  if (envelope.length > 2 * CAPSULE_MANIFEST_BYTES_MAX) throw invalid(`an envelope of ${envelope.length} characters`);
  const { payload } = openEnvelope(envelope, CAPSULE_PAYLOAD_TYPE, trusted);
  const prepared = prepareCapsule(parseJson(payload));
  if (!prepared.payload.equals(payload))
    throw invalid('the payload is not canonical JSON (RFC 8785) with every default written out');
  return prepared;
}

function canonicalOf(value: unknown): Buffer {
  try {
    return canonicalJson(value);
  } catch (cause) {
    throw invalid('the manifest has no canonical JSON form (RFC 8785)', cause);
  }
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch (cause) {
    throw invalid('the payload is not JSON', cause);
  }
}

/** Longest detail of a refusal, in characters. */
const DETAIL_CHARS_MAX = 1_000;

const refused = (error: unknown) => ({
  status: 'refused' as const,
  code: error instanceof CapsuleError || error instanceof GovernanceError ? error.code : 'CAPSULE_INVALID',
  detail: messageOf(error).slice(0, DETAIL_CHARS_MAX),
});

/** Returns the reader of manifests and statements that one of the trusted keys has signed. */
export const capsuleReader = (trusted: ReadonlyMap<string, KeyObject>): CapsuleReader => ({
  manifest: (envelope): ReadCapsule => {
    try {
      const { manifest, digest, payload } = verifyCapsule(envelope, trusted);
      const { publisher, name, version, capabilities, tools, price } = manifest;
      const { cost: amount } = plus(nothing, { tokens: 0, cost: price.amount });
      return {
        ...{ status: 'valid', digest, manifest: payload.toString('utf8') },
        facts: {
          ...{ publisher, name, version, asks: capabilities, tools, price: { ...price, amount } },
          checks: CAPSULE_CHECKS,
        },
      };
    } catch (error) {
      return refused(error);
    }
  },
  attestation: (bundle, digest): ReadAttestation => {
    try {
      const { predicateType } = verifyStatement(bundle, digest, trusted);
      return { status: 'valid', predicateType };
    } catch (error) {
      return refused(error);
    }
  },
});
