import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { AgentCallRow, AgentRunRow, AgentStepRow } from '../../../projections/agents/queries.ts';
import { startsChild } from '../../../schemas/contexts/agents.ts';
import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import type { WireModeration } from '../../../schemas/contexts/moderation/wire.ts';
import type { AgentRunStarted } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { type agentRunBody, type agentRunStartedBody, agentRunSummary } from './schemas.ts';

/** Returns the URL of a run. */
export const runUrl = (runId: string): string => `/v1/agents/runs/${runId}`;

interface Use {
  readonly prompt: number;
  readonly completion: number;
}

/** The end of a run with the names of the wire. */
interface WireEnd {
  readonly code?: string;
  readonly detail?: string;
  readonly reason?: string;
  readonly output?: string;
  readonly tokens?: Use;
  readonly cost?: string;
  readonly labels?: string[];
}

const endOf = ({ result }: Pick<AgentRunRow, 'result'>): WireEnd => (result ?? {}) as WireEnd;

/** Returns the body of a run in a list. Throws on a status that this version does not know. */
export function runSummaryOf(row: AgentRunRow): z.infer<typeof agentRunSummary> {
  const { code = null, detail, reason, tokens = null, cost = null } = endOf(row);
  const status = agentRunSummary.shape.status.parse(row.status);
  return {
    ...{ run_id: row.run_id, agent: row.agent, status, principal: row.principal ?? '', parent_id: row.parent_id },
    ...{ steps: row.steps ?? 0, code, detail: detail ?? reason ?? null, tokens, cost },
    ...{ created_at: row.created_at, ended_at: row.ended_at },
  };
}

interface WireAnswer {
  readonly text?: string;
  readonly model_id?: string;
  readonly finish_reason?: string;
  readonly tokens_consumed?: Use;
  readonly cost?: string;
  readonly latency_ms?: number;
  readonly snapshot?: string | null;
  readonly moderation?: WireModeration | null;
}

type RunBody = z.infer<typeof agentRunBody>;
type StepBody = RunBody['steps_taken'][number];
type CallBody = StepBody['calls'][number];

interface WireCallEnd {
  readonly code?: string | null;
  readonly detail?: string;
  readonly result?: string;
  readonly result_bytes?: number;
  readonly labels?: string[];
  readonly cost?: string;
}

function callOf(row: AgentCallRow): CallBody {
  const {
    code = null,
    detail = null,
    result = null,
    result_bytes = null,
    labels = [],
    cost = null,
  } = (row.result ?? {}) as WireCallEnd;
  return {
    ...{ call_id: row.call_id, tool: row.tool, model_name: row.model_name ?? '', arguments: row.arguments ?? '' },
    ...{ status: row.status ?? '', code, detail, result, result_bytes, labels, cost },
    child_run_id: startsChild(row.tool) && row.status !== 'invalid' ? row.call_id : null,
    ...{ created_at: row.created_at, ended_at: row.ended_at },
  };
}

/** Returns the name of a snapshot: that of its content where it is one, else that of its bytes. */
function snapshotOf(snapshot: string | null): StepBody['snapshot'] {
  if (snapshot === null) return null;
  const named = namedIn(snapshot);
  if (named !== null) return { digest: named.digest, bytes: named.bytes };
  const content = Buffer.from(snapshot, 'base64');
  return { digest: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

function stepOf(row: AgentStepRow, calls: readonly AgentCallRow[]): StepBody {
  const answer = (row.answer ?? {}) as WireAnswer;
  return {
    ...{ step: row.step ?? 0, status: row.status ?? 'asked', text: answer.text ?? null },
    ...{ model_id: answer.model_id ?? null, finish_reason: answer.finish_reason ?? null },
    ...{ tokens: answer.tokens_consumed ?? null, cost: answer.cost ?? null, latency_ms: answer.latency_ms ?? null },
    snapshot: snapshotOf(answer.snapshot ?? null),
    moderation: (answer.moderation ?? null) as StepBody['moderation'],
    ...{ labels: (row.labels ?? []) as string[], rejected: row.rejected, decision_id: row.decision_id },
    calls: calls
      .filter(({ step }) => step === row.step)
      .toSorted((one, other) => (one.nth ?? 0) - (other.nth ?? 0))
      .map(callOf),
    ...{ created_at: row.created_at, ended_at: row.ended_at },
  };
}

/** Returns the body of a run with its steps and calls, in any order. */
export function runOf(row: AgentRunRow, steps: readonly AgentStepRow[], calls: readonly AgentCallRow[]): RunBody {
  const { output = null, labels = [] } = endOf(row);
  return {
    ...runSummaryOf(row),
    ...{ program: row.program, forked_from: row.forked_from },
    ...{ instructions: row.instructions, prompt: row.prompt, model: row.model, limits: row.limits, depth: row.depth },
    tools: (row.tools ?? []) as RunBody['tools'],
    output_schema: row.output_schema === null ? null : (JSON.parse(row.output_schema) as unknown),
    ...{ deadline: row.deadline, output, labels, decision_id: row.decision_id },
    steps_taken: steps.toSorted((one, other) => (one.step ?? 0) - (other.step ?? 0)).map((step) => stepOf(step, calls)),
  };
}

/** Returns the body of a run that has begun this moment. */
export const startedOf = ({
  runId,
  agent,
  deadline,
  decisionId,
}: AgentRunStarted): z.infer<typeof agentRunStartedBody> => ({
  ...{ run_id: runId, agent, status: 'running', deadline: isoOf(deadline) },
  ...{ events_url: `${runUrl(runId)}/events`, result_url: `${runUrl(runId)}/result`, decision_id: decisionId },
});
