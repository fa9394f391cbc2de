import { z } from 'zod';
import { topics } from '../../../schemas/topics.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../../shared/position.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { awaitEnd } from '../../shared/stream/await-end.ts';
import { endingOf, runOrUnknown } from './find.ts';
import { agentRunFields, agentRunResultBody, agentRunUnfinished } from './schemas.ts';

type ResultServices = Pick<GatewayServices, 'agentRuns' | 'readModel' | 'streamLimits'>;

interface End {
  readonly status: string;
  readonly data: {
    readonly output?: string;
    readonly code?: string;
    readonly detail?: string;
    readonly reason?: string;
  };
}

/** Returns the result of a run that completed. Throws Problem AGENT_RUN_FAILED or AGENT_RUN_CANCELLED for any other. */
function resultOf(run_id: string, { status, data }: End): z.infer<typeof agentRunResultBody> {
  if (status === 'completed') return { run_id, status, output: data.output ?? '' };
  const code = status === 'cancelled' ? 'AGENT_RUN_CANCELLED' : 'AGENT_RUN_FAILED';
  throw new Problem(code, data.detail ?? data.reason ?? `The run ended as ${status}`, {
    extensions: { run_id, run_code: data.code ?? null },
  });
}

const endIn = (event: StoredEvent): End | null => {
  const status = endingOf(event);
  return status === null ? null : { status, data: event.data as End['data'] };
};

function register(app: App, services: ResultServices): void {
  const { agentRuns, readModel, streamLimits } = services;
  app.route({
    method: 'GET',
    url: '/v1/agents/runs/:run_id/result',
    config: {
      auth: 'any',
      problems: [
        ...(['RESOURCE_UNKNOWN', 'AGENT_RUN_FAILED', 'AGENT_RUN_CANCELLED', 'STREAMS_EXHAUSTED'] as const),
        ...(['READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'] as const),
      ],
      answerHeaders: {
        200: { 'preference-applied': { description: 'The preference of `Prefer` that was applied' } },
        202: { 'preference-applied': { description: 'The preference of `Prefer` that was applied' } },
      },
    },
    schema: {
      operationId: 'getAgentRunResult',
      summary: 'Get the result of a run',
      description:
        'With `Prefer: wait=<seconds>`, at most 60, the answer waits for the end of the run. A run that failed or was cancelled is a problem; `run_code` is the code that it ended with.',
      tags: ['agents'],
      params: z.object(agentRunFields),
      querystring: z.strictObject(positionQuery),
      headers: positionHeaders.extend({
        prefer: z.string().max(200).optional().meta({ description: '`wait=<seconds>` waits for the end (RFC 7240)' }),
      }),
      response: { 200: agentRunResultBody, 202: agentRunUnfinished },
    },
    handler: async (request, reply) => {
      const { tenantId } = callerOf(request);
      const runId = request.params.run_id;
      await awaitPosition(request, readModel, ['agents']);
      const known = async (): Promise<End | null> => {
        const { row, end } = await runOrUnknown(services, tenantId, runId);
        if (end !== null) return endIn(end);
        if (row === null || row.ended_at === null) return null;
        return { status: row.status ?? '', data: row.result as End['data'] };
      };
      const end = await awaitEnd(
        agentRuns,
        { tenantId, subjectId: runId, endIn, known },
        { request, reply, streamLimits },
      );
      if (end === null) return reply.code(202).send({ run_id: runId, status: 'running' });
      return reply.code(200).send(resultOf(runId, end));
    },
  });
}

/** Route `GET /v1/agents/runs/{run_id}/result`. */
export const getAgentRunResult: Route<ResultServices> = { outcomes: [], follows: [topics.agentsEvents], register };
