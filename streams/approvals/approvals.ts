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
import { coveredOf, grantFor } from './grants.ts';
import { answered, give, seek, use } from './outside-sessions.ts';
import {
  type ApprovalEvent,
  evolveBy,
  grantOf,
  initial,
  type Output,
  openOf,
  type ScopeState,
  soughtOf,
} from './state.ts';

const inputs = [topics.policyDecisions, topics.toolsCalls, topics.approvalsTimers, topics.approvalsGrants] as const;
type Input = RecordsOf<typeof inputs>;
type At = Pick<Meta, 'id' | 'timeMs' | 'place'>;
type Command = RecordOf<'ExpireApproval' | 'EscalateApproval' | 'EndApprovalGrant' | 'EndGrantSearch'>;

/**
 * Lets a held call run by a grant, or asks people about it. Outside sessions, the scope of the grants is asked first: the call
 * is in another place.
 */
function held(state: ScopeState, call: ToolCallHeld, at: At, switches: KillSwitches): readonly Output[] {
  const { callId: approvalId, approvalDigest: digest, revision, toolId } = call;
  const sessionId = call.credential?.sessionId ?? null;
  const before = openOf(state, approvalId);
  if (soughtOf(state, approvalId) !== undefined || (before !== undefined && before.revision >= revision)) return [];
  // People were asked about an edited call: a grant does not answer for them.
  if (sessionId === null) return before === undefined && revision === 1 ? seek(call, at) : requested(state, call, at);
  const scopeId = scopeOf(sessionId, approvalId);
  const { grant, ended } = grantFor(state, coveredOf(call), switches, { scopeId, timeMs: at.timeMs });
  if (grant === null || before !== undefined) return [...ended, ...requested(state, call, at)];
  const { grantId, principal } = grant;
  const of = { scopeId, approvalId, revision, digest };
  return [...ended, approvalGranted({ ...of, toolId, approvers: [principal], grantId, uses: grant.uses + 1 })];
}

/** Asks people about a call: exactly what they approve runs. */
function requested(
  state: ScopeState,
  call: ToolCallHeld,
  { timeMs }: Pick<At, 'timeMs'>,
): readonly RecordOf<'ApprovalRequested' | 'ApprovalRejected'>[] {
  const { callId: approvalId, tenantId, toolId, digest: toolDigest, approvalDigest: digest, revision } = call;
  const sessionId = call.credential?.sessionId ?? null;
  const scopeId = scopeOf(sessionId, approvalId);
  const before = openOf(state, approvalId);
  const of = { scopeId, approvalId, revision, digest };
  if (before === undefined && Object.keys(state.approvals).length >= APPROVALS_OPEN_MAX)
    return [approvalRejected({ ...of, principal: 'khipu', code: 'APPROVALS_FULL', reason: '' })];
  const { requirement, effect, arguments: args, costMax, flow, decision, principal } = call;
  const { expiresMs, escalateAfterMs } = requirement;
  // An edit does not lengthen the wait: the budget is reserved for so long.
  const expiresAt = before?.expiresAt ?? timeMs + Math.max(0, expiresMs);
  const escalates = before?.escalatesAt ?? (escalateAfterMs === null ? null : timeMs + Math.max(0, escalateAfterMs));
  return [
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
  if (type === 'EndGrantSearch') {
    const sought = soughtOf(state, data.approvalId);
    return sought === undefined || sought.until > timeMs ? [] : requested(state, sought.call, { timeMs });
  }
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

const own: ReadonlySet<string> = new Set([topics.approvalsTimers.name, topics.approvalsGrants.name]);

/** The scope of a record: approvals and grants of one session, or grants of one caller for one tool, are one state. */
function keyOf({ type, data }: Input, topic: string): string | null {
  if (own.has(topic) && 'scopeId' in data) return data.scopeId;
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
  const sought = Object.entries(state.sought).map(
    ([approvalId, { until }]): Timer<Command> => ({
      atMs: until,
      record: { type: 'EndGrantSearch', data: { scopeId, approvalId } },
    }),
  );
  return [...approvals, ...grants, ...sought];
}

/**
 * People decide on calls that wait: bound to a digest, never by who asked, by as many as the rule says. What they decide
 * lets the call run in the same transaction.
 */
export const approvals = processor({
  name: 'approvals',
  inputs,
  outputs: [topics.approvalsEvents, topics.approvalsGrants],
  tables: { switches: killSwitches },
  state: topics.approvalsState,
  stateVersion: 2,
  initial,
  finished: (state) => [state.approvals, state.grants, state.sought].every((all) => Object.keys(all).length === 0),
  key: (record, { topic }) => keyOf(record, topic),
  decide(state, record, meta, { switches }): readonly Output[] {
    switch (record.type) {
      case 'ToolCallHeld':
        return held(state, record.data, meta, switches);
      case 'ToolCallRevisionRefused':
        return editRefused(state, record.data);
      case 'ExpireApproval':
      case 'EscalateApproval':
      case 'EndApprovalGrant':
      case 'EndGrantSearch':
        return due(state, record, meta);
      case 'GiveApprovalGrant':
        return give(state, record.data);
      case 'UseApprovalGrant':
        return use(state, record.data, meta, switches);
      case 'AnswerApprovalGrant': {
        const sought = soughtOf(state, record.data.approvalId);
        if (sought === undefined) return [];
        return answered(sought, record.data) ?? requested(state, sought.call, meta);
      }
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
