/** Ends of runs: each ends what the run still waits for, and is reported to the run that handed off. */

import { startsChild } from '../../schemas/contexts/agents.ts';
import { slmOrigin } from '../../schemas/contexts/slm/models.ts';
import {
  agentRunCancelled,
  agentRunCompleted,
  agentRunFailed,
  cancelChildAgentRun,
  cancelSlmRequest,
  type EndChildAgentRun,
  endChildAgentRun,
} from '../../schemas/generated/records.ts';
import { requestIdOf } from './keys.ts';
import type { Output, Run } from './state.ts';

export const NAME = 'agents';
/** Origin of its requests to models; answers carry the same origin. */
export const ORIGIN = slmOrigin(NAME);

/** Codes of runs that end without a result by their own limits. */
export type EndCode =
  | 'AGENT_STEPS_EXHAUSTED'
  | 'AGENT_TOKENS_EXHAUSTED'
  | 'AGENT_COST_EXHAUSTED'
  | 'AGENT_DEADLINE'
  | 'AGENT_HISTORY_EXHAUSTED'
  | 'AGENT_LOOP_DETECTED'
  | 'SCHEMA_VIOLATION';

const usedBy = ({ step, tokens, cost }: Run) => ({ steps: step, tokens, cost });

/** Returns what ends with a run: its request to the model, and its children. Calls that run go on; their ends change nothing. */
function withdrawn(run: Run, runId: string, reason: string): readonly Output[] {
  const requestId = requestIdOf(runId, run);
  const asked =
    run.phase === 'asked' && run.program === undefined
      ? [cancelSlmRequest({ subjectId: requestId, origin: ORIGIN, requestId, reason })]
      : [];
  const children = run.calls.filter(({ tool, result }) => startsChild(tool) && result === null);
  return [...asked, ...children.map(({ callId }) => cancelChildAgentRun({ runId: callId, parentId: runId, reason }))];
}

/** Returns the end of a run for the run that handed off; nothing for any other run. */
function toldParent(
  { spec: { parent }, tokens, cost, labels }: Run,
  childId: string,
  end: Pick<EndChildAgentRun, 'outcome' | 'code' | 'detail' | 'output'>,
): readonly Output[] {
  if (parent === null || parent.runId === '') return [];
  return [endChildAgentRun({ ...parent, childId, ...end, tokens, cost, labels })];
}

export const completed = (run: Run, runId: string, output: string): readonly Output[] => [
  agentRunCompleted({ runId, output, ...usedBy(run), labels: run.labels }),
  ...toldParent(run, runId, { outcome: 'succeeded', code: null, detail: 'The run completed.', output }),
];

export const failed = (run: Run, runId: string, code: EndCode | (string & {}), detail: string): readonly Output[] => [
  agentRunFailed({ runId, code, detail, ...usedBy(run), labels: run.labels }),
  ...withdrawn(run, runId, code),
  ...toldParent(run, runId, { outcome: 'failed', code, detail, output: null }),
];

/** Ends a run. `tells`: the run that handed off still waits for it. */
export function cancelled(
  run: Run,
  runId: string,
  { by: cancelledBy, reason, tells }: { readonly by: string; readonly reason: string; readonly tells: boolean },
): readonly Output[] {
  const code = 'AGENT_RUN_CANCELLED';
  const end = { outcome: 'failed', code, detail: `The run was cancelled: ${reason}.`, output: null };
  return [
    agentRunCancelled({ runId, cancelledBy, reason, ...usedBy(run) }),
    ...withdrawn(run, runId, code),
    ...(tells ? toldParent(run, runId, end) : []),
  ];
}
