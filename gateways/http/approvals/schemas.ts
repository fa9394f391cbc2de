import { z } from 'zod';
import { approvalGrantStatuses, approvalStatuses } from '../../../projections/approvals/queries.ts';
import { shapeProblem } from '../../../schemas/contexts/approvals/shape.ts';
import {
  APPROVAL_REASON_CHARS_MAX,
  approvalOutcomes,
  GRANT_MS_MAX,
  GRANT_SHAPE_CHARS_MAX,
  GRANT_USES_MAX,
} from '../../../schemas/contexts/approvals.ts';
import { page } from '../../shared/paging.ts';
import { labels } from '../../shared/schemas.ts';
import { executeToolBody } from '../tools/schemas.ts';

const ID = '3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11';
const GRANT_ID = '8c0a7f52-1d0e-5b3a-9f5e-2b6d0c4e7a19';
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** Path parameter of an approval. */
export const approvalFields = {
  approval_id: z.uuid().meta({ description: 'Id of the approval: that of its call', examples: [ID] }),
};
/** Path parameter of a grant. */
export const approvalGrantFields = {
  grant_id: z.uuid().meta({ description: 'Id of the grant', examples: [GRANT_ID] }),
};

const digest = z.string().meta({
  description: 'What a decision is bound to: sha256 over manifest, arguments and decision',
  examples: [DIGEST],
});
const tool = z.string().meta({ description: 'Name of the tool', examples: ['pay'] });
const time = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, RFC 3339`, examples: ['2026-02-01T09:00:00.000Z'] });

const summary = {
  approval_id: z.string().meta({ description: 'Id of the approval: that of its call', examples: [ID] }),
  tool,
  status: z.enum(approvalStatuses).meta({ description: 'Whether it waits, or how it ended', examples: ['waiting'] }),
  principal: z
    .string()
    .nullable()
    .meta({ description: 'Who asked for the call; null where a grant covered it', examples: ['key-1'] }),
  effect: z
    .string()
    .nullable()
    .meta({ description: 'What the call does outside', examples: ['irreversible'] }),
  digest: digest.nullable(),
  revision: z.int().meta({ description: 'Number of the request, from 1; an edit makes a further one' }),
  given: z.int().meta({ description: 'Approvals so far' }),
  required: z.int().meta({ description: 'Approvals that it needs', examples: [1] }),
  created_at: time('Time of the request'),
  expires_at: time('Time at which it expires'),
  ended_at: time('Time of its end; null before'),
};

/** Schema of an approval in a list. */
export const approvalSummary = z.object(summary).meta({ id: 'ApprovalSummary' });
export const approvalPage = page(approvalSummary, 'ApprovalPage');

const source = z
  .object({
    label: z.string().meta({ description: 'The label', examples: ['untrusted'] }),
    source: z.string().meta({ description: 'Where it came from', examples: ['output of web'] }),
    origin: z
      .string()
      .nullable()
      .meta({ description: 'Id of the command or call that brought it', examples: [null] }),
  })
  .meta({ id: 'LabelSource' });

const step = z
  .object({
    kind: z.string().meta({
      description: '`requested`, `approved`, `edited`, `edit_refused`, `escalated`, `granted`, `rejected` or `expired`',
      examples: ['requested'],
    }),
    revision: z.int().meta({ description: 'Number of the request' }),
    digest: digest.nullable(),
    principal: z
      .string()
      .nullable()
      .meta({ description: 'Who did it', examples: ['key-1'] }),
    detail: z
      .string()
      .nullable()
      .meta({ description: 'Reason, or what was refused', examples: [null] }),
    grant_id: z
      .string()
      .nullable()
      .meta({ description: 'Grant that covered the call', examples: [null] }),
    created_at: time('Time of the step'),
  })
  .meta({ id: 'ApprovalStep' });

/** Schema of an approval: all that its approver sees. */
export const approvalBody = z
  .object({
    ...summary,
    session_id: z
      .string()
      .nullable()
      .meta({ description: 'Session of the call; null outside sessions', examples: [null] }),
    tool_digest: z
      .string()
      .nullable()
      .meta({ description: 'sha256 of the manifest', examples: [DIGEST] }),
    arguments: z.unknown().meta({ description: 'Arguments of the call', examples: [{ amount: 5 }] }),
    labels: z.array(z.string()).meta({ description: 'Labels of the call and its session', examples: [[]] }),
    label_sources: z.array(source).meta({ description: 'Where each label came from', examples: [[]] }),
    cost_max: z
      .string()
      .nullable()
      .meta({ description: 'Most that the call may cost', examples: ['0.000000000'] }),
    decision: z.unknown().meta({ description: 'Decision of policy on the call, with its clauses', examples: [null] }),
    requirement: z.unknown().meta({ description: 'Rules that ask for it, and what they ask for', examples: [null] }),
    editor: z
      .string()
      .nullable()
      .meta({ description: 'Who edited the arguments; null for those of the caller', examples: [null] }),
    escalated_to: z
      .string()
      .nullable()
      .meta({ description: 'Capability that suffices since it escalated', examples: [null] }),
    grant_id: z
      .string()
      .nullable()
      .meta({ description: 'Grant that covered the call', examples: [null] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Stable code of its end', examples: [null] }),
    change: z.string().meta({
      description: 'What the call would do',
      examples: ['Calls pay once; it cannot be undone.'],
    }),
    steps: z.array(step).meta({ description: 'What happened, the newest first; at most 100' }),
  })
  .meta({ id: 'Approval' });

const { arguments: args } = executeToolBody.shape;

/** Body of a decision. */
export const decideApprovalBody = z
  .strictObject({
    outcome: z.enum(approvalOutcomes).meta({ description: 'Approve, reject, or edit the arguments' }),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({
        description: 'Digest that was looked at; another one is refused with APPROVAL_CHANGED',
        examples: [DIGEST],
      }),
    reason: z
      .string()
      .max(APPROVAL_REASON_CHARS_MAX)
      .default('')
      .meta({ description: 'Reason, for the record', examples: ['The invoice is right.'] }),
    arguments: args
      .unwrap()
      .optional()
      .meta({ description: 'New arguments, of an edit', examples: [{ amount: 3 }] }),
    grant: z
      .strictObject({
        shape: z
          .record(z.string(), z.unknown())
          .superRefine((shape, context) => {
            const problem = shapeProblem(JSON.stringify(shape));
            if (problem !== null) context.addIssue({ code: 'custom', message: problem });
          })
          .optional()
          .meta({
            description: `Arguments that it covers: \`properties\` with \`const\`, \`enum\` or \`type\` and bounds, and \`required\`; at most ${GRANT_SHAPE_CHARS_MAX} characters. Exactly the approved ones when omitted`,
            examples: [{ properties: { amount: { type: 'number', maximum: 10 } }, required: ['amount'] }],
          }),
        lifetime_ms: z
          .int()
          .min(1_000)
          .max(GRANT_MS_MAX)
          .meta({ description: 'Time until it ends, in ms', examples: [600_000] }),
        uses_max: z
          .int()
          .min(1)
          .max(GRANT_USES_MAX)
          .meta({ description: 'Calls that it covers', examples: [5] }),
      })
      .optional()
      .meta({
        description:
          'With an approval: like calls of the session, or of the caller outside sessions, run without a further one',
      }),
    labels,
  })
  .refine(({ outcome, arguments: given }) => (outcome === 'edit') === (given !== undefined), {
    path: ['arguments'],
    message: 'Expected arguments with edit, and only then',
  })
  .refine(({ outcome, grant }) => outcome === 'approve' || grant === undefined, {
    path: ['grant'],
    message: 'Expected a grant with approve only',
  })
  .meta({ id: 'DecideApproval', examples: [{ outcome: 'approve', digest: DIGEST, reason: 'The invoice is right.' }] });

/** Schema of a decision that was taken. */
export const approvalDecidedBody = z
  .object({
    approval_id: z.string().meta({ description: 'Id of the approval', examples: [ID] }),
    status: z.enum(['waiting', 'granted', 'rejected']).meta({ description: 'What it is now', examples: ['granted'] }),
    digest,
    revision: z.int().meta({ description: 'Number of the request' }),
    given: z.int().meta({ description: 'Approvals so far', examples: [1] }),
    required: z.int().meta({ description: 'Approvals that it needs', examples: [1] }),
  })
  .meta({ id: 'ApprovalDecided' });

/** Schema of a grant. */
export const approvalGrantBody = z
  .object({
    grant_id: z.string().meta({ description: 'Id of the grant', examples: [GRANT_ID] }),
    status: z
      .enum(approvalGrantStatuses)
      .meta({ description: 'Whether it covers further calls', examples: ['active'] }),
    tool,
    tool_digest: z
      .string()
      .nullable()
      .meta({ description: 'sha256 of the manifest that it covers', examples: [DIGEST] }),
    session_id: z
      .string()
      .nullable()
      .meta({
        description: 'Session whose calls it covers; null for calls outside sessions',
        examples: ['3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11'],
      }),
    initiator: z
      .string()
      .nullable()
      .meta({ description: 'Whose calls it covers', examples: ['agent'] }),
    principal: z
      .string()
      .nullable()
      .meta({ description: 'Who gave it', examples: ['ana'] }),
    arguments_digest: z
      .string()
      .nullable()
      .meta({ description: 'sha256 of the arguments; null where a shape says it', examples: [DIGEST] }),
    shape: z.unknown().meta({ description: 'Shape of the arguments; null for one digest', examples: [null] }),
    uses: z.int().meta({ description: 'Calls that it has covered' }),
    uses_max: z.int().meta({ description: 'Calls that it covers at most', examples: [5] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Why it ended', examples: [null] }),
    ended_by: z
      .string()
      .nullable()
      .meta({ description: 'Who revoked it', examples: [null] }),
    created_at: time('Time at which it was given'),
    until: time('Time at which it ends'),
    ended_at: time('Time at which it ended; null before'),
  })
  .meta({ id: 'ApprovalGrant' });
export const approvalGrantPage = page(approvalGrantBody, 'ApprovalGrantPage');

/** Fields that a 202 of a decision adds. */
export const pendingApproval = {
  id: 'ApprovalPending',
  shape: { approval_id: z.string().meta({ description: 'Id of the approval', examples: [ID] }) },
};
