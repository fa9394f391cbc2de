import { z } from 'zod';
import { type JobCondition, jobStatuses, withStatus } from '../../../projections/jobs/queries/rows.ts';
import { SCHEDULE_NAME } from '../../../schemas/contexts/schedules.ts';
import { instant, jobTag, jobType } from './schemas.ts';

const timeOf = (text: string): string => new Date(text).toISOString();

/** Filters of jobs, of a list and of a bulk action. */
export const jobFilters = {
  status: z.enum(jobStatuses).optional().meta({ description: 'Only jobs with this status' }),
  type: jobType.optional().meta({ description: 'Only jobs of this type' }),
  tag: jobTag.optional().meta({ description: 'Only jobs with this tag' }),
  schedule_id: z.string().regex(SCHEDULE_NAME).optional().meta({ description: 'Only jobs of this schedule' }),
  created_from: instant.optional().meta({ description: 'Only jobs started at this time or later, RFC 3339' }),
  created_before: instant.optional().meta({ description: 'Only jobs started before this time, RFC 3339' }),
};

export const parentFilter = z.uuid().optional().meta({ description: 'Only children of this job' });

/** The filters of a request. */
export type JobFilter = z.output<z.ZodObject<typeof jobFilters>>;

/** Returns the conditions of a query. */
export const whereOf = ({
  status,
  type,
  tag,
  schedule_id,
  created_from,
  created_before,
  parent_id,
}: JobFilter & { readonly parent_id?: string | undefined }): readonly JobCondition[] => [
  ...(status === undefined ? [] : withStatus(status)),
  ...(type === undefined ? [] : [{ column: 'type', is: '=', value: type } as const]),
  ...(tag === undefined ? [] : [{ column: 'tags', is: 'has', value: tag } as const]),
  ...(schedule_id === undefined ? [] : [{ column: 'schedule_id', is: '=', value: schedule_id } as const]),
  ...(parent_id === undefined ? [] : [{ column: 'parent_id', is: '=', value: parent_id } as const]),
  ...(created_from === undefined ? [] : [{ column: 'created_at', is: '>=', value: timeOf(created_from) } as const]),
  ...(created_before === undefined ? [] : [{ column: 'created_at', is: '<', value: timeOf(created_before) } as const]),
];
