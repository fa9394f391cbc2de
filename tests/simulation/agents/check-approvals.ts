import { approvalDigest } from '../../../schemas/contexts/approvals.ts';
import type { Logged } from '../../../streams/kernel/driver-log.ts';
import type { RecordOf } from '../../../streams/kernel.ts';
import { Violation } from '../violation.ts';
import { kindOf } from './catalogue.ts';

interface Vote {
  readonly principal: string;
  readonly timeMs: number;
  readonly isGrant: boolean;
}

/** What people did about one digest, by the commands that they sent. */
interface Seen {
  readonly asked: RecordOf<'ApprovalRequested'>['data'];
  readonly votes: Vote[];
}

const isOf =
  <T extends Logged['record']['type']>(type: T) =>
  (logged: Logged): logged is Logged & { readonly record: RecordOf<T> } =>
    logged.record.type === type;

/**
 * A call that needs approvals runs once, when enough principals, none of them its own, have sent an approval of exactly its
 * manifest, arguments and decision in time; or under a grant for these arguments that has uses left: of its session, or of its
 * caller for calls outside sessions, wherever they are.
 */
export function checkApprovals(log: readonly Logged[]): void {
  const seen = new Map<string, Seen>();
  for (const { record } of log.filter(isOf('ApprovalRequested')))
    seen.set(`${record.data.approvalId}/${record.data.digest}`, { asked: record.data, votes: [] });
  for (const { record, meta } of log.filter(isOf('DecideApproval'))) {
    const { approvalId, digest, outcome, principal, grant } = record.data;
    if (outcome === 'approve')
      seen.get(`${approvalId}/${digest}`)?.votes.push({ principal, timeMs: meta.timeMs, isGrant: grant !== null });
  }
  const granted = new Map(
    log
      .filter(isOf('ApprovalGranted'))
      .map(({ record, meta }) => [record.data.approvalId, { ...record.data, timeMs: meta.timeMs }]),
  );
  const grants = new Map(
    log.filter(isOf('ApprovalGrantGiven')).map(({ record }) => [record.data.grantId, record.data]),
  );
  const sessions = new Map(
    log
      .filter(isOf('ToolCallHeld'))
      .map(({ record }) => [record.data.callId, record.data.credential?.sessionId ?? null]),
  );
  const uses = new Map<string, number>();
  const ran = new Set<string>();
  for (const { record } of log.filter(isOf('RunToolCall'))) {
    const { callId, toolId, digest: toolDigest, arguments: given, decisionId, principal } = record.data;
    const required = kindOf(toolId.slice('demo/'.length))?.approvals ?? 0;
    if (required === 0) continue;
    if (ran.has(callId)) throw new Violation('approval-bound', `the approval of call ${callId} was used twice`);
    ran.add(callId);
    const grantId = granted.get(callId)?.grantId ?? null;
    const digest = approvalDigest({ toolDigest, arguments: given, decisionId });
    if (grantId === null) {
      const { asked, votes = [] } = seen.get(`${callId}/${digest}`) ?? {};
      const counted = votes.filter((vote) => vote.principal !== principal && vote.timeMs < (asked?.expiresAt ?? 0));
      const distinct = new Set(counted.map((vote) => vote.principal)).size;
      if (distinct < required)
        throw new Violation('approval-bound', `call ${callId} ran ${given} with ${distinct} approvals of ${required}`);
      continue;
    }
    const grant = grants.get(grantId);
    const used = (uses.get(grantId) ?? 0) + 1;
    uses.set(grantId, used);
    const session = sessions.get(callId) ?? null;
    const given0 = [...seen.values()].filter(
      ({ asked, votes }) =>
        asked.toolId === toolId &&
        asked.arguments === given &&
        asked.sessionId === session &&
        votes.some((vote) => vote.isGrant),
    );
    if (
      grant === undefined ||
      used > grant.usesMax ||
      given0.length === 0 ||
      required > 1 ||
      grant.initiator !== principal ||
      grant.toolDigest !== toolDigest ||
      grant.outsideSessions !== (session === null)
    )
      throw new Violation(
        'approval-bound',
        `call ${callId} ran ${given} under a grant that does not cover it: use ${used}`,
      );
  }
}
