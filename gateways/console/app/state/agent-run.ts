import type { Schemas } from '../../../../infra/client/api.ts';
import type { Gauge } from './budgets.ts';
import type { Timeline, TimelineBar } from './job-timeline.ts';
import { amount, count, duration, shareOf } from './text.ts';

type Run = Schemas['AgentRun'];
type Step = Run['steps_taken'][number];
type Call = Step['calls'][number];

/** An approval of a call of a run; its id is that of the call. */
export type CallApproval = Pick<Schemas['ApprovalSummary'], 'approval_id' | 'status' | 'given' | 'required'>;

/** Approvals by the id of their call. */
export type CallApprovals = ReadonlyMap<string, CallApproval>;

/** Limits of a run, with the names of the wire. */
interface Limits {
  readonly steps: number;
  readonly tokens: number | null;
  readonly cost: string | null;
  readonly wall_ms: number;
  readonly identical_calls: number;
}

/** Returns true while a run can still do something. */
export const isRunGoing = ({ status }: Pick<Run, 'status'>): boolean => status === 'running';

const msOf = (text: string | null, otherwise: number): number => (text === null ? otherwise : Date.parse(text));

/** Returns true for a call that waits for people. */
export const waitsForPeople = ({ call_id: id, status }: Call, approvals: CallApprovals): boolean =>
  status === 'asked' && approvals.get(id)?.status === 'waiting';

/** Returns why a call ended as it did, or what it waits for; empty when there is nothing to say. */
export function callRemark(call: Call, approvals: CallApprovals): string {
  const approval = approvals.get(call.call_id);
  if (call.code !== null) return `${call.code}${call.detail === null ? '' : `: ${call.detail}`}`;
  if (approval === undefined) return '';
  if (approval.status === 'waiting') return `waits for an approval, ${approval.given} of ${approval.required} given`;
  return `approval ${approval.status}`;
}

const pageOfCall = ({ call_id: id, child_run_id: child }: Call, approvals: CallApprovals): string | null => {
  if (child !== null) return `/console/agents/${child}`;
  return approvals.has(id) ? `/console/approvals/${id}` : null;
};

/** Returns the steps of a run and their calls on one scale: each call behind the step that asked for it. */
export function runTimeline(run: Run, approvals: CallApprovals, nowMs: number): Timeline {
  const beginMs = msOf(run.created_at, nowMs);
  const spanMs = Math.max(1, msOf(run.ended_at, nowMs) - beginMs);
  const within = (text: string | null, otherwise: number): number =>
    Math.min(spanMs, Math.max(0, msOf(text, otherwise + beginMs) - beginMs));
  const bar = (
    of: Pick<Step, 'created_at' | 'ended_at'>,
    rest: Omit<TimelineBar, 'fromMs' | 'toMs' | 'attempts'>,
  ): TimelineBar => {
    const fromMs = within(of.created_at, 0);
    return { ...rest, fromMs, toMs: Math.max(fromMs, within(of.ended_at, spanMs)), attempts: 1 };
  };
  const bars = run.steps_taken.flatMap((step) => [
    bar(step, {
      ...{ key: `step ${step.step}`, name: `step ${step.step}`, kind: 'model', status: step.status, isWait: false },
      remark: step.rejected ?? [step.model_id ?? '', costText(step.cost)].filter((part) => part !== '').join(', '),
    }),
    ...step.calls.map((call) => {
      const waits = waitsForPeople(call, approvals);
      const href = pageOfCall(call, approvals);
      return bar(call, {
        ...{ key: call.call_id, name: call.tool ?? call.model_name, isWait: waits, ...(href !== null && { href }) },
        kind: call.child_run_id === null ? 'call' : 'handoff',
        status: waits ? 'waiting' : call.status,
        remark: callRemark(call, approvals),
      });
    }),
  ]);
  return { spanMs, bars };
}

const costText = (cost: string | null): string => (cost === null ? '' : `cost ${amount(cost)}`);

/** What a run has used so far. */
export interface Used {
  readonly steps: number;
  readonly tokens: number;
  readonly cost: number;
  readonly wallMs: number;
  /** Most calls with the same tool and arguments. */
  readonly identicalCalls: number;
}

/** Returns what a run has used: of its end when it has one, else of its steps so far. */
export function usedBy(run: Run, nowMs: number): Used {
  const calls = run.steps_taken.flatMap((step) => step.calls);
  const tokens = run.tokens === null ? run.steps_taken.map((step) => step.tokens) : [run.tokens];
  const costs = run.cost === null ? [...run.steps_taken, ...calls].map(({ cost }) => cost) : [run.cost];
  const same = Map.groupBy(calls, (call) => `${call.tool} ${call.arguments}`);
  return {
    steps: run.steps,
    tokens: tokens.reduce((sum, use) => sum + (use === null ? 0 : use.prompt + use.completion), 0),
    cost: costs.reduce((sum, cost) => sum + Number(cost ?? 0), 0),
    wallMs: Math.max(0, msOf(run.ended_at, nowMs) - msOf(run.created_at, nowMs)),
    identicalCalls: Math.max(0, ...[...same.values()].map((group) => group.length)),
  };
}

const gauge = (name: string, used: number, max: number, text: (value: number) => string): Gauge => {
  const left = Math.max(0, max - used);
  return { name, leftText: text(left), maxText: text(max), share: shareOf(left, max) };
};

const money = (value: number): string => amount(value.toFixed(9));

/** Returns what is left of each limit of a run; none for a refused start. */
export function limitGauges(run: Run, used: Used): readonly Gauge[] {
  const limits = run.limits as Limits | null;
  if (limits === null) return [];
  return [
    gauge('steps', used.steps, limits.steps, count),
    ...(limits.tokens === null ? [] : [gauge('tokens', used.tokens, limits.tokens, count)]),
    ...(limits.cost === null ? [] : [gauge('cost', used.cost, Number(limits.cost), money)]),
    gauge('time', used.wallMs, limits.wall_ms, duration),
    gauge('the same call', used.identicalCalls, limits.identical_calls, count),
  ];
}
