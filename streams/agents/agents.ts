import { capsuleResources, type SchemaProblems } from '../../schemas/contexts/agents.ts';
import { switchesOver } from '../../schemas/contexts/kill-switch.ts';
import { agentRunRefused, type CancelAgentRun, timeOutAgentRun } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, type Processor, processor, type RecordOf, type Timer } from '../kernel.ts';
import { killSwitches as switches } from '../tables/kill-switches.ts';
import { callEnded } from './calls/end.ts';
import { cancelled, failed, NAME, ORIGIN } from './ends.ts';
import { evolve } from './evolve.ts';
import type { At } from './inputs.ts';
import { runOfRequest } from './keys.ts';
import { programAllowed, segmentEnded } from './programs/segments.ts';
import { started } from './starts.ts';
import { absent, isRunning, type Output, type Run, type RunState } from './state.ts';
import { answered, asked, unanswered } from './steps.ts';

type Input = RecordOf<
  | 'PolicyDecided'
  | 'CancelAgentRun'
  | 'SlmCompleted'
  | 'SlmFailed'
  | 'SlmEmbedded'
  | 'ToolCallHeld'
  | 'ToolCallWaiting'
  | 'ToolCallRevisionRefused'
  | 'ToolCallRequested'
  | 'ToolCallStarted'
  | 'ToolCallCompleted'
  | 'ToolCallRefused'
  | 'EndChildAgentRun'
  | 'ProgramSegmentEnded'
  | 'CancelChildAgentRun'
  | 'TimeOutAgentRun'
>;

/** Decides on one input. Repeats, and what comes after the end of a run, emit nothing. */
function decide(state: RunState, input: Input, at: At): readonly Output[] {
  if (input.type === 'PolicyDecided') return decided(state, input, at);
  if (input.type === 'CancelAgentRun') return cancelledByUser(state, input.data, at);
  if (!isRunning(state)) return [];
  switch (input.type) {
    case 'SlmCompleted':
      return stoppedOr(state, runOfRequest(input.data.requestId), at, (runId) =>
        answered(state, runId, input.data, at),
      );
    case 'SlmFailed':
      return unanswered(state, runOfRequest(input.data.requestId), input.data);
    case 'ProgramSegmentEnded':
      return stoppedOr(state, input.data.runId, at, () => segmentEnded(state, input.data, at));
    case 'ToolCallCompleted':
    case 'ToolCallRefused':
      return callEnded(state, input.data.runId ?? '', input);
    case 'EndChildAgentRun':
      return callEnded(state, input.data.runId, input);
    case 'CancelChildAgentRun': {
      const { runId, parentId: by, reason } = input.data;
      return state.spec.parent?.runId === by ? cancelled(state, runId, { by, reason, tells: false }) : [];
    }
    case 'TimeOutAgentRun':
      return input.data.dueAt < state.spec.deadline
        ? []
        : failed(state, input.data.runId, 'AGENT_DEADLINE', 'The run did not end before its deadline.');
    default:
      return [];
  }
}

/** Goes on, unless the capsule of the run is stopped: an answer that was under way then calls nothing more. */
function stoppedOr(run: Run, runId: string, at: At, goOn: (runId: string) => readonly Output[]): readonly Output[] {
  const [stopped] = stoppedBy(run, at);
  return stopped === undefined
    ? goOn(runId)
    : failed(run, runId, 'KILL_SWITCH', `The capsule is stopped: ${stopped.reason}`);
}

/** Returns the switches that stop the capsule of a run; none for a run of no capsule. */
const stoppedBy = ({ spec: { capsule = null } }: Run, { tenantId: tenant, killSwitches }: At) =>
  capsule === null ? [] : switchesOver(killSwitches, { tenant, resources: capsuleResources(capsule) });

function decided(state: RunState, { data }: RecordOf<'PolicyDecided'>, at: At): readonly Output[] {
  const { command } = data;
  switch (command.type) {
    case 'StartAgentRun':
    case 'StartChildAgentRun':
      return started(state, command, data, at);
    case 'AskAgentModel':
      return isRunning(state) ? asked(state, command.data, data) : [];
    case 'RunAgentProgram':
      return isRunning(state) ? programAllowed(state, command.data, data) : [];
    default:
      return [];
  }
}

/** A run of another tenant does not exist. */
function cancelledByUser(state: RunState, { runId, principal, reason }: CancelAgentRun, at: At): readonly Output[] {
  const refuse = (code: string, detail: string) => [
    agentRunRefused({ runId, principal, code, detail, decision: null, shortfall: null }),
  ];
  if (state.status === 'absent' || state.tenantId !== at.tenantId)
    return refuse('RESOURCE_UNKNOWN', 'No run of this id exists.');
  if (!isRunning(state)) return refuse('AGENT_RUN_ENDED', 'The run has ended.');
  return cancelled(state, runId, { by: principal, reason, tells: true });
}

/** Returns the run that a record is about; null for a record of another context. */
function keyOf(record: Input): string | null {
  switch (record.type) {
    case 'SlmCompleted':
    case 'SlmFailed':
      return record.data.origin === ORIGIN ? runOfRequest(record.data.subjectId) : null;
    case 'PolicyDecided': {
      const { command } = record.data;
      const isOurs =
        command.type === 'StartAgentRun' ||
        command.type === 'StartChildAgentRun' ||
        command.type === 'AskAgentModel' ||
        command.type === 'RunAgentProgram';
      return isOurs ? command.data.runId : null;
    }
    case 'ToolCallCompleted':
    case 'ToolCallRefused':
      return record.data.runId;
    case 'SlmEmbedded':
    case 'ToolCallHeld':
    case 'ToolCallWaiting':
    case 'ToolCallRevisionRefused':
    case 'ToolCallRequested':
    case 'ToolCallStarted':
      return null;
    default:
      return record.data.runId;
  }
}

/** The deadline of a run. */
function due(state: RunState, runId: string): readonly Timer<RecordOf<'TimeOutAgentRun'>>[] {
  if (!isRunning(state)) return [];
  const atMs = Math.max(0, state.spec.deadline);
  return Number.isSafeInteger(atMs) ? [{ atMs, record: timeOutAgentRun({ runId, dueAt: atMs }) }] : [];
}

/**
 * Runs agents. The state of a run is the fold of the answers of its model and the ends of its calls, which are records: a
 * resume asks no model, runs no segment of a program and calls no tool again. Each request to the model and each call is a governed command of its own,
 * with the labels of all that the run has seen.
 */
export const agents = (problemsOf: SchemaProblems): Processor =>
  processor({
    name: NAME,
    inputs: [
      topics.policyDecisions,
      topics.agentsControls,
      topics.slmResponses,
      topics.toolsCalls,
      topics.agentsChildren,
      topics.agentsSegments,
      topics.agentsTimers,
    ],
    outputs: [
      topics.agentsEvents,
      topics.agentsRequests,
      topics.toolsCommands,
      topics.slmRequests,
      topics.agentsPrograms,
      topics.agentsChildren,
    ],
    tables: { killSwitches: switches },
    state: topics.agentsState,
    initial: absent,
    finished: ({ status }) => status === 'absent',
    key: keyOf,
    decide: (state, input, { tenantId, timeMs }: Pick<Meta, 'tenantId' | 'timeMs'>, { killSwitches }) =>
      decide(state, input, { tenantId, timeMs, problemsOf, killSwitches }),
    evolve: evolve as (state: RunState, output: unknown) => RunState,
    timers: { topic: topics.agentsTimers, due },
  });
