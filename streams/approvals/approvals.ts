import { APPROVALS_OPEN_MAX, scopeOf, sha256 } from '../../schemas/contexts/approvals.ts';
import type { KillSwitches } from '../../schemas/contexts/kill-switch.ts';
import {
  approvalEditRefused,
  approvalEscalated,
  approvalExpired,
  approvalGrantEnded,
  approvalGranted,
  approvalRejected,
  approvalRequested,
  type ToolCallHeld,
  type ToolCallRevisionRefused,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, processor, type RecordOf, type RecordsOf, type Timer } from '../kernel.ts';
import { killSwitches } from '../tables/kill-switches.ts';
import { decided, revoked } from './decision.ts';
import { grantFor } from './grants.ts';
import { type ApprovalEvent, evolveBy, grantOf, initial, openOf, type ScopeState } from './state.ts';

const inputs = [topics.policyDecisions, topics.toolsCalls, topics.approvalsTimers] as const;
type Input = RecordsOf<typeof inputs>;
type Command = RecordOf<'ExpireApproval' | 'EscalateApproval' | 'EndApprovalGrant'>;

/** Asks people about a held call, or lets it run by a grant. */
function held(
  state: ScopeState,
  call: ToolCallHeld,
  { timeMs }: Pick<Meta, 'timeMs'>,
  switches: KillSwitches,
): readonly ApprovalEvent[] {
  const { callId: approvalId, tenantId, toolId, digest: toolDigest, approvalDigest: digest, revision } = call;
  const sessionId = call.credential?.sessionId ?? null;
  const scopeId = scopeOf(sessionId, approvalId);
  const before = openOf(state, approvalId);
  if (before !== undefined && before.revision >= revision) return [];
  const of = { scopeId, approvalId, revision, digest };
  const { grant, ended } = grantFor(state, call, switches, { scopeId, timeMs });
  // People were asked about an edited call: a grant does not answer for them.
  if (grant !== null && before === undefined) {
    const { grantId, principal } = grant;
    return [...ended, approvalGranted({ ...of, toolId, approvers: [principal], grantId, uses: grant.uses + 1 })];
  }
  if (before === undefined && Object.keys(state.approvals).length >= APPROVALS_OPEN_MAX)
    return [...ended, approvalRejected({ ...of, principal: 'khipu', code: 'APPROVALS_FULL', reason: '' })];
  const { requirement, effect, arguments: args, costMax, flow, decision, principal } = call;
  const { expiresMs, escalateAfterMs } = requirement;
  // An edit does not lengthen the wait: the budget is reserved for so long.
  const expiresAt = before?.expiresAt ?? timeMs + Math.max(0, expiresMs);
  const escalates = before?.escalatesAt ?? (escalateAfterMs === null ? null : timeMs + Math.max(0, escalateAfterMs));
  return [
    ...ended,
    approvalRequested({
      ...{ ...of, tenantId, toolId, toolDigest, principal, sessionId, effect, arguments: args, costMax, flow },
      ...{ labels: flow.map(({ label }) => label), decision, requirement, editor: before?.revisingBy ?? null },
      ...{ expiresAt, escalatesAt: escalates },
    }),
  ];
}

/** Says to the editor that policy or the tool refused the edit; the approval waits on. */
function editRefused(state: ScopeState, { callId, code, detail }: ToolCallRevisionRefused): readonly ApprovalEvent[] {
  const open = openOf(state, callId);
  if (open === undefined || open.revisingBy === null) return [];
  const scopeId = scopeOf(open.sessionId, callId);
  const of = { scopeId, approvalId: callId, revision: open.revision };
  return [approvalEditRefused({ ...of, principal: open.revisingBy, code, detail })];
}

function due(state: ScopeState, { type, data }: Command, { timeMs }: Pick<Meta, 'timeMs'>): readonly ApprovalEvent[] {
  const { scopeId } = data;
  if (type === 'EndApprovalGrant') {
    const { grantId } = data;
    const grant = grantOf(state, grantId);
    return grant === undefined || grant.until > timeMs
      ? []
      : [approvalGrantEnded({ scopeId, grantId, code: 'GRANT_EXPIRED', principal: null })];
  }
  const { approvalId } = data;
  const open = openOf(state, approvalId);
  if (open === undefined) return [];
  const { revision, digest } = open;
  if (type === 'ExpireApproval')
    return open.expiresAt > timeMs ? [] : [approvalExpired({ scopeId, approvalId, revision, digest })];
  const { escalateCapability: capability } = open.requirement;
  return open.escalatedTo !== null || capability === null
    ? []
    : [approvalEscalated({ scopeId, approvalId, revision, capability })];
}

/** The session of a record: approvals and grants of one session are one state. */
function keyOf({ type, data }: Input, topic: string): string | null {
  if (topic === topics.approvalsTimers.name && 'scopeId' in data) return data.scopeId;
  if (type === 'ToolCallHeld') return scopeOf(data.credential?.sessionId ?? null, data.callId);
  if (type === 'ToolCallRevisionRefused') return data.scopeId || null;
  if (type !== 'PolicyDecided') return null;
  const { command } = data;
  const isOurs = command.type === 'DecideApproval' || command.type === 'RevokeApprovalGrant';
  return isOurs ? command.data.scopeId || null : null;
}

function timersOf(state: ScopeState, scopeId: string): readonly Timer<Command>[] {
  const approvals = Object.entries(state.approvals).flatMap(([approvalId, open]): Timer<Command>[] => {
    const { revision, expiresAt, escalatesAt, escalatedTo } = open;
    const data = { scopeId, approvalId, revision };
    const escalation = escalatesAt === null || escalatedTo !== null || escalatesAt >= expiresAt ? null : escalatesAt;
    return [
      { atMs: expiresAt, record: { type: 'ExpireApproval', data } },
      ...(escalation === null ? [] : [{ atMs: escalation, record: { type: 'EscalateApproval' as const, data } }]),
    ];
  });
  const grants = Object.values(state.grants).map(
    ({ grantId, until }): Timer<Command> => ({
      atMs: until,
      record: { type: 'EndApprovalGrant', data: { scopeId, grantId } },
    }),
  );
  return [...approvals, ...grants];
}

/**
 * People decide on calls that wait: bound to a digest, never by who asked, by as many as the rule says. What they decide
 * lets the call run in the same transaction.
 */
export const approvals = processor({
  name: 'approvals',
  inputs,
  outputs: [topics.approvalsEvents],
  tables: { switches: killSwitches },
  state: topics.approvalsState,
  initial,
  finished: ({ approvals: open, grants }) => Object.keys(open).length === 0 && Object.keys(grants).length === 0,
  key: (record, { topic }) => keyOf(record, topic),
  decide(state, record, meta, { switches }): readonly ApprovalEvent[] {
    switch (record.type) {
      case 'ToolCallHeld':
        return held(state, record.data, meta, switches);
      case 'ToolCallRevisionRefused':
        return editRefused(state, record.data);
      case 'ExpireApproval':
      case 'EscalateApproval':
      case 'EndApprovalGrant':
        return due(state, record, meta);
      case 'PolicyDecided': {
        const { command } = record.data;
        if (command.type === 'DecideApproval') return decided(state, command.data, record.data, meta);
        return command.type === 'RevokeApprovalGrant' ? revoked(state, command.data, record.data, meta) : [];
      }
      default:
        return [];
    }
  },
  evolve: evolveBy(sha256),
  timers: { topic: topics.approvalsTimers, due: timersOf },
});
