import { toolName } from '../../schemas/contexts/tools.ts';
import type { AnyRecord } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import {
  appendTable,
  assertNever,
  first,
  foldTable,
  instant,
  key,
  last,
  max,
  projection,
  type RowChange,
  row,
} from '../kernel.ts';
import type { RowView } from '../rows.ts';
import { wireData } from '../wire.ts';

/** One row per approval: what is asked now, and how it ended. */
export const approvalsTable = foldTable('approvals', {
  tenant_id: key('text'),
  approval_id: key('text'),
  scope_id: first('text'),
  place: first('text'),
  tool: first('text'),
  tool_digest: first('text'),
  principal: first('text'),
  session_id: first('text'),
  effect: first('text'),
  arguments: last('text'),
  labels: last('jsonb'),
  /** Labels with their sources, with the names of the wire. */
  flow: last('jsonb'),
  cost_max: first('text'),
  /** The decision of policy, with the names of the wire. */
  decision: last('jsonb'),
  /** The requirement, with the names of the wire. */
  requirement: last('jsonb'),
  digest: last('text'),
  revision: last('integer'),
  editor: last('text'),
  /** waiting, granted, rejected or expired. */
  status: last('text'),
  given: last('integer'),
  required: last('integer'),
  escalated_to: last('text'),
  grant_id: last('text'),
  code: last('text'),
  created_at: first('timestamptz'),
  expires_at: last('timestamptz'),
  ended_at: last('timestamptz'),
  updated_at: max('timestamptz'),
});

/** One row per step of an approval. */
export const approvalStepsTable = appendTable('approval_steps', {
  tenant_id: key('text'),
  /** Id of the event. */
  step_id: key('text'),
  approval_id: first('text'),
  /** requested, approved, edited, edit_refused, escalated, granted, rejected or expired. */
  kind: first('text'),
  revision: first('integer'),
  digest: first('text'),
  principal: first('text'),
  detail: first('text'),
  grant_id: first('text'),
  created_at: first('timestamptz'),
});

/** One row per grant. */
export const approvalGrantsTable = foldTable('approval_grants', {
  tenant_id: key('text'),
  grant_id: key('text'),
  scope_id: first('text'),
  place: first('text'),
  tool: first('text'),
  tool_digest: first('text'),
  principal: first('text'),
  initiator: first('text'),
  arguments_digest: first('text'),
  shape: first('text'),
  /** session, or caller: its calls outside sessions. Null for a grant of a session from before there were others. */
  reach: first('text'),
  uses_max: first('integer'),
  uses: last('integer'),
  /** active or ended. */
  status: last('text'),
  code: last('text'),
  ended_by: last('text'),
  created_at: first('timestamptz'),
  until: first('timestamptz'),
  ended_at: last('timestamptz'),
  updated_at: max('timestamptz'),
});

/** An approval as it is read. */
export type ApprovalRow = RowView<typeof approvalsTable.columns>;
/** A step as it is read. */
export type ApprovalStepRow = RowView<typeof approvalStepsTable.columns>;
/** A grant as it is read. */
export type ApprovalGrantRow = RowView<typeof approvalGrantsTable.columns>;

type Values = Partial<Omit<ApprovalRow, 'tenant_id' | 'approval_id' | 'updated_at'>>;
type GrantValues = Partial<Omit<ApprovalGrantRow, 'tenant_id' | 'grant_id' | 'updated_at'>>;
interface StepValues {
  readonly digest?: string | null;
  readonly principal?: string | null;
  readonly detail?: string | null;
  readonly grant_id?: string | null;
}

/** A field of a record with the names of the wire. */
const wired = (record: AnyRecord, field: string): unknown =>
  (wireData(record) as Readonly<Record<string, unknown>>)[field] ?? null;

/** The approvals of a tenant with their steps, and the grants. A refused decision changes no row. */
export const approvals = projection({
  name: 'approvals',
  version: 1,
  inputs: [topics.approvalsEvents],
  tables: [approvalsTable, approvalStepsTable, approvalGrantsTable],
  apply(record, { tenantId: tenant_id, id: step_id, place, timeMs }) {
    const at = instant(timeMs);
    const approval = (approval_id: string, values: Values): RowChange =>
      row(approvalsTable, { tenant_id, approval_id, updated_at: at, ...values } as never);
    const grant = (grant_id: string, values: GrantValues): RowChange =>
      row(approvalGrantsTable, { tenant_id, grant_id, updated_at: at, ...values } as never);
    const step = (
      kind: string,
      { approvalId, revision }: { readonly approvalId: string; readonly revision: number },
      { digest = null, principal = null, detail = null, grant_id = null }: StepValues = {},
    ): RowChange =>
      row(approvalStepsTable, {
        ...{ tenant_id, step_id, approval_id: approvalId, kind, revision, digest, principal, detail, grant_id },
        created_at: at,
      });
    switch (record.type) {
      case 'ApprovalRequested': {
        const { approvalId, scopeId, toolId, toolDigest, principal, sessionId, effect, costMax, digest } = record.data;
        const { revision, editor, expiresAt, requirement, labels } = record.data;
        const changed = {
          ...{ arguments: record.data.arguments, labels, flow: wired(record, 'flow'), digest, revision, editor },
          ...{ decision: wired(record, 'decision'), requirement: wired(record, 'requirement'), status: 'waiting' },
          ...{ given: 0, required: requirement.required, expires_at: instant(expiresAt) },
        };
        return [
          approval(approvalId, {
            ...{ scope_id: scopeId, place, tool: toolName(toolId), tool_digest: toolDigest, principal },
            ...{ session_id: sessionId, effect, cost_max: costMax, created_at: at, ...changed },
          } as Values),
          step('requested', record.data, { digest, principal: editor ?? principal }),
        ];
      }
      case 'ApprovalVoted': {
        const { approvalId, given, principal, reason: detail, digest } = record.data;
        return [approval(approvalId, { given }), step('approved', record.data, { digest, principal, detail })];
      }
      case 'ApprovalGranted': {
        const { approvalId, scopeId, toolId, digest, revision, grantId: grant_id, uses, approvers } = record.data;
        const byGrant = grant_id === null ? {} : { scope_id: scopeId, place, tool: toolName(toolId), created_at: at };
        return [
          approval(approvalId, { ...byGrant, digest, revision, status: 'granted', grant_id, ended_at: at }),
          step('granted', record.data, { digest, principal: approvers.join(', '), grant_id }),
          // Uses outside sessions are counted where the grant is: ApprovalGrantUsed.
          ...(grant_id === null || scopeId === approvalId ? [] : [grant(grant_id, { uses: uses ?? 0 })]),
        ];
      }
      case 'ApprovalRejected': {
        const { approvalId, scopeId, principal, reason: detail, code, digest } = record.data;
        const ended = { scope_id: scopeId, place, status: 'rejected', code, created_at: at, ended_at: at };
        return [approval(approvalId, ended), step('rejected', record.data, { digest, principal, detail })];
      }
      case 'ApprovalExpired': {
        const { approvalId, digest } = record.data;
        const ended = { status: 'expired', code: 'APPROVAL_EXPIRED', ended_at: at };
        return [approval(approvalId, ended), step('expired', record.data, { digest })];
      }
      case 'ApprovalEscalated': {
        const { approvalId, capability } = record.data;
        return [
          approval(approvalId, { escalated_to: capability }),
          step('escalated', record.data, { detail: capability }),
        ];
      }
      case 'ApprovalEdited': {
        const { principal, reason: detail } = record.data;
        return [step('edited', record.data, { principal, detail })];
      }
      case 'ApprovalEditRefused': {
        const { principal, code, detail } = record.data;
        return [step('edit_refused', record.data, { principal, detail: `${code}: ${detail}` })];
      }
      case 'ApprovalGrantUsed': {
        const { grantId, uses } = record.data;
        return [grant(grantId, { uses })];
      }
      case 'ApprovalRefused':
      case 'ApprovalGrantSought':
        return [];
      case 'ApprovalGrantGiven': {
        const { grantId, scopeId, toolId, toolDigest, principal, initiator, argumentsDigest, shape, usesMax, until } =
          record.data;
        const reach = record.data.outsideSessions ? 'caller' : 'session';
        return [
          grant(grantId, {
            ...{ scope_id: scopeId, place, tool: toolName(toolId), tool_digest: toolDigest, principal, initiator },
            ...{ arguments_digest: argumentsDigest, shape, uses_max: usesMax, uses: 0, status: 'active' },
            reach,
            ...{ created_at: at, until: instant(until) },
          }),
        ];
      }
      case 'ApprovalGrantEnded': {
        const { grantId, code, principal } = record.data;
        return [grant(grantId, { status: 'ended', code, ended_by: principal, ended_at: at })];
      }
      default:
        return assertNever(record);
    }
  },
});
