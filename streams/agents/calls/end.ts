/** Ends of calls: of tools, and of runs that a run has handed off to. */

import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import {
  type AgentCallEnded,
  agentCallEnded,
  type EndChildAgentRun,
  type ToolCallCompleted,
  type ToolCallRefused,
} from '../../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../../kernel.ts';
import { errorResult, shown } from '../history.ts';
import { inTurn } from '../in-turn.ts';
import { givenTo } from '../programs/given.ts';
import type { Output, Run } from '../state.ts';
import { ask } from '../steps.ts';

type End = Omit<AgentCallEnded, 'runId' | 'step' | 'callId' | 'result' | 'resultBytes'> & {
  /** The whole result, or the beginning of one that has a name. */
  readonly text: string;
  /** Size of a result that has a name; undefined for any other. */
  readonly bytes?: number | undefined;
};

const NO_TOKENS = { prompt: 0, completion: 0 };

function completed({ outcome, code, detail, output, preview, labels, cost }: ToolCallCompleted): End {
  const end = { outcome, code, detail, labels, cost, tokensConsumed: NO_TOKENS };
  // A call that took place has a code where its output is withheld.
  if (outcome !== 'succeeded' || code !== null) return { ...end, text: errorResult(code ?? 'TOOL_FAILED', detail) };
  return { ...end, text: preview ?? output ?? 'null', bytes: namedIn(output)?.bytes };
}

const refused = ({ code, detail }: ToolCallRefused): End => ({
  ...{ outcome: 'refused', code, detail, labels: [], cost: '0.000000000', tokensConsumed: NO_TOKENS },
  text: errorResult(code, detail),
});

const childEnded = ({ outcome, code, detail, output, labels, cost, tokens }: EndChildAgentRun): End => ({
  ...{ outcome, code, detail, labels, cost, tokensConsumed: tokens },
  text: outcome === 'succeeded' ? (output ?? '') : errorResult(code ?? 'AGENT_RUN_FAILED', detail),
});

function endOf(record: RecordOf<'ToolCallCompleted' | 'ToolCallRefused' | 'EndChildAgentRun'>): End {
  switch (record.type) {
    case 'ToolCallCompleted':
      return completed(record.data);
    case 'ToolCallRefused':
      return refused(record.data);
    case 'EndChildAgentRun':
      return childEnded(record.data);
    default:
      return assertNever(record);
  }
}

/** Ends a call of the run; the model is asked again once all calls of its answer have ended. A late end changes nothing. */
export function callEnded(
  run: Run,
  runId: string,
  record: RecordOf<'ToolCallCompleted' | 'ToolCallRefused' | 'EndChildAgentRun'>,
): readonly Output[] {
  const { callId } = record.data;
  if (!run.calls.some((call) => call.callId === callId && call.result === null)) return [];
  const { text, bytes, ...end } = endOf(record);
  return inTurn(
    run,
    ({ step }) => [
      run.program === undefined
        ? agentCallEnded({ runId, step, callId, ...end, ...shown(text, bytes) })
        : agentCallEnded({ runId, step, callId, ...end, ...givenTo(text, bytes) }),
    ],
    (after) => (after.phase === 'asking' ? ask(after, runId) : []),
  );
}
