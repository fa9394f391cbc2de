import { type AgentEvent, followAgentRun } from '../../client/agent-events.ts';
import { createApi } from '../../client/api.ts';
import { problemError } from '../../client/api-error.ts';
import { answered, gatewayOf } from '../api/ask.ts';
import { print } from '../show/print.ts';
import { styleOf } from '../show/style.ts';

/** Seconds of one request for a result. */
const WAIT_S = 20;

/** Fields that every event has, or that are not for one line. */
const HIDDEN = ['event_id', 'at', 'run_id', 'labels', 'decision_id', 'tools', 'limits', 'request_id', 'output_schema'];

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function eventText({ event, data }: AgentEvent): string {
  const { dim, strong } = styleOf(process.stdout);
  const fields = Object.entries(data).filter(
    ([name, value]) => !HIDDEN.includes(name) && value !== null && value !== '',
  );
  const shown = fields.map(([name, value]) => `${dim(`${name}=`)}${valueText(value)}`).join(' ');
  return `${dim(String(data['at']))} ${strong(event)} ${shown}`;
}

/** Prints the events of a run as they arrive, to its end. */
export async function tailRun(runId: string, { json }: { readonly json?: true }): Promise<void> {
  const { url, token } = gatewayOf();
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const events = followAgentRun(createApi({ url, token }), { runId, signal: stopped.signal });
  try {
    for (;;) {
      const next = await answered(events.next());
      if (next.done === true) return;
      process.stdout.write(`${json === true ? JSON.stringify(next.value) : eventText(next.value)}\n`);
    }
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  }
}

interface ResultOptions {
  readonly wait?: number;
  readonly json?: true;
}

/** Prints the result of a run; waits up to `wait` seconds for it. Exits with 2 while the run has not ended. */
export async function resultOfRun(run_id: string, { wait = 0, json }: ResultOptions): Promise<void> {
  const api = createApi(gatewayOf());
  const until = Date.now() + wait * 1_000;
  for (;;) {
    const seconds = Math.max(0, Math.min(WAIT_S, Math.ceil((until - Date.now()) / 1_000)));
    const header = seconds === 0 ? {} : { prefer: `wait=${seconds}` };
    const { data, error, response } = await answered(
      api.GET('/v1/agents/runs/{run_id}/result', { params: { path: { run_id }, header } }),
    );
    if (data === undefined) throw problemError(error, response);
    if (response.status === 202 && Date.now() < until) continue;
    if (response.status === 202) process.exitCode = 2;
    print(json, data, () => ['output' in data ? data.output : data.status]);
    return;
  }
}
