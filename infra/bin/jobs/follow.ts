import { followJob } from '../../client/job-events.ts';
import { printResult, type ResultOptions, tailEvents } from '../api/follow.ts';

/** Fields that every event has, or that are not for one line. */
const HIDDEN = ['event_id', 'at', 'job_id', 'labels', 'decision_id', 'started_at', 'ended_at'];

interface TailOptions {
  readonly follow?: true;
  readonly json?: true;
}

/** Prints the events of a job as they arrive, to its end. */
export const tailJob = (jobId: string, { follow, json }: TailOptions): Promise<void> =>
  tailEvents((api, signal) => followJob(api, { jobId, follow, signal }), { json, hidden: HIDDEN });

/** Prints the result of a job; waits up to `wait` seconds for it. Exits with 2 while the job has not ended. */
export const resultOfJob = (job_id: string, options: ResultOptions): Promise<void> =>
  printResult(
    (api, header) => api.GET('/v1/jobs/{job_id}/result', { params: { path: { job_id }, header } }),
    (data) => {
      const result = 'result' in data ? data.result : undefined;
      return result === undefined ? data.status : JSON.stringify(result, null, 2);
    },
    options,
  );
