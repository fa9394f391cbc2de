import { z } from 'zod';
import { scheduleRows } from '../../../projections/schedules/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import {
  CONTROL_SCHEDULES,
  defineCapability,
  scheduleIdOf,
  scheduleName,
} from '../../../schemas/contexts/schedules.ts';
import {
  backfillSchedule,
  defineSchedule,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
  type ScheduleRefused,
  triggerSchedule,
} from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import type { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { versionedProblem } from '../../shared/problems/versioned.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import {
  backfillScheduleBody,
  pauseScheduleBody,
  pendingSchedule,
  putScheduleBody,
  resumeScheduleBody,
  scheduleBackfilled,
  scheduleChanged,
  scheduleDefinedBody,
  scheduleFields,
  scheduleTriggered,
  triggerScheduleBody,
} from './schemas.ts';
import { specOf } from './spec.ts';
import { definedBody, scheduleUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel'>;
const { command } = declare<Needs>();

interface ScheduleRequest {
  readonly params: { readonly schedule_id: string };
  readonly tenantId: string;
  readonly services: Needs;
}

const idOf = ({ params, tenantId }: ScheduleRequest): string => scheduleIdOf(tenantId, params.schedule_id);

const askedBy = (request: ScheduleRequest & { readonly caller: Caller }, labels: readonly string[] = []) => {
  return { scheduleId: idOf(request), ...askerOf(request.caller), labels };
};

/** Returns a refusal as a problem, with the decision where there is one. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: codes,
  problem: ({ scheduleId, code, detail, decision, shortfall, version }: ScheduleRefused): Problem =>
    code === 'PRECONDITION_FAILED' || code === 'PRECONDITION_REQUIRED'
      ? versionedProblem({ code, detail, version })
      : commandProblem({ code, detail, decision, shortfall }, { schedule_id: scheduleName(scheduleId) }),
});

/** What all commands to a schedule have in common. */
const toSchedule = {
  tag: 'schedules',
  params: scheduleFields,
  // A schedule stays in its place when the number of partitions grows.
  place: async (request: ScheduleRequest) =>
    (await request.services.readModel.row(request.tenantId, scheduleRows, request.params.schedule_id))?.place ?? null,
  subject: idOf,
  location: ({ params }: ScheduleRequest) => scheduleUrl(params.schedule_id),
  pending: { ...pendingSchedule, of: ({ params }: ScheduleRequest) => ({ schedule_id: params.schedule_id }) },
} as const;

/** A command to a schedule that exists. */
const toOwn = { ...toSchedule, takes: CONTROL_SCHEDULES } as const;

const changed = <const Status extends z.output<typeof scheduleChanged>['status']>(status: Status) => ({
  status: 200 as const,
  schema: scheduleChanged,
  answer: ({ scheduleId }: { readonly scheduleId: string }) => ({ schedule_id: scheduleName(scheduleId), status }),
});

/** Route that creates or replaces a schedule. */
export const putScheduleRoute = command({
  ...toSchedule,
  operationId: 'putSchedule',
  summary: 'Create or replace a schedule',
  description:
    'Requires `schedules:define:<type>`. Each run starts its job with the capabilities that the caller has now, by the constitution in force then: it requires `jobs:start:<type>`, and a refused run does not stop the schedule. What runs and what waits goes on when a schedule is replaced. An omitted field gets its default. Without `If-Match` it creates the schedule: 201, or 428 when there is one. With `If-Match` it replaces that version: 200, or 412 when the schedule has another one.',
  method: 'PUT',
  ifMatch: 'optional',
  url: '/v1/schedules/:schedule_id',
  takes: ({ caller, body }) => {
    const needed = defineCapability(body.job.type);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  body: putScheduleBody,
  appends: ['DefineSchedule'],
  command: (request) => {
    const { body, services, isConditional } = request;
    const spec = specOf(body, services.tables);
    const expectedVersion = isConditional ? request.expectedVersion : 0;
    return defineSchedule({ ...askedBy(request, body.labels), spec, paused: body.paused, expectedVersion });
  },
  problems: ['JOB_INPUT_INVALID', 'JOB_INPUT_TOO_LARGE', 'JOB_TYPE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    ScheduleRefused: refused(
      ...policyRefusals,
      ...(['PRECONDITION_REQUIRED', 'RESOURCE_UNKNOWN', 'SCHEDULE_INVALID', 'JOB_INPUT_TOO_LARGE'] as const),
    ),
    ScheduleDefined: {
      status: 200,
      schema: scheduleDefinedBody,
      version: ({ version }) => version,
      created: ({ outcome: { record } }) => record.type === 'ScheduleDefined' && record.data.version === 1,
      answer: (event, { outcome }) => definedBody(event, outcome.timeMs),
    },
  },
});

/** Route that removes a schedule. */
export const removeScheduleRoute = command({
  ...toOwn,
  operationId: 'removeSchedule',
  summary: 'Remove a schedule; its running jobs go on',
  description: 'It is not governed: it is possible while a kill switch stops new work.',
  method: 'DELETE',
  url: '/v1/schedules/:schedule_id',
  appends: ['RemoveSchedule'],
  command: (request) => removeSchedule({ scheduleId: idOf(request), principal: request.caller.principal }),
  outcomes: {
    ScheduleRefused: refused('RESOURCE_UNKNOWN'),
    ScheduleRemoved: { status: 204, schema: z.undefined().describe('Removed'), answer: () => undefined },
  },
});

/** Route that pauses a schedule. */
export const pauseScheduleRoute = command({
  ...toOwn,
  operationId: 'pauseSchedule',
  summary: 'Pause a schedule: no run is made until it is resumed',
  description:
    'It is not governed: it is possible while a kill switch stops new work. Running jobs and backfills go on; what is buffered is skipped.',
  method: 'POST',
  url: '/v1/schedules/:schedule_id/pause',
  body: pauseScheduleBody,
  appends: ['PauseSchedule'],
  command: (request) =>
    pauseSchedule({
      ...{ scheduleId: idOf(request), principal: request.caller.principal, reason: request.body.reason },
    }),
  outcomes: { ScheduleRefused: refused('RESOURCE_UNKNOWN'), SchedulePaused: changed('paused') },
});

/** Route that resumes a schedule. */
export const resumeScheduleRoute = command({
  ...toOwn,
  operationId: 'resumeSchedule',
  summary: 'Resume a paused schedule with its next due time',
  description: 'Due times of the pause are not made up for: backfill them.',
  method: 'POST',
  url: '/v1/schedules/:schedule_id/resume',
  body: resumeScheduleBody,
  appends: ['ResumeSchedule'],
  command: (request) => resumeSchedule(askedBy(request, request.body.labels)),
  outcomes: {
    ScheduleRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN', 'SCHEDULE_NOT_PAUSED'),
    ScheduleResumed: changed('resumed'),
  },
});

/** Route that starts the job of a schedule once. */
export const triggerScheduleRoute = command({
  ...toOwn,
  operationId: 'triggerSchedule',
  summary: 'Start the job of a schedule once, now',
  description: 'Beside what runs, also while the schedule is paused. The job may still be refused: follow it.',
  method: 'POST',
  url: '/v1/schedules/:schedule_id/trigger',
  body: triggerScheduleBody,
  appends: ['TriggerSchedule'],
  command: (request) => triggerSchedule(askedBy(request, request.body.labels)),
  outcomes: {
    ScheduleRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN'),
    ScheduleFired: {
      status: 200,
      schema: scheduleTriggered,
      answer: ({ scheduleId, jobId, dueAt }) => ({
        ...{ schedule_id: scheduleName(scheduleId), job_id: jobId, due_at: isoOf(dueAt) },
      }),
    },
  },
});

/** Route that makes the runs of past due times. */
export const backfillScheduleRoute = command({
  ...toOwn,
  operationId: 'backfillSchedule',
  summary: 'Make the runs of past due times',
  description:
    'A due time whose job was started before starts none again: a run that was refused or skipped is made, any other is only recorded. Also while the schedule is paused.',
  method: 'POST',
  url: '/v1/schedules/:schedule_id/backfill',
  body: backfillScheduleBody,
  appends: ['BackfillSchedule'],
  command: (request) => {
    const { from, until, overlap, labels } = request.body;
    const times = { from: Date.parse(from), until: Date.parse(until), overlap };
    return backfillSchedule({ ...askedBy(request, labels), ...times });
  },
  outcomes: {
    ScheduleRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN', 'SCHEDULE_BACKFILL_TOO_LARGE'),
    ScheduleBackfilled: {
      status: 200,
      schema: scheduleBackfilled,
      answer: ({ scheduleId, dueTimes }) => ({
        ...{ schedule_id: scheduleName(scheduleId), due_times: dueTimes.map(isoOf) },
      }),
    },
  },
});
