import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Longest run of a handler, in ms: a day. A longer one is taken over by a new run, with the results of its steps. */
const RUN_MS_MAX = 24 * 60 * 60 * 1000;

/**
 * Runs the handlers of jobs. The runs of one job are in order; a long run delays no other job. Each queue is a consumer
 * group of its own that reads the whole topic and skips what is not in its queue.
 */
export const jobRunner = worker({
  name: 'job-runner',
  inputs: [topics.jobsWork],
  outputs: [
    topics.jobsReports,
    topics.jobsTypes,
    topics.filesPieces,
    topics.filesOutputs,
    topics.evaluationsResults,
    topics.capsulesChecks,
  ],
  key: (record) => {
    switch (record.type) {
      case 'RunJob':
        return record.data.jobId;
      case 'LoadJobEntries':
        return record.data.pageKey;
      case 'StopJobRun':
        return record.data.controlKey;
    }
  },
  /** At most 150: the metadata of a commit counts the begun runs of that many records for certain. */
  concurrencyMax: 64,
  /** One tenant may use three quarters of the capacity: the rest is left for other tenants. */
  tenantConcurrencyMax: 48,
  /** A run waits for the pages of its journal, and ends on request. */
  exempt: ['LoadJobEntries', 'StopJobRun'],
  /** The second run of a record only reports that the first is lost: `jobs` sends another, with the whole journal. */
  attemptsMax: 3,
  deadlineMs: RUN_MS_MAX,
});
