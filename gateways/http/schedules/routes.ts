import { z } from 'zod';
import { cronCalendar } from '../../../infra/schedules/calendar.ts';
import {
  type ScheduleCondition,
  type ScheduleRow,
  type ScheduleRunCondition,
  scheduleRows,
  scheduleRunRows,
  scheduleRunStatuses,
} from '../../../projections/schedules/queries.ts';
import { dueTimes } from '../../../schemas/contexts/schedules/times.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { etagOf } from '../../shared/etag.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { jobType } from '../jobs/schemas.ts';
import {
  backfillScheduleRoute,
  pauseScheduleRoute,
  putScheduleRoute,
  removeScheduleRoute,
  resumeScheduleRoute,
  triggerScheduleRoute,
} from './commands.ts';
import {
  previewScheduleBody,
  scheduleBody,
  scheduleFields,
  schedulePage,
  schedulePreview,
  scheduleRunPage,
} from './schemas.ts';
import { previewSpecOf } from './spec.ts';
import { runOf, scheduleOf, scheduleSummaryOf } from './views.ts';

type Needs = Pick<GatewayServices, 'readModel'>;
const { endpoint } = declare<Needs>();

/** Runs in the body of a schedule; `/runs` has all. */
const RUNS_SHOWN = 10;

/** Resolves with a schedule of the tenant. Rejects with Problem RESOURCE_UNKNOWN when it has none of this name. */
async function scheduleOrUnknown({ readModel }: Needs, tenantId: string, name: string): Promise<ScheduleRow> {
  const row = await readModel.row(tenantId, scheduleRows, name);
  if (row === undefined || row.life !== 'kept') throw new Problem('RESOURCE_UNKNOWN', `There is no schedule ${name}`);
  return row;
}

const runsOf = (name: string, status?: string): readonly ScheduleRunCondition[] => [
  { column: 'schedule_id', is: '=', value: name },
  ...(status === undefined ? [] : [{ column: 'status', is: '=', value: status } as const]),
];

const getSchedule = endpoint({
  operationId: 'getSchedule',
  tag: 'schedules',
  summary: 'Get a schedule with its next due times and its latest runs',
  description: 'The `ETag` is the version of its definition, for `If-Match`.',
  url: '/v1/schedules/:schedule_id',
  params: scheduleFields,
  views: ['schedules'],
  response: scheduleBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { schedule_id: name }, services, reply }) => {
    const row = await scheduleOrUnknown(services, tenantId, name);
    const runs = { limit: RUNS_SHOWN, cursor: null, where: runsOf(name) };
    const schedule = scheduleOf(row, (await services.readModel.rows(tenantId, scheduleRunRows, runs)).items);
    reply.header('etag', etagOf(schedule.version));
    return schedule;
  },
});

const listScheduleRuns = endpoint({
  operationId: 'listScheduleRuns',
  tag: 'schedules',
  summary: 'List the runs of a schedule, the latest due time first',
  description:
    'With what was skipped and what waits in the buffer. A removed schedule that is created again keeps them.',
  url: '/v1/schedules/:schedule_id/runs',
  params: scheduleFields,
  query: {
    status: z.enum(scheduleRunStatuses).optional().meta({ description: 'Only runs with this status' }),
    ...pageQuery,
  },
  views: ['schedules'],
  response: scheduleRunPage,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { schedule_id: name }, query, services }) => {
    await scheduleOrUnknown(services, tenantId, name);
    const where = runsOf(name, query.status);
    const found = await services.readModel.rows(tenantId, scheduleRunRows, { ...pageOf(query), where });
    return { items: found.items.map(runOf), next_cursor: found.nextCursor };
  },
});

const listSchedules = endpoint({
  operationId: 'listSchedules',
  tag: 'schedules',
  summary: 'List the schedules of the tenant, newest first',
  url: '/v1/schedules',
  query: {
    status: z
      .enum(['active', 'paused'])
      .optional()
      .meta({ description: 'Only schedules that are paused, or are not: `active` has the finished ones, too' }),
    type: jobType.optional().meta({ description: 'Only schedules of this type of jobs' }),
    ...pageQuery,
  },
  views: ['schedules'],
  response: schedulePage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const where: readonly ScheduleCondition[] = [
      { column: 'life', is: '=', value: 'kept' },
      ...(query.status === undefined ? [] : [{ column: 'status', is: '=', value: query.status } as const]),
      ...(query.type === undefined ? [] : [{ column: 'type', is: '=', value: query.type } as const]),
    ];
    const found = await readModel.rows(caller.tenantId, scheduleRows, { ...pageOf(query), where });
    return { items: found.items.map(scheduleSummaryOf), next_cursor: found.nextCursor };
  },
});

const previewSchedule = endpoint({
  operationId: 'previewSchedule',
  tag: 'schedules',
  summary: 'Compute the due times of a schedule that is not defined',
  description: 'Nothing is recorded, and no capability is needed.',
  method: 'POST',
  url: '/v1/schedules/preview',
  body: previewScheduleBody,
  response: schedulePreview,
  answer: ({ body: { job: _, count, after, ...times } }) => {
    const afterMs = after === undefined ? Date.now() : Date.parse(after);
    const max = Math.min(count, times.max_runs ?? count);
    const range = { fromMs: afterMs + 1, untilMs: Number.POSITIVE_INFINITY, max };
    return { due_times: dueTimes(previewSpecOf(times), range, cronCalendar).map(isoOf) };
  },
});

/** Routes of schedules: define, control, run and query them. */
export const schedulesRoutes = [
  previewSchedule,
  putScheduleRoute,
  removeScheduleRoute,
  pauseScheduleRoute,
  resumeScheduleRoute,
  triggerScheduleRoute,
  backfillScheduleRoute,
  getSchedule,
  listScheduleRuns,
  listSchedules,
];
