import type { z } from 'zod';
import { nothing, plus } from '../../../schemas/amount.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import {
  boundedLimits,
  CONTROL_AGENTS,
  PROGRAM,
  startAgentCapability,
  startsChild,
} from '../../../schemas/contexts/agents.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { type AgentRunRefused, cancelAgentRun, startAgentRun } from '../../../schemas/generated/records.ts';
import { askerOf } from '../../shared/auth/caller.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { runOrUnknown } from './find.ts';
import { forkSource } from './fork.ts';
import {
  agentRunCancelledBody,
  agentRunFields,
  agentRunStartedBody,
  cancelAgentRunBody,
  forkAgentRunBody,
  pendingRun,
  startAgentRunBody,
} from './schemas.ts';
import { outputSchemaOf, toolsOf } from './tools.ts';
import { runUrl, startedOf } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel' | 'agentRuns'>;
const { command } = declare<Needs>();

/** Returns a refusal as a problem, with the decision where there is one. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: codes,
  problem: ({ runId: run_id, code, detail, decision, shortfall }: AgentRunRefused): Problem =>
    commandProblem({ code, detail, decision, shortfall }, { run_id }),
});

/** Throws Problem REQUEST_INVALID for a run that has neither a prompt nor a program, or that mixes both ways to call tools. */
function requireWork({ prompt, program, code_mode: codeMode, tools }: z.infer<typeof startAgentRunBody>): void {
  const invalid = (pointer: string, detail: string) =>
    new Problem('REQUEST_INVALID', detail, { errors: [{ in: 'body', pointer, detail }] });
  if (program === null && prompt === '') throw invalid('#/prompt', 'Expected a prompt or a program');
  if (program !== null && (codeMode || tools.some(startsChild)))
    throw invalid('#/tools', 'A program calls tools; the built-in ones are for models');
}

/** Route that starts a run. */
export const startAgentRunRoute = command({
  operationId: 'startAgentRun',
  tag: 'agents',
  summary: 'Start a run of an agent',
  description:
    'Requires `agents:start:<agent>`, `slm:invoke:<model>` unless it has a program, and `tool:execute:<tool>` of each tool. The model is asked for calls of its tools until it has a result, within the limits. Each request to the model and each call is decided on its own; a refused call is a result that the model sees. Answers with the start: the result is at `result_url`.',
  method: 'POST',
  url: '/v1/agents/runs',
  auth: 'any',
  body: startAgentRunBody,
  takes: ({ caller, body }) => {
    const needed = startAgentCapability(body.agent);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  appends: ['StartAgentRun'],
  command: ({ caller, tenantId, body, identity, services }) => {
    const { agent, instructions, prompt, program, model, max_tokens: maxTokens, limits } = body;
    requireWork(body);
    const names = body.code_mode ? [...body.tools, PROGRAM] : body.tools;
    const { steps, tokens, cost, wall_ms: wallMs, identical_calls: identicalCalls } = limits;
    return startAgentRun({
      ...{
        ...askerOf(caller),
        labels: body.labels ?? [],
        runId: identity.subjectId,
        agent,
        instructions,
        prompt,
        program,
        model,
      },
      ...{
        maxTokens,
        fork: null,
        tools: toolsOf(services.tables, tenantId, names, { inPrograms: program !== null || names.includes(PROGRAM) }),
      },
      limits: boundedLimits({
        ...{ steps, tokens, wallMs, identicalCalls },
        cost: cost === null ? null : plus(nothing, { tokens: 0, cost }).cost,
      }),
      outputSchema: outputSchemaOf(body.output_schema),
      capsule: null,
    });
  },
  subject: ({ identity }) => identity.subjectId,
  location: ({ identity }) => runUrl(identity.subjectId),
  pending: { ...pendingRun, of: ({ identity }) => ({ run_id: identity.subjectId }) },
  problems: [
    ...(['CAPABILITY_MISSING', 'TOOL_UNKNOWN', 'LOG_UNAVAILABLE'] as const),
    ...(['AGENT_TOOLS_TOO_LARGE', 'AGENT_SCHEMA_INVALID'] as const),
  ],
  outcomes: {
    AgentRunRefused: refused(...policyRefusals, 'AGENT_TOOLS_TOO_LARGE'),
    AgentRunStarted: { status: 201, schema: agentRunStartedBody, answer: startedOf },
  },
});

/** Route that forks a run of a program. */
export const forkAgentRunRoute = command({
  operationId: 'forkAgentRun',
  tag: 'agents',
  summary: 'Start a run from a call of a program, with another answer',
  description:
    'Requires what a start of the run requires. The new run begins where the program of the other one waited for its call, and gives it this answer; nothing before the call runs again, and every later call is decided on and made. Tools have the manifests of this moment, limits are those of the other run, and labels of all that it had seen stay. The other run is not changed; it may run, or have ended in any way.',
  method: 'POST',
  url: '/v1/agents/runs/:run_id/fork',
  auth: 'any',
  params: agentRunFields,
  body: forkAgentRunBody,
  appends: ['StartAgentRun'],
  command: async ({ caller, tenantId, params, body, identity, services }) => {
    const source = await forkSource(services, tenantId, params.run_id, body);
    const needed = startAgentCapability(source.agent);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
    return startAgentRun({
      ...{ ...askerOf(caller), runId: identity.subjectId, instructions: '', prompt: '', model: null, maxTokens: null },
      // Capsules run no programs, so no run of one is forked.
      ...{ ...source, labels: [...new Set([...source.labels, ...(body.labels ?? [])])], capsule: null },
    });
  },
  subject: ({ identity }) => identity.subjectId,
  location: ({ identity }) => runUrl(identity.subjectId),
  pending: { ...pendingRun, of: ({ identity }) => ({ run_id: identity.subjectId }) },
  problems: [
    ...(['CAPABILITY_MISSING', 'RESOURCE_UNKNOWN', 'TOOL_UNKNOWN', 'AGENT_CALL_UNKNOWN'] as const),
    ...(['READ_MODEL_UNAVAILABLE', 'LOG_UNAVAILABLE'] as const),
  ],
  outcomes: {
    AgentRunRefused: refused(...policyRefusals, 'AGENT_TOOLS_TOO_LARGE'),
    AgentRunStarted: { status: 201, schema: agentRunStartedBody, answer: startedOf },
  },
});

/** Route that cancels a run. */
export const cancelAgentRunRoute = command({
  operationId: 'cancelAgentRun',
  tag: 'agents',
  summary: 'Cancel a run and its children',
  description:
    'It is not governed: it is possible while a kill switch stops new work. The run ends at once; a call of a tool that has begun goes on, and changes nothing in the run.',
  method: 'POST',
  url: '/v1/agents/runs/:run_id/cancel',
  auth: 'any',
  takes: CONTROL_AGENTS,
  params: agentRunFields,
  body: cancelAgentRunBody,
  place: async ({ params, tenantId, services }) => (await runOrUnknown(services, tenantId, params.run_id)).place,
  appends: ['CancelAgentRun'],
  command: ({ caller, params, body: { reason } }) =>
    cancelAgentRun({ runId: params.run_id, principal: caller.principal, reason }),
  subject: ({ params }) => params.run_id,
  location: ({ params }) => runUrl(params.run_id),
  pending: { ...pendingRun, of: ({ params }) => ({ run_id: params.run_id }) },
  problems: ['READ_MODEL_UNAVAILABLE'],
  outcomes: {
    AgentRunRefused: refused('RESOURCE_UNKNOWN', 'AGENT_RUN_ENDED'),
    AgentRunCancelled: {
      status: 200,
      schema: agentRunCancelledBody,
      answer: ({ runId }) => ({ run_id: runId, status: 'cancelled' as const }),
    },
  },
});
