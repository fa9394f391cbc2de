import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { JobRow } from '../../../projections/jobs/queries/rows.ts';
import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import { fullNames } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { contentOf } from '../../shared/contents.ts';
import { awaitPosition, positionAsked, positionHeaders, positionQuery } from '../../shared/position.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { awaitEnd } from '../../shared/stream/await-end.ts';
import type { SubjectEvents } from '../../shared/subject-events.ts';
import { type JobServices, jobOrUnknown, jobReadTo } from './find.ts';
import { jobFields, jobResultBody, jobUnfinished } from './schemas.ts';
import { trialsOf } from './simulation.ts';
import { endsJob } from './stream.ts';
import { isOver, jobSummaryOf, parsed, simulatedOf } from './views.ts';

type ResultServices = Pick<GatewayServices, 'jobs' | 'readModel' | 'streamLimits'>;

/** The end of a job, from its row or from its last event. */
interface End {
  readonly status: string;
  /** A payload; null unless the job completed. */
  readonly result: string | null;
  readonly code: string | null;
  readonly detail: string | null;
}

const problems: Readonly<Record<string, ProblemCode>> = {
  failed: 'JOB_FAILED',
  dead: 'JOB_DEAD',
  cancelled: 'JOB_CANCELLED',
};

const statuses: Readonly<Record<string, string>> = {
  [fullNames.JobCompleted]: 'completed',
  [fullNames.JobFailed]: 'failed',
  [fullNames.JobDead]: 'dead',
  [fullNames.JobCancelled]: 'cancelled',
};

function endOf({ type, data }: StoredEvent): End {
  const { output = null, code = null, detail = null, reason = null } = data as Readonly<Record<string, string | null>>;
  return { status: statuses[type] ?? '', result: output, code, detail: detail ?? reason };
}

/** Returns the end that this process has read and the read model may not have yet; null for none. A retry follows an end. */
function endRead(jobs: SubjectEvents, tenantId: string, jobId: string): End | null {
  const last = jobs.recent(tenantId, jobId).findLast((event) => endsJob(event) || event.type === fullNames.JobRetried);
  return last !== undefined && endsJob(last) ? endOf(last) : null;
}

/** The job of an answer, with whether it is simulated and what was decided then. */
interface Answered {
  readonly tenantId: string;
  readonly jobId: string;
  readonly about: Pick<z.infer<typeof jobResultBody>, 'simulated' | 'constitution_digest' | 'differences'>;
}

/** Resolves with whether a job is simulated, and then with the decisions that differ. */
async function aboutOf(services: JobServices, tenantId: string, job: JobRow): Promise<Answered['about']> {
  if (job.simulation === null) return simulatedOf(job);
  return { ...simulatedOf(job), differences: (await trialsOf(services, tenantId, job)).differences };
}

/** Sends the end of a job; a large result as a stream. */
async function answer(
  services: Pick<GatewayServices, 'readModel'>,
  reply: FastifyReply,
  { tenantId, jobId, about }: Answered,
  { status, result, code, detail }: End,
): Promise<FastifyReply> {
  if (status !== 'completed')
    throw new Problem(problems[status] ?? 'JOB_FAILED', detail ?? `The job ended as ${status}`, {
      extensions: { job_id: jobId, job_code: code, ...(about.simulated && about) },
    });
  const content = namedIn(result);
  if (content === null) return reply.code(200).send({ job_id: jobId, status, ...about, result: parsed(result) });
  const bytes = await contentOf(services, tenantId, content);
  reply.code(200).type('application/json; charset=utf-8').header('cache-control', 'private, no-store');
  return reply.send(Readable.from(bodyWith({ job_id: jobId, status, ...about }, bytes), { objectMode: false }));
}

/** Yields the body of a result, with its JSON as it was kept. */
async function* bodyWith(fields: object, json: AsyncIterable<Buffer>) {
  yield Buffer.from(`${JSON.stringify(fields).slice(0, -1)},"result":`);
  yield* json;
  yield Buffer.from('}');
}

function register(app: App, { jobs, readModel, streamLimits }: ResultServices): void {
  app.route({
    method: 'GET',
    url: '/v1/jobs/:job_id/result',
    config: {
      auth: 'any',
      problems: [
        ...(['RESOURCE_UNKNOWN', 'JOB_FAILED', 'JOB_DEAD', 'JOB_CANCELLED', 'STREAMS_EXHAUSTED'] as const),
        ...(['READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'] as const),
      ],
      answerHeaders: {
        200: { 'preference-applied': { description: 'The preference of `Prefer` that was applied' } },
        202: { 'preference-applied': { description: 'The preference of `Prefer` that was applied' } },
      },
    },
    schema: {
      operationId: 'getJobResult',
      summary: 'Get the result of a job',
      description:
        'With `Prefer: wait=<seconds>`, at most 60, the answer waits for the end of the job. A failed, dead or cancelled job is a problem; `job_code` is the code that the job ended with.',
      tags: ['jobs'],
      params: z.object(jobFields),
      querystring: z.strictObject(positionQuery),
      headers: positionHeaders.extend({
        prefer: z.string().max(200).optional().meta({ description: '`wait=<seconds>` waits for the end (RFC 7240)' }),
      }),
      response: { 200: jobResultBody, 202: jobUnfinished },
    },
    handler: async (request, reply) => {
      const { tenantId } = callerOf(request);
      const jobId = request.params.job_id;
      const position = positionAsked(request);
      const here = position && jobReadTo({ jobs }, tenantId, jobId, position);
      if (here === undefined) await awaitPosition(request, readModel, ['jobs']);
      const read: { row?: JobRow } = {};
      const known = async (): Promise<End | null> => {
        const row = here ?? (await jobOrUnknown({ jobs, readModel }, tenantId, jobId));
        read.row = row;
        const { status, code, detail } = jobSummaryOf(row);
        return isOver(status) ? { status, result: row.result, code, detail } : endRead(jobs, tenantId, jobId);
      };
      const endIn = (event: StoredEvent): End | null => (endsJob(event) ? endOf(event) : null);
      const end = await awaitEnd(jobs, { tenantId, subjectId: jobId, endIn, known }, { request, reply, streamLimits });
      const { row } = read;
      if (row === undefined) throw new Error(`the end of ${jobId} was waited for without a look`);
      if (end === null)
        return reply.code(202).send({ job_id: jobId, status: jobSummaryOf(row).status, ...simulatedOf(row) });
      const about = await aboutOf({ jobs, readModel }, tenantId, row);
      return answer({ readModel }, reply, { tenantId, jobId, about }, end);
    },
  });
}

/** Route `GET /v1/jobs/{job_id}/result`. */
export const getJobResult: Route<ResultServices> = { outcomes: [], follows: [topics.jobsEvents], register };
