import { z } from 'zod';
import type { Constitutions, ConstitutionVersion } from '../../schemas/constitution-life.ts';

/** As a document's own `version` must be: infra/governance/constitution-document.ts. */
export const VERSION = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const version = z
  .string()
  .regex(VERSION, 'Expected lower-case letters, digits, . _ -; at most 64')
  .meta({ examples: ['1.0.0'] });
const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Expected 64 hex digits')
  .meta({ description: 'sha256 of the canonical JSON of the document that is meant' });

export const versionParams = z.object({ version });

export const proposeBody = z
  .strictObject({
    document: z
      .looseObject({ version })
      .meta({ description: 'The unsigned document; its language: docs/reference/constitution.md' }),
  })
  .meta({ id: 'ProposeConstitution' });

export const reviewBody = z
  .strictObject({
    digest,
    verdict: z.enum(['approve', 'reject']).meta({ description: '`reject` ends the proposal' }),
    comment: z.string().max(1_000).default(''),
  })
  .meta({ id: 'ReviewConstitution' });

export const signatureBody = z
  .strictObject({
    digest,
    keyid: z.string().min(1).max(256).meta({ description: 'Name of the trusted key that signed' }),
    sig: z
      .string()
      .regex(/^[A-Za-z0-9+/]{86}==$/, 'Expected an Ed25519 signature, base64')
      .meta({ description: 'Ed25519 over the pre-authentication encoding (DSSE v1) of the canonical document' }),
  })
  .meta({ id: 'SignConstitution' });

export const activateBody = z.strictObject({ version, digest }).meta({ id: 'ActivateConstitution' });

export const shadowBody = z
  .strictObject({ version: version.nullable().meta({ description: 'null ends it' }) })
  .meta({ id: 'ShadowConstitution' });

const summary = {
  version: z.string(),
  digest: z.string(),
  status: z.enum(['proposed', 'rejected', 'published']),
  active: z.boolean().meta({ description: 'Decides now' }),
  shadow: z.boolean().meta({ description: 'Is evaluated beside the active one, without effect' }),
  proposed_by: z.string().nullable().meta({ description: 'Null of what the set-up published' }),
  reviews: z.array(z.object({ reviewer: z.string(), verdict: z.enum(['approve', 'reject']), comment: z.string() })),
  signed_by: z.array(z.string()).meta({ description: 'Keys that signed' }),
  changed_at: z.string().meta({ description: 'RFC 3339' }),
};

export const versionBody = z.object(summary).meta({ id: 'ConstitutionVersion' });

export const versionDetail = z
  .object({
    ...summary,
    document: z.looseObject({}).nullable().meta({ description: 'Null of what was rejected' }),
    envelope: z.string().nullable().meta({ description: 'DSSE envelope, once published' }),
  })
  .meta({ id: 'ConstitutionDetail' });

const activeBody = z
  .object({
    version: z.string(),
    digest: z.string(),
    activated_by: z.string().nullable(),
    since: z.string().meta({ description: 'RFC 3339' }),
    offset: z.int().meta({ description: 'Of the activation in `constitution.events`' }),
  })
  .meta({ id: 'ActiveConstitution' });

export const versionList = z
  .object({
    active: activeBody.nullable(),
    shadow: z.object({ version: z.string(), digest: z.string() }).nullable(),
    items: z.array(versionBody),
  })
  .meta({ id: 'ConstitutionList' });

export const activatedBody = activeBody;
export const shadowedBody = z
  .object({ version: z.string().nullable(), digest: z.string().nullable() })
  .meta({ id: 'ShadowOfConstitution' });

export const stepPendingBody = z
  .object({ version: z.string().nullable(), status: z.literal('pending') })
  .meta({ id: 'ConstitutionStepPending' });

export const summaryOf = (
  found: ConstitutionVersion,
  { active, shadow }: Constitutions,
): z.infer<typeof versionBody> => ({
  version: found.version,
  digest: found.digest,
  status: found.status,
  active: active?.version === found.version,
  shadow: shadow?.version === found.version,
  proposed_by: found.proposedBy,
  reviews: found.reviews.map((each) => ({ ...each })),
  signed_by: [...found.signedBy],
  changed_at: new Date(found.changedAtMs).toISOString(),
});

/** What an envelope holds, for showing. The log has only what was verified when it was published. */
function documentIn(envelope: string): Record<string, unknown> | null {
  try {
    const { payload } = JSON.parse(envelope) as { payload: string };
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}

export function detailOf(found: ConstitutionVersion, all: Constitutions): z.infer<typeof versionDetail> {
  const { document, envelope } = found;
  const shown =
    envelope !== null
      ? documentIn(envelope)
      : document === null
        ? null
        : (JSON.parse(document) as Record<string, unknown>);
  return { ...summaryOf(found, all), document: shown, envelope };
}

export const activeOf = (active: NonNullable<Constitutions['active']>): z.infer<typeof activeBody> => ({
  version: active.version,
  digest: active.digest,
  activated_by: active.activatedBy,
  since: new Date(active.sinceMs).toISOString(),
  offset: active.offset,
});
