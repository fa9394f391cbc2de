import type { JobType } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Types of jobs by name. */
export type JobTypes = ReadonlyMap<string, JobType>;

/** The types of jobs that workers have registered, each with its latest version. */
export const jobTypes = table({
  name: 'job-types',
  topic: topics.jobsTypes,
  initial: new Map() as JobTypes,
  evolve: (known, { data }) => new Map(known).set(data.type, data),
});
