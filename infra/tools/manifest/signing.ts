import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { nothing, plus } from '../../../schemas/amount.ts';
import { APPROVAL_MS_DEFAULT } from '../../../schemas/contexts/approvals.ts';
import {
  MANIFEST_PAYLOAD_TYPE,
  type ManifestReader,
  type ReadManifest,
  TOOL_MANIFEST_BYTES_MAX,
} from '../../../schemas/contexts/tools.ts';
import type { ApprovalRequirement } from '../../../schemas/generated/records.ts';
import { canonicalJson } from '../../governance/constitution/canonical-json.ts';
import { openEnvelope } from '../../governance/constitution/dsse.ts';
import { GovernanceError } from '../../governance/constitution/errors.ts';
import { digestOf } from '../../governance/constitution/signing.ts';
import { messageOf } from '../../kit/errors.ts';
import { ToolError } from '../errors.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

/** A valid manifest that is ready to be signed. */
export interface PreparedManifest {
  readonly manifest: Manifest;
  /** sha256 of `payload`, hex. */
  readonly digest: string;
  /** The bytes to sign: the canonical JSON (RFC 8785). */
  readonly payload: Buffer;
}

const invalid = (detail: string, cause?: unknown): ToolError =>
  new ToolError('TOOL_INVALID', detail, { effect: 'none', cause });

/** Parses a manifest. Throws ToolError TOOL_INVALID. */
export function prepareManifest(value: unknown): PreparedManifest {
  const found = manifestSchema.safeParse(value);
  if (!found.success) throw invalid(z.prettifyError(found.error).replaceAll('\n', ' '), found.error);
  const payload = canonicalOf(value);
  if (payload.length > TOOL_MANIFEST_BYTES_MAX)
    throw invalid(`${payload.length} bytes of at most ${TOOL_MANIFEST_BYTES_MAX}`);
  return { manifest: found.data, digest: digestOf(payload), payload };
}

/** Opens a signed manifest: it is parsed only after its signature is verified. Throws ToolError and GovernanceError. */
export function verifyManifest(envelope: string, trusted: ReadonlyMap<string, KeyObject>): PreparedManifest {
  if (envelope.length > 2 * TOOL_MANIFEST_BYTES_MAX) throw invalid(`an envelope of ${envelope.length} characters`);
  const { payload } = openEnvelope(envelope, MANIFEST_PAYLOAD_TYPE, trusted);
  const value = parseJson(payload);
  if (!canonicalOf(value).equals(payload)) throw invalid('the payload is not canonical JSON (RFC 8785)');
  return prepareManifest(value);
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

/** Manifests that a reader keeps: each call reads one. */
const KEPT_MAX = 256;

/** Returns the reader of manifests that one of the trusted keys has signed. */
export function manifestReader(trusted: ReadonlyMap<string, KeyObject>): ManifestReader {
  const kept = new Map<string, ReadManifest>();
  return (envelope) => {
    const known = kept.get(envelope);
    if (known !== undefined) return known;
    const read = readWith(trusted, envelope);
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    kept.set(envelope, read);
    return read;
  };
}

/** Returns the approvals that the manifest asks for. */
const approvalOf = ({ approval }: Manifest): ApprovalRequirement | null =>
  approval === undefined
    ? null
    : {
        ...{ rules: ['manifest'], required: approval.required, capabilities: [] },
        ...{ expiresMs: approval.expires_ms ?? APPROVAL_MS_DEFAULT, escalateAfterMs: null, escalateCapability: null },
      };

function readWith(trusted: ReadonlyMap<string, KeyObject>, envelope: string): ReadManifest {
  try {
    const { manifest, digest, payload } = verifyManifest(envelope, trusted);
    const { name, version, tier, effect, limits, labels } = manifest;
    const { cost } = plus(nothing, { tokens: 0, cost: limits?.cost ?? '0' });
    const facts = { name, version, tier, effect, cost, labelsIn: labels?.in ?? null, approval: approvalOf(manifest) };
    return { status: 'valid', digest, manifest: payload.toString('utf8'), facts };
  } catch (error) {
    const known = error instanceof ToolError || error instanceof GovernanceError;
    return {
      status: 'refused',
      code: known ? error.code : 'TOOL_INVALID',
      detail: messageOf(error).slice(0, DETAIL_CHARS_MAX),
    };
  }
}
