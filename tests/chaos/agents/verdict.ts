import type { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { topics } from '../../../schemas/topics.ts';
import type { Called, Ran } from './load.ts';
import type { Paid } from './outside.ts';

/** What the log has about runs, calls and approvals. */
export interface Recorded {
  /** Ends of each run that has begun. */
  readonly ends: ReadonlyMap<string, number>;
  /** How often each call was given to the tool worker. */
  readonly requested: ReadonlyMap<string, number>;
  /** Approvals that were asked for, and how often each was granted. */
  readonly asked: ReadonlySet<string>;
  readonly granted: ReadonlyMap<string, number>;
}

export interface AgentsVerdict {
  readonly ok: boolean;
  /** Problems by kind, each with some examples. */
  readonly problems: Readonly<Record<string, readonly string[]>>;
  readonly runs: number;
  /** Payments that took effect. */
  readonly payments: number;
  /** Calls whose outcome is said to be unknown: their worker died while they ran. */
  readonly unknown: number;
}

const count = (map: Map<string, number>, key: string): unknown => map.set(key, (map.get(key) ?? 0) + 1);

/** Reads the life of all runs, calls and approvals from the log. */
export async function recordedIn(log: Log, decoder: RecordDecoder): Promise<Recorded> {
  const ends = new Map<string, number>();
  const requested = new Map<string, number>();
  const asked = new Set<string>();
  const granted = new Map<string, number>();
  const from = [topics.agentsEvents, topics.toolsWork, topics.approvalsEvents].map(({ name }) => name);
  const marks = await log.watermarks(from);
  await log.readTo({
    from: marks.map(({ topic, partition, low }) => ({ topic, partition, offset: low })),
    onBatch: async ({ records }) => {
      for (const stored of records) {
        const { type, data } = (await decoder.decode(stored)).record;
        if (type === 'AgentRunStarted' && !ends.has(data.runId)) ends.set(data.runId, 0);
        else if (type === 'AgentRunCompleted' || type === 'AgentRunFailed' || type === 'AgentRunCancelled')
          count(ends, data.runId);
        else if (type === 'RunToolCall') count(requested, data.callId);
        else if (type === 'ApprovalRequested') asked.add(data.approvalId);
        else if (type === 'ApprovalGranted') count(granted, data.approvalId);
      }
    },
  });
  return { ends, requested, asked, granted };
}

/** Compares what the runs answered with what was paid outside, and with what the log has. */
export function verdictOn(ran: readonly Ran[], paid: readonly Paid[], recorded: Recorded): AgentsVerdict {
  const problems: Record<string, string[]> = {};
  const problem = (kind: string, detail: string): void => {
    problems[kind] = [...(problems[kind] ?? []), detail];
  };
  const times = (of: readonly unknown[]): Map<string, number> => {
    const counted = new Map<string, number>();
    for (const each of of) count(counted, String(each));
    return counted;
  };
  for (const [key, often] of times(paid.map((each) => each.key)))
    if (often > 1) problem('an irreversible call that took effect twice', `${key}: ${often}`);
  const byAmount = times(paid.map(({ amount }) => amount));
  const expected = new Set<string>();
  let unknown = 0;
  /** Compares the outcome of a call with what was paid. */
  const compare = (runId: string, call: Called | undefined, amount: number, mayRun: boolean): void => {
    const often = byAmount.get(`${amount}`) ?? 0;
    expected.add(`${amount}`);
    if (call === undefined) {
      problem('a call that is missing', `${runId}: ${amount}`);
      return;
    }
    const { status, code, call_id: id } = call;
    if (status === 'unknown') unknown += 1;
    if (status === 'succeeded' && often !== 1)
      problem('a call that succeeded and was not paid once', `${id}: ${often}`);
    if ((status === 'refused' || status === 'failed') && often > 0)
      problem(`a call that ${status === 'failed' ? 'failed' : 'was refused'} and took effect`, `${id} ${code}`);
    if (!mayRun && status !== 'refused') problem('a rejected call that was not refused', `${id} ${status}`);
    if (mayRun && status !== 'succeeded' && status !== 'unknown') problem('a lost effect', `${id} ${status} ${code}`);
    if ((recorded.requested.get(id) ?? 0) > 1) problem('a call that was requested twice', id);
    if ((recorded.granted.get(id) ?? 0) > 1) problem('an approval that was used twice', id);
  };
  for (const { runId, deed, amount, edited, quick, status, output, calls, late } of ran) {
    if (status !== 'completed' || output !== `order ${Math.floor(amount / 10) * 10}`)
      problem('a run without its result', `${runId} ${status} ${output}`);
    if (late !== null && late < 300) problem('an approval of changed arguments that was taken', runId);
    const payment = calls.find(({ tool }) => tool === 'payment');
    compare(runId, payment, deed === 'edit' ? edited : amount, deed !== 'reject');
    if (deed !== 'reject' && payment !== undefined && !recorded.asked.has(payment.call_id))
      problem('an approval that was never asked for', payment.call_id);
    compare(
      runId,
      calls.find(({ tool }) => tool === 'quick'),
      quick,
      true,
    );
  }
  for (const amount of byAmount.keys()) if (!expected.has(amount)) problem('a payment that was not decided on', amount);
  for (const [runId, often] of recorded.ends)
    if (often !== 1) problem('an end that is not there once', `${runId}: ${often}`);
  return {
    ok: Object.keys(problems).length === 0,
    problems: Object.fromEntries(
      Object.entries(problems).map(([kind, all]) => [`${kind} (${all.length})`, all.slice(0, 5)]),
    ),
    ...{ runs: ran.length, payments: paid.length, unknown },
  };
}
