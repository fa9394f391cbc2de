import { describe, expect, it } from 'vitest';
import {
  approvalGrantGiven,
  type DecideApproval,
  killSwitch,
  type RevokeApprovalGrant,
  removeTool,
  revokeApprovalGrant,
  type ToolCallHeld,
  toolCallRevisionRefused,
} from '../../schemas/generated/records.ts';
import { metaFor, scenarios } from '../kernel/testing.ts';
import { allowed, decisionOn, denied } from '../testing.ts';
import { approvals } from './approvals.ts';
import { aDecision, aHeldCall, CALL, one, SESSION_ID } from './testing.ts';

const START_MS = Date.UTC(2026, 0, 1);
const { given, when } = scenarios(approvals, { startMs: START_MS, places: 1 });
const { tenantId } = metaFor(
  removeTool({
    ...{ toolId: 'x', principal: 'p', capabilities: [], credential: null, labels: [], expectedVersion: null },
  }),
);
const held = aHeldCall(tenantId);
const of = { scopeId: SESSION_ID, approvalId: CALL, revision: 1, digest: held.data.approvalDigest };
const decide = (changes: Partial<DecideApproval> = {}, call: ToolCallHeld = held.data) =>
  decisionOn(aDecision(call, changes));
const types = (records: readonly { readonly type: string }[]) => records.map(({ type }) => type);
const refusal = (code: string) => [{ type: 'ApprovalRefused', data: { code } }];
const two = aHeldCall(tenantId, { requirement: { ...one, required: 2 } });

describe('an approval', () => {
  it('is asked of people with the digest that it is bound to, and when it expires', () => {
    expect(when(held).records).toMatchObject([
      {
        type: 'ApprovalRequested',
        data: { ...of, principal: 'agent', arguments: '{"amount":5}', expiresAt: START_MS + 60_000, editor: null },
      },
    ]);
  });

  it('is granted by one other principal, where one is required', () => {
    expect(given(held).when(decide()).records).toMatchObject([
      { type: 'ApprovalVoted', data: { ...of, principal: 'ana', given: 1, required: 1 } },
      { type: 'ApprovalGranted', data: { ...of, approvers: ['ana'], grantId: null } },
    ]);
  });

  it('is rejected by one, with the reason', () => {
    const outcome = given(held).when(decide({ outcome: 'reject', reason: 'too much' }));
    expect(outcome.records).toMatchObject([{ type: 'ApprovalRejected', data: { ...of, reason: 'too much' } }]);
    expect(outcome.state).toBeUndefined();
  });

  it('counts a principal once, and needs as many as the rule says', () => {
    const first = given(two).when(decide({}, two.data));
    expect(types(first.records)).toEqual(['ApprovalVoted']);
    expect(given(two, decide({}, two.data)).when(decide({}, two.data)).records).toMatchObject(
      refusal('APPROVAL_REPEATED'),
    );
    expect(types(given(two, decide({}, two.data)).when(decide({ principal: 'bea' }, two.data)).records)).toEqual([
      'ApprovalVoted',
      'ApprovalGranted',
    ]);
  });

  it('is never decided by who asked for the call, or by a session', () => {
    for (const outcome of ['approve', 'reject', 'edit'])
      expect(given(held).when(decide({ principal: 'agent', outcome, arguments: '{}' })).records).toMatchObject(
        refusal('APPROVAL_OWN'),
      );
    const session = { credential: { sessionId: 'another', issuedAt: 0 } };
    expect(given(held).when(decide(session)).records).toMatchObject(refusal('APPROVAL_OWN'));
  });

  it('is refused for another digest, another tool or tenant, and when it has ended', () => {
    expect(given(held).when(decide({ digest: 'other' })).records).toMatchObject(refusal('APPROVAL_CHANGED'));
    expect(given(held).when(decide({ toolId: `${tenantId}/mail` })).records).toMatchObject(refusal('APPROVAL_ENDED'));
    expect(given(held, decide()).when(decide({ principal: 'bea' })).records).toMatchObject(refusal('APPROVAL_ENDED'));
    expect(when(decide()).records).toMatchObject(refusal('APPROVAL_ENDED'));
  });

  it('takes the capability of the tool or of every tool, and those of its rule', () => {
    expect(given(held).when(decide({ capabilities: ['approval:decide:mail'] })).records).toMatchObject(
      refusal('APPROVAL_NOT_YOURS'),
    );
    expect(types(given(held).when(decide({ capabilities: ['approval:decide:pay'] })).records)).toContain(
      'ApprovalGranted',
    );
    const finance = aHeldCall(tenantId, { requirement: { ...one, capabilities: ['approval:finance'] } });
    expect(given(finance).when(decide({}, finance.data)).records).toMatchObject(refusal('APPROVAL_NOT_YOURS'));
    const both = { capabilities: ['approval:decide', 'approval:finance'] };
    expect(types(given(finance).when(decide(both, finance.data)).records)).toContain('ApprovalGranted');
  });

  it('is refused as policy says, and an outcome that does not exist is refused', () => {
    expect(given(held).when(decisionOn(aDecision(held.data), denied)).records).toMatchObject(refusal('POLICY_DENIED'));
    expect(given(held).when(decide({ outcome: 'wave' })).records).toMatchObject(refusal('REQUEST_INVALID'));
    expect(given(held).when(decide({ outcome: 'edit' })).records).toMatchObject(refusal('REQUEST_INVALID'));
  });

  it('expires, and takes no decision after that', () => {
    const outcome = given(held).after(60_000);
    expect(types(outcome.records)).toEqual(['ExpireApproval', 'ApprovalExpired']);
    expect(types(given(held).after(59_999).records)).toEqual([]);
  });

  it('escalates once: holders of a further capability may decide as well', () => {
    const slow = aHeldCall(tenantId, {
      requirement: {
        ...{ ...one, capabilities: ['approval:finance'], escalateAfterMs: 10_000 },
        escalateCapability: 'approval:on-call',
      },
    });
    expect(given(slow).after(10_000).records).toMatchObject([
      { type: 'EscalateApproval' },
      { type: 'ApprovalEscalated', data: { capability: 'approval:on-call' } },
    ]);
    const onCall = decide({ capabilities: ['approval:on-call'] }, slow.data);
    expect(given(slow).when(onCall).records).toMatchObject(refusal('APPROVAL_NOT_YOURS'));
  });

  it('of a session with too many that wait is rejected at once', () => {
    const many = Array.from({ length: 50 }, (_, n) => aHeldCall(tenantId, { callId: `call-${n + 10}` }));
    expect(given(...many).when(held).records).toMatchObject([
      { type: 'ApprovalRejected', data: { code: 'APPROVALS_FULL' } },
    ]);
  });

  it('is asked for once, however often a call is held', () => {
    given(held).when(held).then();
  });
});

describe('an edit', () => {
  const edit = decide({ outcome: 'edit', arguments: '{"amount":3}', principal: 'bea' });
  const again = aHeldCall(tenantId, { arguments: '{"amount":3}', revision: 2 });

  it('asks policy again, and takes no vote meanwhile', () => {
    expect(given(held).when(edit).records).toMatchObject([
      { type: 'ApprovalEdited', data: { approvalId: CALL, revision: 1, principal: 'bea', arguments: '{"amount":3}' } },
    ]);
    expect(given(held, edit).when(decide()).records).toMatchObject(refusal('APPROVAL_CHANGED'));
  });

  it('begins a request of another digest without a vote, that expires as the first one', () => {
    const outcome = given(held, edit).when(again);
    expect(outcome.records).toMatchObject([
      { type: 'ApprovalRequested', data: { revision: 2, editor: 'bea', expiresAt: START_MS + 60_000 } },
    ]);
    expect(given(held, edit, again).when(decide()).records).toMatchObject(refusal('APPROVAL_CHANGED'));
    expect(types(given(held, edit, again).when(decide({}, again.data)).records)).toContain('ApprovalGranted');
  });

  it('drops the votes for the arguments before it; its editor is none of several approvers', () => {
    const next = aHeldCall(tenantId, { arguments: '{"amount":3}', revision: 2, requirement: two.data.requirement });
    const edited = decide({ outcome: 'edit', arguments: '{"amount":3}', principal: 'bea' }, two.data);
    const history = [two, decide({}, two.data), edited, next];
    expect(types(given(...history).when(decide({}, next.data)).records)).toEqual(['ApprovalVoted']);
    expect(given(...history).when(decide({ principal: 'bea' }, next.data)).records).toMatchObject(
      refusal('APPROVAL_OWN'),
    );
    const more = [...history, decide({}, next.data)];
    expect(types(given(...more).when(decide({ principal: 'eva' }, next.data)).records)).toContain('ApprovalGranted');
  });

  it('that policy refuses leaves the approval as it was', () => {
    const refused = toolCallRevisionRefused({
      ...{ callId: CALL, scopeId: SESSION_ID, revision: 2, code: 'POLICY_DENIED', detail: 'no', decision: denied },
    });
    expect(given(held, edit).when(refused).records).toMatchObject([
      { type: 'ApprovalEditRefused', data: { principal: 'bea', code: 'POLICY_DENIED' } },
    ]);
    expect(types(given(held, edit, refused).when(decide()).records)).toContain('ApprovalGranted');
    given(held).when(refused).then();
    when(refused).then();
  });
});

describe('a grant', () => {
  const terms = { shape: null, lifetimeMs: 600_000, usesMax: 2 };
  const granting = decide({ grant: terms });
  const next = (changes: Partial<ToolCallHeld> = {}) => aHeldCall(tenantId, { callId: 'call-2', ...changes });

  it('comes with an approval, and lets a like call of the session run', () => {
    const outcome = given(held).when(granting);
    expect(types(outcome.records)).toEqual(['ApprovalVoted', 'ApprovalGrantGiven', 'ApprovalGranted']);
    expect(outcome.records[1]).toMatchObject({ data: { usesMax: 2, principal: 'ana', initiator: 'agent' } });
    const run = given(held, granting).when(next()).records;
    expect(run).toMatchObject([
      { type: 'ApprovalGranted', data: { approvalId: 'call-2', uses: 1, approvers: ['ana'] } },
    ]);
  });

  it('covers no other argument, label, capability, tool, caller, and no call that several must approve', () => {
    const cases: Partial<ToolCallHeld>[] = [
      { arguments: '{"amount":6}' },
      { flow: [{ label: 'untrusted', source: 'output of web', origin: null }] },
      { requirement: { ...one, capabilities: ['approval:finance'] } },
      { toolId: `${tenantId}/mail` },
      { principal: 'another' },
      { requirement: { ...one, required: 2 } },
    ];
    for (const changes of cases)
      expect(types(given(held, granting).when(next(changes)).records)).toEqual(['ApprovalRequested']);
  });

  it('covers the arguments of its shape', () => {
    const shape = JSON.stringify({ properties: { amount: { type: 'number', maximum: 10 } }, required: ['amount'] });
    const shaped = decide({ grant: { ...terms, shape } });
    expect(types(given(held, shaped).when(next({ arguments: '{"amount":10}' })).records)).toEqual(['ApprovalGranted']);
    for (const args of ['{"amount":11}', '{}', '{"amount":1,"to":"me"}'])
      expect(types(given(held, shaped).when(next({ arguments: args })).records)).toEqual(['ApprovalRequested']);
  });

  it('ends when it is used up, over, revoked, or void by another manifest or a kill switch', () => {
    const used = [held, granting, next(), next({ callId: 'call-3' })];
    expect(types(given(...used).when(next({ callId: 'call-4' })).records)).toEqual([
      'ApprovalGrantEnded',
      'ApprovalRequested',
    ]);
    expect(given(held, granting).after(600_000).records).toMatchObject([
      { type: 'EndApprovalGrant' },
      { type: 'ApprovalGrantEnded', data: { code: 'GRANT_EXPIRED' } },
    ]);
    expect(given(held, granting).when(next({ digest: 'd2' })).records).toMatchObject([
      { type: 'ApprovalGrantEnded', data: { code: 'GRANT_VOID' } },
      { type: 'ApprovalRequested' },
    ]);
    const released = killSwitch({
      ...{ scope: 'tool:pay', engaged: false, mode: 'stop', reason: '', engagedEventId: '', engagedBy: 'op' },
      ...{ since: START_MS + 1, twoPerson: false, releaseProposedBy: null },
    });
    expect(given(held, granting, released).when(next()).records[0]).toMatchObject({ data: { code: 'GRANT_VOID' } });
  });

  it('is revoked by its id, once', () => {
    const grant = approvalGrantGiven({
      ...{ scopeId: SESSION_ID, grantId: 'g', tenantId, toolId: held.data.toolId, toolDigest: 'd1.0.0' },
      ...{ principal: 'ana', initiator: 'agent', argumentsDigest: 'a', shape: null, capabilities: [], labels: [] },
      ...{ usesMax: 1, since: START_MS, until: START_MS + 1_000, outsideSessions: false },
    });
    const revoke = (changes: Partial<RevokeApprovalGrant> = {}) =>
      revokeApprovalGrant({
        ...{ grantId: 'g', scopeId: SESSION_ID, toolId: held.data.toolId, principal: 'bea' },
        ...{ capabilities: ['approval:decide'], credential: null, labels: [], ...changes },
      });
    expect(given(grant).when(decisionOn(revoke())).records).toMatchObject([
      { type: 'ApprovalGrantEnded', data: { code: 'GRANT_REVOKED', principal: 'bea' } },
    ]);
    expect(when(decisionOn(revoke())).records).toMatchObject(refusal('GRANT_ENDED'));
    expect(given(grant).when(decisionOn(revoke(), denied)).records).toMatchObject(refusal('POLICY_DENIED'));
  });

  it('has bounds, and is not given where several must approve', () => {
    expect(given(two).when(decide({ grant: terms }, two.data)).records).toMatchObject(refusal('GRANT_INVALID'));
    for (const changes of [{ lifetimeMs: 3_600_001 }, { usesMax: 0 }, { shape: 'knots' }])
      expect(given(held).when(decide({ grant: { ...terms, ...changes } })).records).toMatchObject(
        refusal('GRANT_INVALID'),
      );
  });
});

it('other decisions of policy concern no approval', () => {
  const other = removeTool({
    ...{ toolId: 'x', principal: 'p', capabilities: [], credential: null, labels: [], expectedVersion: null },
  });
  when(decisionOn(other, allowed)).then();
});
