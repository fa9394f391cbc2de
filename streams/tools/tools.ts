import { covers, nothing } from '../../schemas/amount.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  DEFINITION_CHANGED,
  type ManifestReader,
  TOOL_REGISTRY,
  toolIdOf,
  toolName,
} from '../../schemas/contexts/tools.ts';
import {
  type BudgetShortfall,
  type CallTool,
  type PolicyDecided,
  quarantineTool,
  runToolCall,
  type ToolCallEnded,
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
type Output = CallEvent | RecordOf<'RunToolCall' | 'QuarantineTool'>;

/** A call that has not ended, and what its end needs. */
interface Running {
  readonly tenantId: string;
  readonly toolId: string;
  readonly isIrreversible: boolean;
  /** Manifest that it runs under; undefined for a call of an earlier version. */
  readonly digest?: string;
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
        return isRunning(state) ? ended(state, input.data, tools) : [];
      default:
        return assertNever(input);
    }
  };

const isRunning = (state: CallState): state is Extract<CallState, Running> =>
  state.status === 'requested' || state.status === 'started';

/** Completes the call. A changed definition is also told to the registry, in the place of the tool. */
function ended(state: Running, end: ToolCallEnded, tools: Tools): readonly Output[] {
  const { toolId, digest } = state;
  const completed = toolCallCompleted({ ...end, toolId });
  const place = tools.get(toolId)?.place ?? null;
  if (end.code !== DEFINITION_CHANGED || digest === undefined || place === null) return [completed];
  return [completed, quarantineTool({ toolId, place, digest, code: end.code, callId: end.callId, detail: end.detail })];
}

/** Requests the call under the manifest that its caller chose; refuses it when that is not the current one. */
function called(
  read: ManifestReader,
  command: CallTool,
  decided: PolicyDecided,
  { tenantId, tools }: { readonly tenantId: string; readonly tools: Tools },
): readonly Output[] {
  const { callId, toolId, principal, credential, labels, costMax, purpose } = command;
  const { decision } = decided;
  const refuse = (code: string, detail: string, shortfall: BudgetShortfall | null = null): readonly Output[] => [
    toolCallRefused({ callId, toolId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return refuse(code, detail, shortfall);
  }
  const own = toolId === toolIdOf(tenantId, toolName(toolId));
  if (own && isOfServer(command)) return connecting(command, decided, tenantId);
  const tool = tools.get(toolId);
  if (!own || tool === undefined || tool.status === 'removed')
    return refuse('TOOL_UNKNOWN', 'No tool of this name exists.');
  if (tool.status !== 'active' && purpose === 'call')
    return refuse(
      'TOOL_QUARANTINED',
      'The server of the tool changed its definition: a new version waits for approval.',
    );
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
  const call = { callId, toolId, digest, principal, arguments: command.arguments, decisionId, purpose };
  const sessionId = credential?.sessionId ?? null;
  // A check and a question to a server change nothing outside.
  const done = purpose === 'call' ? effect : 'read';
  return [
    toolCallRequested({ ...call, tenantId, toolVersion, sessionId, effect: done, tier, labels, costMax }),
    runToolCall({ ...call, envelope }),
  ];
}

/** Returns whether a command asks a server that no tool names. */
const isOfServer = ({ purpose, toolId, digest }: CallTool): boolean =>
  purpose === 'connect' && digest === '' && toolName(toolId) === TOOL_REGISTRY;

/** Requests a question to a server; the arguments name it, and no manifest does. */
function connecting(command: CallTool, { decision }: PolicyDecided, tenantId: string): readonly Output[] {
  const { callId, toolId, digest, principal, credential, labels, costMax, purpose } = command;
  const { decisionId } = decision;
  const call = { callId, toolId, digest, principal, arguments: command.arguments, decisionId, purpose };
  const sessionId = credential?.sessionId ?? null;
  const asked = { toolVersion: 0, effect: 'read', tier: 'process', labels, costMax, sessionId, tenantId };
  return [toolCallRequested({ ...call, ...asked }), runToolCall({ ...call, envelope: '' })];
}

/** Folds one output into the state of its call. */
export function evolve(state: CallState, event: Output): CallState {
  switch (event.type) {
    case 'ToolCallRequested': {
      const { tenantId, toolId, effect, digest } = event.data;
      return { status: 'requested', tenantId, toolId, isIrreversible: effect === 'irreversible', digest };
    }
    case 'ToolCallStarted':
      return isRunning(state) ? { ...state, status: 'started' } : state;
    case 'ToolCallCompleted':
      return isRunning(state) && state.isIrreversible ? { status: 'kept' } : { status: 'ended' };
    case 'ToolCallRefused':
    case 'RunToolCall':
    case 'QuarantineTool':
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
    outputs: [topics.toolsCalls, topics.toolsWork, topics.toolsQuarantines],
    tables: { tools: table },
    state: topics.toolsState,
    initial: { status: 'absent' } as CallState,
    finished: ({ status }) => status === 'absent' || status === 'ended',
    key: keyOf,
    decide: decideBy(read),
    evolve,
  });
