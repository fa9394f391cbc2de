import { evaluationTriggers, GOLDEN_CASES_MAX } from '../../schemas/contexts/evaluations.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  type BudgetShortfall,
  baselineSet,
  evaluationEnded,
  goldenCaseAdded,
  goldenSet,
  goldenSetDefined,
  goldenSetRefused,
  goldenSetRemoved,
  type KeepEvaluation,
  type PolicyDecided,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { type EvaluationEvent, evolve, type GoldenState, type Output } from './state.ts';

type Input = RecordOf<'PolicyDecided' | 'KeepEvaluation'>;
type Command = RecordOf<'PutGoldenSet' | 'AddGoldenCase' | 'RemoveGoldenSet' | 'SetBaseline'>;
type At = Pick<Meta, 'tenantId' | 'timeMs' | 'place'>;

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** Decides on a decision of policy, or on the verdict of a run. A set of another tenant does not exist; repeats emit nothing. */
export function decide(state: GoldenState, input: Input, at: At): readonly Output[] {
  const events =
    input.type === 'KeepEvaluation' ? ended(state, input.data, at.tenantId) : commanded(state, input.data, at);
  const after = events.reduce(evolve, state);
  const current = after === state ? null : currentOf(input, after, at);
  return current === null ? events : [...events, current];
}

const ended = (
  state: GoldenState,
  { goldenSetId, run }: KeepEvaluation,
  tenantId: string,
): readonly EvaluationEvent[] =>
  state.status === 'kept' && state.tenantId === tenantId && state.lastRun?.runId !== run.runId
    ? [evaluationEnded({ goldenSetId, run })]
    : [];

function commanded(state: GoldenState, decided: PolicyDecided, { tenantId, timeMs }: At): readonly EvaluationEvent[] {
  const command = commandOf(decided);
  if (command === null) return [];
  const { decision } = decided;
  const { goldenSetId, principal } = command.data;
  const version = state.status === 'absent' || state.tenantId !== tenantId ? 0 : state.version;
  const refuse = ({ code, detail }: Refusal, shortfall: BudgetShortfall | null = null): readonly EvaluationEvent[] => [
    goldenSetRefused({ goldenSetId, principal, code, detail, version, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const refusal = refusalOf(decided);
    return refuse(refusal, refusal.shortfall);
  }
  const made = changed(state, command, { tenantId, timeMs, version, decisionId: decision.decisionId });
  return 'code' in made ? refuse(made) : [made];
}

const UNKNOWN: Refusal = { code: 'RESOURCE_UNKNOWN', detail: 'There is no golden set of this name.' };
const OTHER_VERSION: Refusal = { code: 'PRECONDITION_FAILED', detail: 'The golden set has another version.' };

interface Change extends Pick<At, 'tenantId' | 'timeMs'> {
  /** Current version; 0 without one. */
  readonly version: number;
  readonly decisionId: string;
}

function changed(
  state: GoldenState,
  command: Command,
  { tenantId, timeMs: setAt, version: before, decisionId }: Change,
): EvaluationEvent | Refusal {
  const version = before + 1;
  if (command.type === 'PutGoldenSet') {
    const { expectedVersion, labels, ...set } = command.data;
    if (state.status !== 'absent' && state.tenantId !== tenantId) return UNKNOWN;
    if (state.status !== 'kept' && expectedVersion !== 0) return UNKNOWN;
    if (state.status === 'kept' && expectedVersion === 0)
      return { code: 'PRECONDITION_REQUIRED', detail: 'The golden set exists: name its version.' };
    if (state.status === 'kept' && expectedVersion !== null && expectedVersion !== before) return OTHER_VERSION;
    const triggers = set.triggers.filter((each) => (evaluationTriggers as readonly string[]).includes(each));
    return goldenSetDefined({ ...set, triggers, tenantId, version, labels, decisionId });
  }
  if (state.status !== 'kept' || state.tenantId !== tenantId) return UNKNOWN;
  const { goldenSetId, principal } = command.data;
  // A baseline is of the set as it was: it does not depend on the version.
  const expected = command.type === 'SetBaseline' ? null : command.data.expectedVersion;
  if (expected !== null && expected !== before) return OTHER_VERSION;
  switch (command.type) {
    case 'AddGoldenCase': {
      const { content, cases, caseId, sessionId, turnId, redactions } = command.data;
      if (cases > GOLDEN_CASES_MAX)
        return { code: 'GOLDEN_SET_FULL', detail: `A golden set has at most ${GOLDEN_CASES_MAX} cases.` };
      const added = { content, cases, caseId, sessionId, turnId, redactions };
      return goldenCaseAdded({ goldenSetId, version, ...added, principal, decisionId });
    }
    case 'RemoveGoldenSet':
      return goldenSetRemoved({ goldenSetId, version, principal, decisionId });
    case 'SetBaseline': {
      const { runId, result, setDigest } = command.data;
      return baselineSet({ goldenSetId, runId, result, setDigest, principal, setAt, decisionId });
    }
    default:
      return assertNever(command);
  }
}

/** Returns the golden set for readers that hold all of them; null where there is none. */
function currentOf(input: Input, state: GoldenState, { timeMs: changedAt, place }: At): RecordOf<'GoldenSet'> | null {
  if (state.status === 'absent') return null;
  const { lastRun, ...set } = state;
  return goldenSet({
    ...{ ...set, goldenSetId: keyOf(input) ?? '', changedAt, place },
    ...{ lastVerdict: lastRun?.verdict ?? null, modelsDigest: lastRun?.modelsDigest ?? null },
  });
}

function commandOf({ command }: PolicyDecided): Command | null {
  switch (command.type) {
    case 'PutGoldenSet':
    case 'AddGoldenCase':
    case 'RemoveGoldenSet':
    case 'SetBaseline':
      return command;
    default:
      return null;
  }
}

const keyOf = ({ type, data }: Input): string | null =>
  type === 'KeepEvaluation' ? data.goldenSetId : (commandOf(data)?.data.goldenSetId ?? null);

/** Keeps golden sets: their versions, their baselines and the verdicts of their runs. */
export const evaluations: Processor = processor({
  name: 'evaluations',
  inputs: [topics.policyDecisions, topics.evaluationsResults],
  outputs: [topics.evaluationsEvents, topics.evaluationsCurrent],
  state: topics.evaluationsState,
  initial: { status: 'absent' } as GoldenState,
  finished: ({ status }) => status === 'absent',
  key: keyOf,
  decide,
  evolve,
});
