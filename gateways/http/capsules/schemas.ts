import { z } from 'zod';
import { upgradeReport } from '../../../infra/capsules/upgrade/report.ts';
import { margin, repeats } from '../../../infra/evaluations/golden-set.ts';
import { capsuleInstallStatuses } from '../../../projections/capsules/queries.ts';
import {
  CAPSULE_ARCHIVE_BYTES_MAX,
  CAPSULE_ASKS_MAX,
  CAPSULE_ATTESTATION_BYTES_MAX,
  CAPSULE_NAME,
  CAPSULE_REASON_CHARS_MAX,
  capsuleMeters,
  capsuleReviewOutcomes,
  capsuleStatuses,
} from '../../../schemas/contexts/capsules.ts';
import { GOLDEN_SET_NAME } from '../../../schemas/contexts/evaluations.ts';
import { page } from '../../shared/paging.ts';
import { capability, labels } from '../../shared/schemas.ts';

const DIGEST = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
/** The first bytes of an archive. */
const ARCHIVE = 'b2NpLWxheW91dAAAAAAAAAAA';
const ASKS = ['agents:start:research-brief', 'slm:invoke:default'];
const CAPSULE = 'demo/research-brief@1.0.0';
/** Longest archive in base64, in characters. */
const ARCHIVE_CHARS_MAX = Math.ceil(CAPSULE_ARCHIVE_BYTES_MAX / 3) * 4;
/** Largest body of a publication: an archive, and the other fields. */
export const PUBLISH_BODY_BYTES_MAX = ARCHIVE_CHARS_MAX + 16 * 1024;

const capsuleName = z
  .string()
  .regex(CAPSULE_NAME, 'Expected lower-case letters, digits and dashes')
  .meta({ description: 'Name of the capsule', examples: ['research-brief'] });

/** Path parameters of a capsule. */
export const capsuleFields = {
  publisher: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Publishing tenant', examples: ['demo'] }),
  capsule: capsuleName,
  capsule_version: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Version', examples: ['1.0.0'] }),
};

/** Path parameter of an install. */
export const installFields = {
  install: z
    .string()
    .regex(CAPSULE_NAME, 'Expected lower-case letters, digits and dashes')
    .meta({ description: 'Name of the install in the tenant', examples: ['research-brief'] }),
};

const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Expected sha256, hex')
  .meta({ description: 'sha256 of the canonical manifest, hex', examples: [DIGEST] });

const reason = z
  .string()
  .min(1)
  .max(CAPSULE_REASON_CHARS_MAX)
  .meta({ description: 'Why, for the audit', examples: ['It leaks addresses'] });

/** Body of a publication. */
export const publishCapsuleBody = z
  .strictObject({
    archive: z
      .base64()
      .min(1)
      .max(ARCHIVE_CHARS_MAX)
      .meta({
        description: 'The archive that `khipu capsule pack` makes, base64; at most 512 KiB',
        examples: [ARCHIVE],
      }),
    labels,
  })
  .meta({ id: 'PublishCapsule' });

export const reviewCapsuleBody = z
  .strictObject({
    digest,
    outcome: z.enum(capsuleReviewOutcomes).meta({ description: 'A rejection ends the version', examples: ['approve'] }),
    note: z
      .string()
      .max(CAPSULE_REASON_CHARS_MAX)
      .default('')
      .meta({ description: 'Findings, for the audit', examples: ['Instructions and limits read'] }),
    labels,
  })
  .meta({ id: 'ReviewCapsule', examples: [{ digest: DIGEST, outcome: 'approve' }] });

export const attestCapsuleBody = z
  .strictObject({
    digest,
    bundle: z
      .string()
      .min(2)
      .max(CAPSULE_ATTESTATION_BYTES_MAX)
      .meta({
        description: 'An in-toto statement about the digest in a Sigstore bundle, JSON; at most 32 KiB',
        examples: ['{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}'],
      }),
    labels,
  })
  .meta({ id: 'AttestCapsule' });

export const revokeCapsuleBody = z
  .strictObject({ reason, labels })
  .meta({ id: 'RevokeCapsule', examples: [{ reason: 'It leaks addresses' }] });

const granted = z
  .array(capability)
  .max(CAPSULE_ASKS_MAX)
  .meta({
    description: 'Capabilities that runs may use: some of those that the capsule asks for',
    examples: [ASKS],
  });

const capsuleId = z
  .string()
  .max(200)
  .meta({ description: 'The capsule: `<publisher>/<name>@<version>`', examples: [CAPSULE] });

const CHECK = '0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10';
const checkId = z.uuid().meta({ description: 'Id of the check, which is a job', examples: [CHECK] });

export const installCapsuleBody = z
  .strictObject({
    capsule: capsuleId,
    digest,
    name: installFields.install.optional().meta({ description: 'Name of the install; default: that of the capsule' }),
    granted,
    labels,
  })
  .meta({ id: 'InstallCapsule' });

export const upgradeCapsuleBody = z
  .strictObject({
    capsule: capsuleId,
    digest,
    granted: granted.optional().meta({
      description: 'The new grant; the earlier one stays when omitted, for a version that asks for no more',
    }),
    check_id: checkId.optional().meta({ description: 'The check of this upgrade that was read; without it: 409' }),
    labels,
  })
  .meta({ id: 'UpgradeCapsule' });

/** Body of a check of an upgrade. */
export const checkUpgradeBody = z
  .strictObject({
    capsule: capsuleId,
    digest,
    granted: granted.optional().meta({
      description: 'The new grant; the earlier one stays when omitted, for a version that asks for no more',
    }),
    golden_set: z
      .string()
      .regex(GOLDEN_SET_NAME)
      .optional()
      .meta({
        description:
          'A golden set of the tenant, whose prompts are inputs as JSON: its cases come before those of both versions, its scorers, margin and repeats hold',
        examples: ['triage-cases'],
      }),
    margin: margin.meta({
      description: 'Drop that is accepted, as a share of the cases; the smaller, the more cases a verdict takes',
      examples: [0.1],
    }),
    repeats,
    labels,
  })
  .meta({ id: 'CheckUpgrade' });

export const upgradeCheckFields = { ...installFields, check_id: checkId };

export const upgradeCheckStarted = z
  .object({ check_id: checkId, install: z.string(), status: z.literal('running'), url: z.string() })
  .meta({
    id: 'UpgradeCheckStarted',
    examples: [
      {
        ...{ check_id: CHECK, install: 'research-brief', status: 'running' },
        url: `/v1/marketplace/installs/research-brief/upgrade-checks/${CHECK}`,
      },
    ],
  });

export const upgradeCheckBody = z
  .object({
    check_id: checkId,
    install: z.string(),
    status: z.enum(['running', 'failed', 'ended']).meta({ description: 'Whether it has its report' }),
    detail: z.string().nullable().meta({ description: 'Why it failed; null for any other' }),
    report: upgradeReport.nullable(),
  })
  .meta({
    id: 'UpgradeCheck',
    examples: [{ check_id: CHECK, install: 'research-brief', status: 'running', detail: null, report: null }],
  });
export const pendingCheck = { id: 'UpgradeCheckPending', shape: { check_id: checkId } };

export const rollbackCapsuleBody = z.strictObject({ labels }).meta({ id: 'RollbackCapsule', examples: [{}] });

export const runCapsuleBody = z
  .strictObject({
    input: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Input by the schema of the capsule', examples: [{ question: 'What is a khipu?' }] }),
    labels,
  })
  .meta({ id: 'RunCapsule', examples: [{ input: { question: 'What is a khipu?' } }] });

const time = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, RFC 3339`, examples: ['2026-02-01T09:00:00.000Z'] });

const priceBody = z
  .object({
    amount: z.string().meta({ description: 'A decimal', examples: ['0.000000000'] }),
    currency: z.string().meta({ description: 'ISO 4217', examples: ['EUR'] }),
    meter: z.string().meta({ description: `Unit of the price: ${capsuleMeters.join(' or ')}`, examples: ['install'] }),
  })
  .meta({ id: 'CapsulePrice' });

const summary = {
  capsule: capsuleId,
  publisher: z.string().meta({ description: 'Publishing tenant', examples: ['demo'] }),
  name: z.string().meta({ description: 'Name', examples: ['research-brief'] }),
  version: z.string().meta({ description: 'Version', examples: ['1.0.0'] }),
  status: z.enum(capsuleStatuses).meta({
    description:
      '`submitted`: it waits for reviews. `listed`: tenants can install it. `yanked`: no longer; installs go on. `revoked`: it runs in no install',
    examples: ['listed'],
  }),
  digest,
  description: z.string().meta({ description: 'What it does', examples: ['Answers a question in a short brief'] }),
  license: z.string().meta({ description: 'SPDX id', examples: ['Apache-2.0'] }),
  price: priceBody,
  changed_at: time('Time of the latest change'),
};

/** Schema of a capsule in a list. */
export const capsuleSummary = z.object(summary).meta({ id: 'CapsuleSummary' });
export const capsulePage = page(capsuleSummary, 'CapsulePage');

/** Schema of a capsule. */
export const capsuleBody = z
  .object({
    ...summary,
    asks: z.array(z.string()).meta({ description: 'Capabilities that it asks for', examples: [ASKS] }),
    manifest: z.unknown().meta({ description: 'The signed manifest', examples: [{ kind: 'Capsule' }] }),
    required: z.int().meta({ description: 'Approvals that it needs', examples: [1] }),
    reviews: z
      .array(z.object({ principal: z.string(), outcome: z.string() }))
      .meta({ description: 'Reviews so far', examples: [[{ principal: 'key-2', outcome: 'approve' }]] }),
    published_by: z.string().meta({ description: 'Who published it', examples: ['user:ana'] }),
  })
  .meta({ id: 'Capsule' });

/** Schema of a statement. */
export const attestationBody = z
  .object({
    predicate_type: z
      .string()
      .nullable()
      .meta({ description: 'Kind of the statement; null for one of the archive', examples: [null] }),
    bundle: z.unknown().meta({ description: 'The Sigstore bundle', examples: [{ mediaType: '…' }] }),
    principal: z.string().meta({ description: 'Who added it' }),
    created_at: time('Time at which it was added'),
  })
  .meta({ id: 'CapsuleAttestation' });
export const attestationPage = page(attestationBody, 'CapsuleAttestationPage');

/** Schema of an archive. */
export const archiveBody = z
  .object({
    capsule: capsuleId,
    digest,
    archive: z.string().meta({ description: 'The archive, base64', examples: [ARCHIVE] }),
  })
  .meta({ id: 'CapsuleArchive' });

const pin = {
  capsule: capsuleId,
  publisher: summary.publisher,
  digest,
  granted: z.array(z.string()).meta({ description: 'Capabilities that runs may use', examples: [ASKS] }),
  asks: z.array(z.string()).meta({ description: 'Capabilities that the capsule asks for', examples: [ASKS] }),
  price: priceBody,
};

const installName = z.string().meta({ description: 'Name of the install', examples: ['research-brief'] });

/** Schema of an install. */
export const installBody = z
  .object({
    install: installName,
    status: z.enum(capsuleInstallStatuses).meta({ description: 'State', examples: ['installed'] }),
    ...pin,
    principal: z.string().meta({ description: 'Who changed it last' }),
    changed_at: time('Time of the latest change'),
  })
  .meta({ id: 'CapsuleInstall' });
export const installPage = page(installBody, 'CapsuleInstallPage');

/** Schema of one install, with the latest check of an upgrade from what it runs. */
export const installWithCheck = installBody
  .extend({
    check: z
      .object({
        check_id: checkId,
        capsule: capsuleId,
        digest,
        verdict: z.string().meta({ description: 'Verdict of its regression', examples: ['pass'] }),
        detail: z.string(),
      })
      .nullable()
      .meta({ description: 'The latest check of an upgrade from what it runs; null without one' }),
  })
  .meta({ id: 'CapsuleInstallWithCheck' });

/** Fields that a 202 of a command adds. */
export const pendingCapsule = { id: 'CapsulePending', shape: { capsule: capsuleId } };
export const pendingInstall = { id: 'CapsuleInstallPending', shape: { install: installName } };
