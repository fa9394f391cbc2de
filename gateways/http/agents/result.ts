import { z } from 'zod';
import { topics } from '../../../schemas/topics.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../../shared/position.ts';
import { preferenceOf } from '../../shared/prefer.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { endingOf, runOrUnknown } from './find.ts';
import { agentRunFields, agentRunResultBody, agentRunUnfinished } from './schemas.ts';

/** Longest wait for a result, in seconds. */
const WAIT_S_MAX = 60;

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

const endIn = (event: StoredEvent): End => ({ status: endingOf(event) ?? '', data: event.data as End['data'] });

/** Resolves with the next end of a run that this process reads; null after `waitMs`, or when `signal` is aborted. */
async function nextEnd(
  agentRuns: ResultServices['agentRuns'],
  { tenantId, runId }: { readonly tenantId: string; readonly runId: string },
  signal: AbortSignal,
  isThere: () => Promise<End | null>,
): Promise<End | null> {
  const feed = agentRuns.open(tenantId, runId);
  const close = () => agentRuns.close(tenantId, runId, feed);
  signal.addEventListener('abort', close, { once: true });
  try {
    // The feed is open: an end that this does not find comes through it.
    const found = await isThere();
    if (found !== null || signal.aborted) return found;
    let end: End | null = null;
    const reader = {
      take: (event: StoredEvent) => {
        if (endingOf(event) === null) return 'more' as const;
        end = endIn(event);
        return 'end' as const;
      },
      idle: () => 'more' as const,
    };
    while ((await feed.flow(reader)) === 'gap');
    return end;
  } finally {
    close();
  }
}

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
      const { waitS } = preferenceOf(request.headers.prefer);
      const seconds = waitS === null ? 0 : Math.min(waitS, WAIT_S_MAX);
      if (waitS !== null && waitS <= WAIT_S_MAX) reply.header('preference-applied', `wait=${waitS}`);
      const release = seconds === 0 ? () => undefined : streamLimits.enter(tenantId);
      const wait = new AbortController();
      const timer = setTimeout(() => wait.abort(), seconds * 1_000);
      reply.raw.once('close', () => wait.abort());
      try {
        const end = await nextEnd(agentRuns, { tenantId, runId }, wait.signal, async () => {
          const { row, end: read } = await runOrUnknown(services, tenantId, runId);
          if (read !== null) return endIn(read);
          if (row === null || row.ended_at === null) return null;
          return { status: row.status ?? '', data: row.result as End['data'] };
        });
        if (end !== null) return await reply.code(200).send(resultOf(runId, end));
        return await reply.code(202).send({ run_id: runId, status: 'running' });
      } finally {
        clearTimeout(timer);
        release();
      }
    },
  });
}

/** Route `GET /v1/agents/runs/{run_id}/result`. */
export const getAgentRunResult: Route<ResultServices> = { outcomes: [], follows: [topics.agentsEvents], register };
