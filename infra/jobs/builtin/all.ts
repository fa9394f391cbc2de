import type { JobFiles } from '../files/port.ts';
import type { JobQueue } from '../worker/module.ts';
import { inferenceBatch } from './inference-batch.ts';

/** Returns the jobs that come with the platform, and their queue. */
export const builtInJobs = (files: JobFiles): JobQueue => ({ queue: 'built-in', jobs: [inferenceBatch(files)] });
