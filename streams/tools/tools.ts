import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { DEFINITION_CHANGED, type ManifestReader } from '../../schemas/contexts/tools.ts';
import {
  quarantineTool,
  type ToolCallEnded,
  toolCallCompleted,
  toolCallStarted,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor } from '../kernel.ts';
import {
  type ConstitutionRegister,
  constitutionTable,
  type VerifyConstitution,
} from '../tables/constitution-in-force.ts';
import { type Tools, tools as table } from '../tables/tools.ts';
import { called, revised } from './asked.ts';
import { type CallState, evolve, type Input, isRunning, type Output, type Running } from './call.ts';
import { edited, ended, granted, waiting } from './held.ts';
import { checkedOutput } from './output.ts';

/** The tables that a decision looks at. */
interface Tables {
  readonly tools: Tools;
  readonly constitution: ConstitutionRegister;
}

/** Decides on a decision of policy, on what the worker says, or on what people decided. Repeats and late ends emit nothing. */
const decideBy =
  (read: ManifestReader) =>
  (state: CallState, input: Input, meta: Meta, { tools, constitution }: Tables): readonly Output[] => {
    const { tenantId, correlationId, traceparent, timeMs: time, requestDigest = null } = meta;
    const about = { read, tenantId, tools, chain: { correlationId, traceparent, time, requestDigest } };
    switch (input.type) {
      case 'PolicyDecided': {
        const { command } = input.data;
        if (command.type === 'CallTool')
          return state.status === 'absent' ? called(command.data, input.data, about) : [];
        if (command.type !== 'ReviseToolCall' || state.status !== 'held') return [];
        return revised(state.held, command.data, input.data, about);
      }
      case 'ToolCallBegan':
        return isRunning(state) ? [toolCallStarted(input.data)] : [];
      case 'ToolCallEnded':
        return isRunning(state) ? completed(state, input.data, { tools, inForce: constitution.inForce }) : [];
      case 'ApprovalRequested':
        return state.status === 'held' ? waiting(state.held, input.data, about) : [];
      case 'ApprovalGranted':
        return state.status === 'held' ? granted(state.held, input.data, about) : [];
      case 'ApprovalEdited':
        return state.status === 'held' ? edited(state.held, input.data) : [];
      case 'ApprovalRejected':
      case 'ApprovalExpired':
        return state.status === 'held' ? ended(state.held, input, about) : [];
      case 'ApprovalVoted':
      case 'ApprovalEscalated':
      case 'ApprovalEditRefused':
      case 'ApprovalRefused':
      case 'ApprovalGrantGiven':
      case 'ApprovalGrantEnded':
      case 'ApprovalGrantSought':
      case 'ApprovalGrantUsed':
        return [];
      default:
        return assertNever(input);
    }
  };

/** Completes the call; its output is checked. A changed definition is also told to the registry, in the place of the tool. */
function completed(
  state: Running,
  end: ToolCallEnded,
  { tools, inForce }: { readonly tools: Tools; readonly inForce: ConstitutionStatus },
): readonly Output[] {
  // States of earlier versions have neither a session, nor a run, nor a digest.
  const { toolId, digest, sessionId = null, runId = null } = state;
  const { check: _check, ...said } = end;
  const ended = toolCallCompleted({ ...said, toolId, sessionId, runId, ...checkedOutput(inForce, end) });
  const place = tools.get(toolId)?.place ?? null;
  if (end.code !== DEFINITION_CHANGED || digest === undefined || place === null) return [ended];
  return [ended, quarantineTool({ toolId, place, digest, code: end.code, callId: end.callId, detail: end.detail })];
}

const keyOf = (record: Input): string | null => {
  if (record.type === 'PolicyDecided') {
    const { command, subjectId } = record.data;
    return command.type === 'CallTool' || command.type === 'ReviseToolCall' ? subjectId : null;
  }
  // The use of a grant is of the place of the grant; the call hears of it by ApprovalGranted.
  if (record.type === 'ApprovalGrantUsed') return null;
  if ('callId' in record.data) return record.data.callId;
  return 'approvalId' in record.data ? record.data.approvalId : null;
};

/** Calls tools under decisions of policy and of people: decision, charge and request of the effect commit together. */
export const tools = (read: ManifestReader, verify: VerifyConstitution): Processor =>
  processor({
    name: 'tools',
    inputs: [topics.policyDecisions, topics.toolsResults, topics.approvalsEvents],
    outputs: [topics.toolsCalls, topics.toolsWork, topics.toolsRevisions, topics.toolsQuarantines],
    tables: { tools: table, constitution: constitutionTable(verify) },
    state: topics.toolsState,
    stateVersion: 2,
    initial: { status: 'absent' } as CallState,
    finished: ({ status }) => status === 'absent' || status === 'ended',
    key: keyOf,
    decide: decideBy(read),
    evolve,
  });
