import { covers, nothing } from '../../schemas/amount.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { type ManifestReader, toolIdOf, toolName } from '../../schemas/contexts/tools.ts';
import {
  type BudgetShortfall,
  type CallTool,
  type PolicyDecided,
  runToolCall,
  toolCallCompleted,
  toolCallRefused,
  toolCallRequested,
  toolCallStarted,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { type Tools, tools as table } from '../tables/tools.ts';

type Input = RecordOf<'PolicyDecided' | 'ToolCallBegan' | 'ToolCallEnded'>;
type CallEvent = RecordOf<'ToolCallRequested' | 'ToolCallStarted' | 'ToolCallCompleted' | 'ToolCallRefused'>;
type Output = CallEvent | RecordOf<'RunToolCall'>;

/** A call that has not ended, and what its end needs. */
interface Running {
  readonly tenantId: string;
  readonly toolId: string;
  readonly isIrreversible: boolean;
}

/**
 * absent ──allow──▶ requested ──began──▶ started ──ended──▶ ended
 *                       └───────────ended──────────────────▶ ended
 *
 * An ended call has no state, except an irreversible one: however late a repeat of its command is, it runs once. Some 60
 * bytes as JSON.
 */
export type CallState =
  | { readonly status: 'absent' | 'ended' }
  | ({ readonly status: 'requested' | 'started' } & Running)
  | { readonly status: 'kept' };

/** Decides on a decision of policy, or on what the worker says. Repeats and late ends emit nothing. */
const decideBy =
  (read: ManifestReader) =>
  (
    state: CallState,
    input: Input,
    { tenantId }: Pick<Meta, 'tenantId'>,
    { tools }: { readonly tools: Tools },
  ): readonly Output[] => {
    switch (input.type) {
      case 'PolicyDecided':
        return input.data.command.type === 'CallTool' && state.status === 'absent'
          ? called(read, input.data.command.data, input.data, { tenantId, tools })
          : [];
      case 'ToolCallBegan':
        return isRunning(state) ? [toolCallStarted(input.data)] : [];
      case 'ToolCallEnded':
        return isRunning(state) ? [toolCallCompleted({ ...input.data, toolId: state.toolId })] : [];
      default:
        return assertNever(input);
    }
  };

const isRunning = (state: CallState): state is Extract<CallState, Running> =>
  state.status === 'requested' || state.status === 'started';

/** Requests the call under the manifest that its caller chose; refuses it when that is not the current one. */
function called(
  read: ManifestReader,
  command: CallTool,
  decided: PolicyDecided,
  { tenantId, tools }: { readonly tenantId: string; readonly tools: Tools },
): readonly Output[] {
  const { callId, toolId, principal, credential, labels, costMax } = command;
  const { decision } = decided;
  const refuse = (code: string, detail: string, shortfall: BudgetShortfall | null = null): readonly Output[] => [
    toolCallRefused({ callId, toolId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return refuse(code, detail, shortfall);
  }
  const tool = tools.get(toolId);
  if (toolId !== toolIdOf(tenantId, toolName(toolId)) || tool?.status !== 'active')
    return refuse('TOOL_UNKNOWN', 'No tool of this name exists.');
  if (tool.digest !== command.digest)
    return refuse('TOOL_CHANGED', `The tool has another manifest now: sha256 ${tool.digest}.`);
  const found = read(tool.envelope);
  if (found.status === 'refused') return refuse(found.code, found.detail);
  const { tier, effect, cost, labelsIn } = found.facts;
  const label = decided.labels.find((each) => labelsIn !== null && !labelsIn.includes(each));
  if (label !== undefined) return refuse('TOOL_LABEL_REFUSED', `The tool takes no data with the label ${label}.`);
  // Policy has reserved what the command says.
  if (!covers({ ...nothing, cost: costMax }, { ...nothing, cost }))
    return refuse('TOOL_CHANGED', `A call costs ${cost}, more than the ${costMax} of the command.`);
  const { digest, version: toolVersion, envelope } = tool;
  const { decisionId } = decision;
  const call = { callId, toolId, digest, principal, arguments: command.arguments, decisionId };
  const sessionId = credential?.sessionId ?? null;
  return [
    toolCallRequested({ ...call, tenantId, toolVersion, sessionId, effect, tier, labels, costMax }),
    runToolCall({ ...call, envelope, sessionId, labels: [...new Set([...labels, ...decided.labels])] }),
  ];
}

/** Folds one output into the state of its call. */
export function evolve(state: CallState, event: Output): CallState {
  switch (event.type) {
    case 'ToolCallRequested': {
      const { tenantId, toolId, effect } = event.data;
      return { status: 'requested', tenantId, toolId, isIrreversible: effect === 'irreversible' };
    }
    case 'ToolCallStarted':
      return isRunning(state) ? { ...state, status: 'started' } : state;
    case 'ToolCallCompleted':
      return isRunning(state) && state.isIrreversible ? { status: 'kept' } : { status: 'ended' };
    case 'ToolCallRefused':
    case 'RunToolCall':
      return state;
    default:
      return assertNever(event);
  }
}

const keyOf = (record: Input): string | null => {
  if (record.type !== 'PolicyDecided') return record.data.callId;
  return record.data.command.type === 'CallTool' ? record.data.subjectId : null;
};

/** Calls tools under decisions of policy: decision, charge and request of the effect commit together. */
export const tools = (read: ManifestReader): Processor =>
  processor({
    name: 'tools',
    inputs: [topics.policyDecisions, topics.toolsResults],
    outputs: [topics.toolsCalls, topics.toolsWork],
    tables: { tools: table },
    state: topics.toolsState,
    initial: { status: 'absent' } as CallState,
    finished: ({ status }) => status === 'absent' || status === 'ended',
    key: keyOf,
    decide: decideBy(read),
    evolve,
  });
