import type { AgentRunStarted, AgentStepCompleted } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, first, foldTable, instant, key, last, max, projection, type RowChange, row } from '../kernel.ts';
import type { RowView } from '../rows.ts';
import { wireData } from '../wire.ts';

/** One row per run. A refused command to a run that exists changes none. */
export const agentRunsTable = foldTable('agent_runs', {
  tenant_id: key('text'),
  run_id: key('text'),
  place: first('text'),
  agent: first('text'),
  /** running, completed, failed, cancelled or refused. */
  status: last('text'),
  principal: first('text'),
  session_id: first('text'),
  model: first('text'),
  instructions: first('text'),
  prompt: first('text'),
  /** The program that takes the place of the model. */
  program: first('text'),
  /** The run and the call at which it begins, as `<run>/<step>`. */
  forked_from: first('text'),
  /** The install of a capsule that it is of, as `<tenant>/<name>`, and the capsule. */
  install: first('text'),
  capsule_id: first('text'),
  /** Names and digests. */
  tools: first('jsonb'),
  limits: first('jsonb'),
  output_schema: first('text'),
  parent_id: first('text'),
  depth: first('integer'),
  deadline: first('timestamptz'),
  /** The end of the run with the names of the wire. */
  result: last('jsonb'),
  steps: last('integer'),
  decision_id: first('text'),
  created_at: first('timestamptz'),
  ended_at: last('timestamptz'),
  updated_at: max('timestamptz'),
});

/** One row per step. */
export const agentStepsTable = foldTable('agent_steps', {
  tenant_id: key('text'),
  /** `<run>/<step>`. */
  step_id: key('text'),
  run_id: first('text'),
  step: first('integer'),
  /** asked or answered. */
  status: last('text'),
  decision_id: last('text'),
  labels: last('jsonb'),
  /** The AgentStepCompleted with the names of the wire. */
  answer: last('jsonb'),
  rejected: last('text'),
  created_at: first('timestamptz'),
  ended_at: last('timestamptz'),
});

/** One row per call. */
export const agentCallsTable = foldTable('agent_calls', {
  tenant_id: key('text'),
  call_id: key('text'),
  run_id: first('text'),
  step: first('integer'),
  nth: first('integer'),
  /** asked, or how it ended: succeeded, failed, unknown, refused, invalid. */
  status: last('text'),
  model_name: first('text'),
  tool: first('text'),
  arguments: first('text'),
  /** The AgentCallEnded with the names of the wire. */
  result: last('jsonb'),
  created_at: first('timestamptz'),
  ended_at: last('timestamptz'),
});

/** A run, a step and a call as they are read. */
export type AgentRunRow = RowView<typeof agentRunsTable.columns>;
export type AgentStepRow = RowView<typeof agentStepsTable.columns>;
export type AgentCallRow = RowView<typeof agentCallsTable.columns>;

type RunValues = Partial<Omit<AgentRunRow, 'tenant_id' | 'run_id' | 'updated_at'>>;
type StepValues = Partial<Omit<AgentStepRow, 'tenant_id' | 'step_id' | 'run_id' | 'step'>>;

const specOf = (data: AgentRunStarted): RunValues => {
  const { agent, principal, credential, model, instructions, prompt, program, fork, tools, limits, parent, depth } =
    data;
  const { steps, tokens, cost, wallMs: wall_ms, identicalCalls: identical_calls } = limits;
  return {
    ...{ agent, principal, session_id: credential?.sessionId ?? null, model, instructions, prompt, depth },
    ...{ install: data.capsule?.installId ?? null, capsule_id: data.capsule?.capsuleId ?? null },
    ...{ program, forked_from: fork === null ? null : `${fork.runId}/${fork.step}` },
    ...{ tools: tools.map(({ name, digest }) => ({ name, digest })), output_schema: data.outputSchema },
    ...{ limits: { steps, tokens, cost, wall_ms, identical_calls }, parent_id: parent?.runId ?? null },
    ...{ deadline: instant(data.deadline), decision_id: data.decisionId },
  };
};

const callsOf = (tenant_id: string, { runId: run_id, step, calls }: AgentStepCompleted, at: string): RowChange[] =>
  calls.map(({ callId: call_id, modelName: model_name, tool, arguments: given }, nth) =>
    row(agentCallsTable, {
      ...{ tenant_id, call_id, run_id, step, nth, status: 'asked', model_name, tool, arguments: given },
      created_at: at,
    }),
  );

/** The runs of agents of a tenant, their steps and the calls of them. */
export const agents = projection({
  name: 'agents',
  version: 1,
  inputs: [topics.agentsEvents],
  tables: [agentRunsTable, agentStepsTable, agentCallsTable],
  apply(record, { tenantId: tenant_id, place, timeMs }) {
    const at = instant(timeMs);
    const { runId: run_id } = record.data;
    const run = (values: RunValues): RowChange => row(agentRunsTable, { tenant_id, run_id, updated_at: at, ...values });
    const ended = (status: string): RowChange => run({ status, result: wireData(record), ended_at: at });
    const stepOf = (step: number, values: StepValues): RowChange =>
      row(agentStepsTable, { tenant_id, step_id: `${run_id}/${step}`, run_id, step, ...values });
    switch (record.type) {
      case 'AgentRunStarted':
        return [run({ ...specOf(record.data), place, status: 'running', steps: 0, created_at: at })];
      case 'AgentRunRefused': {
        const { decision, principal } = record.data;
        if (decision === null) return [];
        const result = { status: 'refused', result: wireData(record), created_at: at, ended_at: at };
        return [run({ ...result, place, principal, decision_id: decision.decisionId })];
      }
      case 'AgentStepStarted': {
        const { step, decisionId: decision_id, labels } = record.data;
        return [run({ steps: step }), stepOf(step, { status: 'asked', decision_id, labels, created_at: at })];
      }
      case 'AgentStepCompleted':
        return [
          stepOf(record.data.step, { status: 'answered', answer: wireData(record), ended_at: at }),
          ...callsOf(tenant_id, record.data, at),
        ];
      case 'AgentCallEnded': {
        const { callId: call_id, outcome: status } = record.data;
        return [row(agentCallsTable, { tenant_id, call_id, run_id, status, result: wireData(record), ended_at: at })];
      }
      case 'AgentAnswerRejected':
        return [stepOf(record.data.step, { rejected: record.data.detail })];
      case 'AgentFormatDropped':
        return [run({})];
      case 'AgentRunCompleted':
        return [ended('completed')];
      case 'AgentRunFailed':
        return [ended('failed')];
      case 'AgentRunCancelled':
        return [ended('cancelled')];
      default:
        return assertNever(record);
    }
  },
});
