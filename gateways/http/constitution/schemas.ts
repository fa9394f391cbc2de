import { z } from 'zod';

/** Pattern of a version; the same as in a document: infra/governance/constitution/document.ts. */
export const VERSION = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const version = z
  .string()
  .regex(VERSION, 'Expected lower-case letters, digits, . _ -; at most 64')
  .meta({ examples: ['1.0.0'] });
/** Digest in the examples. */
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Expected 64 hex digits')
  .meta({
    description: 'sha256 of the canonical JSON of the document, hex',
    examples: [DIGEST],
  });

/** Path parameter of a version. */
export const versionFields = { version };

/** Body of a proposal. */
export const proposeBody = z
  .strictObject({
    document: z
      .looseObject({ version })
      .meta({ description: 'The unsigned document, as described in docs/reference/constitution.md' }),
  })
  .meta({ id: 'ProposeConstitution' });

/** Body of a review. */
export const reviewBody = z
  .strictObject({
    digest,
    verdict: z.enum(['approve', 'reject']).meta({ description: '`reject` ends the proposal' }),
    comment: z.string().max(1_000).default('').meta({ description: 'Comment for people' }),
  })
  .meta({ id: 'ReviewConstitution', examples: [{ digest: DIGEST, verdict: 'approve', comment: 'Read and tried' }] });

/** Body of a signature. */
export const signatureBody = z
  .strictObject({
    digest,
    keyid: z.string().min(1).max(256).meta({ description: 'Name of the trusted key' }),
    sig: z
      .string()
      .regex(/^[A-Za-z0-9+/]{86}==$/, 'Expected an Ed25519 signature, base64')
      .meta({
        description:
          'Ed25519 signature over the pre-authentication encoding (DSSE v1) of the canonical document, base64',
      }),
  })
  .meta({ id: 'SignConstitution' });

/** Body of an activation. */
export const activateBody = z
  .strictObject({ version, digest })
  .meta({ id: 'ActivateConstitution', examples: [{ version: '1.3.0', digest: DIGEST }] });

/** Body of a shadow evaluation. */
export const shadowBody = z
  .strictObject({ version: version.nullable().meta({ description: 'Version to evaluate; null stops the evaluation' }) })
  .meta({ id: 'ShadowConstitution', examples: [{ version: '1.3.0' }, { version: null }] });

const summary = {
  version: z.string().meta({ description: 'Version of the document' }),
  digest: z.string().meta({ description: 'sha256 of the canonical JSON of the document, hex' }),
  status: z.enum(['proposed', 'rejected', 'published']).meta({ description: 'Progress of the proposal' }),
  active: z.boolean().meta({ description: 'True for the version that decides' }),
  shadow: z
    .boolean()
    .meta({ description: 'True for the version that is evaluated beside the active one without effect' }),
  proposed_by: z.string().nullable().meta({ description: 'Null for a version that the set-up published' }),
  reviews: z
    .array(z.object({ reviewer: z.string(), verdict: z.enum(['approve', 'reject']), comment: z.string() }))
    .meta({ description: 'Reviews of the proposal' }),
  signed_by: z.array(z.string()).meta({ description: 'Names of the keys that signed' }),
  changed_at: z.string().meta({ description: 'Time of the latest change, RFC 3339' }),
};

/** Schema of a version. */
export const versionBody = z.object(summary).meta({ id: 'ConstitutionVersion' });

/** Schema of a version with its document. */
export const versionDetail = z
  .object({
    ...summary,
    document: z.looseObject({}).nullable().meta({ description: 'Null for a rejected version' }),
    envelope: z.string().nullable().meta({ description: 'DSSE envelope; null before publication' }),
  })
  .meta({ id: 'ConstitutionDetail' });

/** Schema of the active version. */
export const activatedBody = z
  .object({
    version: z.string().meta({ description: 'Active version' }),
    digest: z.string().meta({ description: 'sha256 of its document, hex' }),
    activated_by: z
      .string()
      .nullable()
      .meta({ description: 'Principal that activated the version; null for the set-up' }),
    since: z.string().meta({ description: 'Time of the activation, RFC 3339' }),
    offset: z.int().meta({ description: 'Offset of the activation in `constitution.events`' }),
  })
  .meta({ id: 'ActiveConstitution' });

/** Schema of all versions. */
export const versionList = z
  .object({
    active: activatedBody
      .nullable()
      .meta({ description: 'The version that decides; null before the first activation' }),
    shadow: z
      .object({ version: z.string(), digest: z.string() })
      .nullable()
      .meta({ description: 'The version that is evaluated without effect; null without one' }),
    items: z.array(versionBody).meta({ description: 'All versions' }),
  })
  .meta({ id: 'ConstitutionList' });

/** Schema of the differences between two versions. */
export const diffBody = z
  .object({
    version: z.string().meta({ description: 'The later version' }),
    against: z.string().meta({ description: 'The version that it is compared with' }),
    changes: z
      .array(
        z.object({
          op: z
            .enum(['add', 'remove', 'replace'])
            .meta({ description: 'What turns the earlier document into the later' }),
          path: z.string().meta({
            description: 'JSON Pointer; an item of a list is named by its id or name',
            examples: ['/threshold'],
          }),
          before: z.unknown().meta({ description: 'Value in `against`; null for an addition', examples: [0.7] }),
          after: z.unknown().meta({ description: 'Value in `version`; null for a removal', examples: [0.75] }),
        }),
      )
      .meta({ description: 'By path; empty for equal documents' }),
  })
  .meta({ id: 'ConstitutionDiff' });

const side = z.object({
  version: z.string().meta({ description: 'Version of the constitution' }),
  outcome: z.enum(['allow', 'deny']).meta({ description: 'Its decision' }),
  reasons: z.array(z.string()).meta({ description: 'Reason codes, the deciding one first' }),
});

/** Schema of the decisions that the shadow would have taken differently. */
export const shadowDifferencesBody = z
  .object({
    items: z
      .array(
        z.object({
          decision_id: z.string().meta({ description: 'Id of the decision that has effect' }),
          subject_id: z.string().meta({ description: 'Session or request of the command' }),
          command_type: z
            .string()
            .meta({ description: 'Type of the command', examples: ['khipu.sessions.SubmitTurn'] }),
          active: side.meta({ description: 'What the active constitution decided' }),
          shadow: side
            .extend({
              score: z.number().meta({ description: 'Score, from 0 to 1' }),
              clauses: z.array(z.string()).meta({ description: 'Deciding clauses' }),
            })
            .meta({ description: 'What the shadow would have decided' }),
          at: z.string().meta({ description: 'Time of the command, RFC 3339' }),
        }),
      )
      .meta({ description: 'Newest first' }),
  })
  .meta({ id: 'ShadowDifferences' });

/** Schema of the shadow version. */
export const shadowedBody = z
  .object({
    version: z.string().nullable().meta({ description: 'Shadow version; null without one' }),
    digest: z.string().nullable().meta({ description: 'sha256 of its document, hex' }),
  })
  .meta({ id: 'ShadowOfConstitution' });
