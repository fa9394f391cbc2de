import { followAgentRun } from '../../client/agent-events.ts';
import { printResult, type ResultOptions, tailEvents } from '../api/follow.ts';

/** Fields that every event has, or that are not for one line. */
const HIDDEN = ['event_id', 'at', 'run_id', 'labels', 'decision_id', 'tools', 'limits', 'request_id', 'output_schema'];

/** Prints the events of a run as they arrive, to its end. */
export const tailRun = (runId: string, { json }: { readonly json?: true }): Promise<void> =>
  tailEvents((api, signal) => followAgentRun(api, { runId, signal }), { json, hidden: HIDDEN });

/** Prints the result of a run; waits up to `wait` seconds for it. Exits with 2 while the run has not ended. */
export const resultOfRun = (run_id: string, options: ResultOptions): Promise<void> =>
  printResult(
    (api, header) => api.GET('/v1/agents/runs/{run_id}/result', { params: { path: { run_id }, header } }),
    (data) => ('output' in data ? data.output : data.status),
    options,
  );
