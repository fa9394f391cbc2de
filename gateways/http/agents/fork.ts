import {
  type AgentRunRow,
  type AgentStepRow,
  agentCallRows,
  agentRunRows,
  agentStepRows,
} from '../../../projections/agents/queries.ts';
import {
  AGENT_CALLS_MAX,
  AGENT_STEPS_MAX,
  boundedLimits,
  PROGRAM_RESULT_BYTES_MAX,
  printedWith,
} from '../../../schemas/contexts/agents.ts';
import type { AgentLimits, StartAgentRun } from '../../../schemas/generated/records.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { toolsOf } from './tools.ts';

type Source = Pick<StartAgentRun, 'agent' | 'program' | 'fork' | 'tools' | 'limits' | 'outputSchema' | 'labels'>;

interface WireAnswer {
  readonly text?: string;
  readonly snapshot?: string | null;
}
const answerOf = ({ answer }: AgentStepRow): WireAnswer => (answer ?? {}) as WireAnswer;

const labelsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);
const labelsIn = (result: unknown): readonly string[] => labelsOf((result as { labels?: unknown } | null)?.labels);

/** Returns the limits of a run as its row has them. */
function limitsOf({ limits }: AgentRunRow): AgentLimits {
  const {
    steps,
    tokens,
    cost,
    wall_ms: wallMs,
    identical_calls: identicalCalls,
  } = limits as Omit<AgentLimits, 'wallMs' | 'identicalCalls'> & {
    readonly wall_ms: number;
    readonly identical_calls: number;
  };
  return boundedLimits({ steps, tokens, cost, wallMs, identicalCalls });
}

/**
 * Resolves with what a fork takes of a run: its program at a call, its tools under the manifests of this moment, its limits and
 * the labels of all that it has seen. Rejects with Problem RESOURCE_UNKNOWN, AGENT_CALL_UNKNOWN, REQUEST_INVALID, TOOL_UNKNOWN.
 */
export async function forkSource(
  { readModel, tables }: Pick<GatewayServices, 'readModel' | 'tables'>,
  tenantId: string,
  runId: string,
  { call, answer: given }: { readonly call: number; readonly answer?: unknown },
): Promise<Source> {
  const answer = JSON.stringify(given ?? null);
  if (Buffer.byteLength(answer) > PROGRAM_RESULT_BYTES_MAX) {
    const detail = `Expected an answer of at most ${PROGRAM_RESULT_BYTES_MAX} bytes`;
    throw new Problem('REQUEST_INVALID', detail, { errors: [{ in: 'body', pointer: '#/answer', detail }] });
  }
  const row = await readModel.row(tenantId, agentRunRows, runId);
  if (row === undefined) throw new Problem('RESOURCE_UNKNOWN', `There is no run ${runId}`);
  const all = { cursor: null, where: [{ column: 'run_id', is: '=', value: runId }] } as const;
  const [steps, calls] = await Promise.all([
    readModel.rows(tenantId, agentStepRows, { ...all, limit: AGENT_STEPS_MAX }),
    readModel.rows(tenantId, agentCallRows, { ...all, limit: AGENT_STEPS_MAX * AGENT_CALLS_MAX }),
  ]);
  const taken = steps.items
    .filter(({ step }) => step !== null && step <= call)
    .toSorted((one, other) => (one.step ?? 0) - (other.step ?? 0));
  const at = taken.find(({ step }) => step === call);
  const snapshot = at === undefined ? null : (answerOf(at).snapshot ?? null);
  if (row.program === null || snapshot === null)
    throw new Problem('AGENT_CALL_UNKNOWN', `The run has no call ${call} of a program`);
  const { agent, program, output_schema: outputSchema } = row;
  const names = ((row.tools ?? []) as readonly { readonly name: string }[]).map(({ name }) => name);
  const printed = taken.reduce((before, step) => printedWith(before, answerOf(step).text ?? ''), '');
  const labels = [
    ...labelsIn(row.result),
    ...steps.items.flatMap((step) => labelsOf(step.labels)),
    ...calls.items.flatMap(({ result }) => labelsIn(result)),
  ];
  return {
    ...{
      agent: agent ?? '',
      program,
      outputSchema,
      limits: limitsOf(row),
      tools: toolsOf(tables, tenantId, names, { inPrograms: true }),
    },
    ...{ fork: { runId, step: call, snapshot, answer, printed }, labels: [...new Set(labels)] },
  };
}
