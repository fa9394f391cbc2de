import type { JobQueue } from '../worker/module.ts';
import { inferenceBatch } from './inference-batch.ts';

/** The jobs that come with the platform, and their queue. */
export const builtInJobs: JobQueue = { queue: 'built-in', jobs: [inferenceBatch] };
