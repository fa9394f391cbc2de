import { withMemories } from '../../schemas/contexts/memory/turn-recall.ts';
import { isGoverned } from '../../schemas/governed.ts';
import { governedTopics, topics } from '../../schemas/topics.ts';
import { requirePlace } from '../kernel/place.ts';
import { type Meta, type Processor, processor, type RecordOf, type RecordsOf } from '../kernel.ts';
import { constitutionTable } from '../tables/constitution-in-force.ts';
import { credits } from '../tables/credits.ts';
import { tenants } from '../tables/directory.ts';
import { killSwitches } from '../tables/kill-switches.ts';
import { personas } from '../tables/personas.ts';
import { prices } from '../tables/prices.ts';
import { revocations } from '../tables/revocations.ts';
import { UNCLASSIFIED } from './classifier.ts';
import { decideCommand, type Output, type Pending, type Tables } from './command-decision.ts';
import { NAME } from './decide.ts';
import { outputEvents } from './history.ts';
import { giveBack, grantReceived, leaseQuestionAgain, review, reviewTimes, settled } from './lease.ts';
import { isOpen, isPrepaid } from './lease-account.ts';
import type { PolicyOptions } from './options.ts';
import { UNASKED } from './policy-engine.ts';
import { prepaidEnd, requestEnd } from './request-end.ts';
import type { RuleEngine } from './rule-engine.ts';
import { evolve, initial, type PolicyState } from './state.ts';
import { simulated, tried } from './trial.ts';

const inputs = [
  ...governedTopics,
  topics.policyAnswers,
  topics.classifierAnswers,
  topics.memoryAnswers,
  topics.budgetLeases,
  topics.slmMetrics,
  topics.conversationEvents,
  topics.toolsCalls,
  topics.policyTimers,
  topics.policyTrialCommands,
  topics.policySimulations,
] as const;

type Input = RecordsOf<typeof inputs>;
type LeaseRecord = Extract<
  Input,
  RecordOf<
    | 'GrantLease'
    | 'RecallLease'
    | 'ReviewLease'
    | 'SlmMetered'
    | 'TurnRefused'
    | 'ToolCallCompleted'
    | 'ToolCallRefused'
  >
>;

/**
 * Returns the command to decide. An answer is decided even when no engine is configured any more. Null for an answer
 * without a governed command, and for a record without a command.
 */
function pendingOf(
  record: Input,
  meta: Meta,
  { asksEngine = false, asksClassifier = false }: PolicyOptions,
): Pending | null {
  if (record.type === 'PolicyEngineAnswered' || record.type === 'AnswerLease') {
    const { command, commandId, subjectId } = record.data;
    if (!isGoverned(command)) return null;
    const { classifier } = record.data;
    return record.type === 'AnswerLease'
      ? { command, commandId, subjectId, answer: record.data.engine, classifier, lease: record.data }
      : { command, commandId, subjectId, answer: record.data.answer, classifier, lease: null };
  }
  const unasked = asksEngine ? UNASKED : null;
  if (record.type === 'ClassifierAnswered') {
    const { command, commandId, subjectId, answer: classifier } = record.data;
    return isGoverned(command) ? { command, commandId, subjectId, answer: unasked, classifier, lease: null } : null;
  }
  const classifier = asksClassifier ? UNCLASSIFIED : null;
  if (record.type === 'RecallAnswered') {
    const { command: asked, commandId, subjectId } = record.data;
    if (!isGoverned(asked)) return null;
    const command = withMemories(asked, record.data.answer);
    return { command, commandId, subjectId, answer: unasked, classifier, lease: null };
  }
  if (!isGoverned(record)) return null;
  return { command: record, commandId: meta.id, subjectId: meta.key, answer: unasked, classifier, lease: null };
}

/** Returns what a record without a command changes in the lease of its place. */
function leaseChanges(
  { account }: PolicyState,
  record: LeaseRecord,
  meta: Meta,
  { tenants, prices: versions }: Tables,
  currency: string,
): readonly Output[] {
  const { tenantId, timeMs } = meta;
  const holder = { tenantId, place: requirePlace(meta) };
  switch (record.type) {
    case 'GrantLease':
      return [grantReceived(record, timeMs)];
    case 'RecallLease':
      return giveBack(account, true, holder);
    case 'ReviewLease':
      return review(account, timeMs, holder);
    default: {
      const metered = requestEnd(record);
      if (metered === null) return [];
      const end = isPrepaid(account, metered.requestId)
        ? prepaidEnd(metered, record, { versions, timeMs, currency })
        : metered;
      const hasBudget = (tenants.get(tenantId)?.settings.budgets.length ?? 0) > 0;
      // Without a reservation, only use is to be spent: the tenant had no budget when the request began.
      const counts = isOpen(account, end.requestId) || (hasBudget && end.outcome === 'used');
      return counts ? settled(account, end, holder) : [];
    }
  }
}

/** Returns what the output of a tool adds to the history of the session of its call. */
const outputLabels = (
  { histories }: PolicyState,
  { data }: RecordOf<'ToolCallCompleted'>,
  meta: Meta,
  { constitution }: Tables,
): readonly Output[] => outputEvents(constitution.inForce, histories, data, { ...meta, place: requirePlace(meta) });

const leaseRecords: ReadonlySet<string> = new Set([
  ...['GrantLease', 'RecallLease', 'ReviewLease', 'SlmMetered', 'TurnRefused', 'ToolCallCompleted', 'ToolCallRefused'],
]);
const isLeaseRecord = (record: Input): record is LeaseRecord => leaseRecords.has(record.type);

/** Of conversations, only a refused turn concerns a budget; of calls of tools, their end or their refusal. */
const concernsPolicy = ({ type }: Input, topic: string): boolean =>
  (topic !== topics.conversationEvents.name && topic !== topics.toolsCalls.name) || leaseRecords.has(type);

/**
 * Returns the processor that decides every governed command: at once, or on the answer of an external engine, or of the
 * ledger of the tenant when the lease of the place does not cover the command. Its state, one a place, is the lease of
 * the place and the histories of its sessions. Commands are partitioned by place, so that each request of a place sees
 * the effects of the previous one. Its `decide` throws only when a price is not a decimal with at most three fraction
 * digits. Times are those of commands, in ms since 1970. Source: ADR 0014, ADR 0019.
 */
export const policy = (engine: RuleEngine, options: PolicyOptions): Processor =>
  processor({
    name: NAME,
    inputs,
    outputs: [
      topics.policyDecisions,
      topics.policyShadow,
      topics.policyQuestions,
      topics.classifierQuestions,
      topics.memoryQuestions,
      topics.policyMemory,
      topics.policyTrialResults,
      topics.budgetCommands,
    ],
    state: topics.policyState,
    stateVersion: 3,
    initial,
    tables: {
      ...{ constitution: constitutionTable(engine.verify), switches: killSwitches, revocations, tenants, personas },
      ...{ credits, prices },
    },
    key: (record, { topic, place }) => (concernsPolicy(record, topic) ? place : null),
    decide(state, record, meta, tables): readonly Output[] {
      if (record.type === 'TryCommand') return [tried(engine, record, meta, tables)];
      if (record.type === 'SimulateCommand') return [simulated(engine, record, meta, tables)];
      if (isLeaseRecord(record))
        return [
          ...leaseChanges(state, record, meta, tables, options.currency ?? 'USD'),
          ...(record.type === 'ToolCallCompleted' ? outputLabels(state, record, meta, tables) : []),
        ];
      if (record.type === 'AnswerLease' && record.data.outcome === 'again')
        return [leaseQuestionAgain(record.data, { tenantId: meta.tenantId, place: requirePlace(meta) })];
      const pending = pendingOf(record, meta, options);
      return pending === null ? [] : decideCommand(engine, options, state, pending, meta, tables);
    },
    evolve,
    timers: {
      topic: topics.policyTimers,
      due: ({ account }, place) =>
        reviewTimes(account).map((atMs) => ({ atMs, record: { type: 'ReviewLease', data: { place } } })),
    },
  });
