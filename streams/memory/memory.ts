import { createHash } from 'node:crypto';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { carriedLabels } from '../../schemas/contexts/policy/flow.ts';
import {
  type BudgetShortfall,
  type KeepMemory,
  memoryForgotten,
  memoryLinked,
  memoryRefused,
  memoryRemembered,
  type PolicyDecided,
  type RememberMemory,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, processor, type RecordOf } from '../kernel.ts';

type Input = RecordOf<'PolicyDecided' | 'KeepMemory' | 'DropMemory'>;
type MemoryEvent = RecordOf<'MemoryRemembered' | 'MemoryLinked' | 'MemoryForgotten' | 'MemoryRefused'>;

/**
 * absent ──remember, or kept by a call──▶ kept ──forget──▶ forgotten
 *
 * A forgotten memory keeps its state, so that a late repeat does not bring it back.
 */
export type MemoryState =
  | { readonly status: 'absent' }
  | { readonly status: 'kept'; readonly tenantId: string; readonly space: string }
  | { readonly status: 'forgotten' };

/** Decides on a decision of policy, or on what a call of the tool khipu.memory asks for. Repeats emit nothing. */
export function decide(state: MemoryState, input: Input, { tenantId }: Pick<Meta, 'tenantId'>): readonly MemoryEvent[] {
  switch (input.type) {
    case 'PolicyDecided':
      return commanded(state, input.data, tenantId);
    case 'KeepMemory': {
      const { callId, labels } = input.data;
      return state.status === 'absent' ? [kept(input.data, { tenantId, callId, labels, decisionId: null })] : [];
    }
    case 'DropMemory': {
      const { memoryId, principal, callId, reason } = input.data;
      return state.status === 'kept' && state.tenantId === tenantId
        ? [memoryForgotten({ memoryId, principal, callId, reason, decisionId: null })]
        : [];
    }
    default:
      return assertNever(input);
  }
}

interface Under {
  readonly tenantId: string;
  readonly callId: string | null;
  readonly labels: readonly string[];
  readonly decisionId: string | null;
}

/** Returns the event of a text with its digest. */
function kept(asked: RememberMemory | KeepMemory, { labels, ...under }: Under): MemoryEvent {
  const { memoryId, principal, space, text, source, tags, metadata, validFrom, validTo, supersedes } = asked;
  const digest = createHash('sha256').update(text).digest('hex');
  const content = { space, text, source, tags, metadata, validFrom, validTo, supersedes, digest };
  return memoryRemembered({ memoryId, principal, ...content, ...under, labels: [...labels] });
}

function commanded(state: MemoryState, decided: PolicyDecided, tenantId: string): readonly MemoryEvent[] {
  const { command, decision } = decided;
  if (command.type !== 'RememberMemory' && command.type !== 'LinkMemories' && command.type !== 'ForgetMemory')
    return [];
  const { memoryId, principal } = command.data;
  const refuse = (code: string, detail: string, shortfall: BudgetShortfall | null = null): readonly MemoryEvent[] => [
    memoryRefused({ memoryId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return refuse(code, detail, shortfall);
  }
  const { decisionId } = decision;
  if (command.type === 'RememberMemory') {
    const labels = carriedLabels(command.data.labels, decided);
    return state.status === 'absent' ? [kept(command.data, { tenantId, callId: null, labels, decisionId })] : [];
  }
  // The capability was that of the space in the command, so it has to be the space of the memory.
  if (state.status !== 'kept' || state.tenantId !== tenantId || state.space !== command.data.space)
    return refuse('MEMORY_UNKNOWN', 'There is no memory of this id.');
  if (command.type === 'ForgetMemory')
    return [memoryForgotten({ memoryId, principal, callId: null, reason: command.data.reason, decisionId })];
  const { toId, relation } = command.data;
  return [memoryLinked({ memoryId, toId, relation, principal, decisionId })];
}

/** Folds one event into the state of its memory. */
export function evolve(state: MemoryState, event: MemoryEvent): MemoryState {
  switch (event.type) {
    case 'MemoryRemembered':
      return { status: 'kept', tenantId: event.data.tenantId, space: event.data.space };
    case 'MemoryForgotten':
      return { status: 'forgotten' };
    case 'MemoryLinked':
    case 'MemoryRefused':
      return state;
    default:
      return assertNever(event);
  }
}

const keyOf = (record: Input): string | null => {
  if (record.type !== 'PolicyDecided') return record.data.memoryId;
  const { type } = record.data.command;
  return type === 'RememberMemory' || type === 'LinkMemories' || type === 'ForgetMemory' ? record.data.subjectId : null;
};

/** Keeps, links and forgets memories. State: some 80 bytes a memory; its text is in the events and the read model. */
export const memory = processor({
  name: 'memory',
  inputs: [topics.policyDecisions, topics.memoryOutputs],
  outputs: [topics.memoryEvents],
  state: topics.memoryState,
  initial: { status: 'absent' } as MemoryState,
  finished: ({ status }) => status === 'absent',
  key: keyOf,
  decide,
  evolve,
});
