import { createApi, followTurn, settledAnswer, untilSettled } from '../../infra/client/index.ts';
import { podman } from './engine.ts';

const LIMIT_MS = 300_000;

/** Asks one question. Resolves with the records that the stream showed, and the length of the answer. */
export async function governedTurn(url: string, token: string): Promise<{ events: string[]; answered: number }> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const api = createApi({ url, token });
  const body = { persona: 'guide', prompt: 'What is a khipu?' };
  const started = await untilSettled((headers) => api.POST('/v1/sessions/start', { body, headers, signal }), signal);
  const { session_id: sessionId, turn_id: turnId, token: own } = settledAnswer(started);
  const events: string[] = [];
  let answered = 0;
  for await (const { event, data } of followTurn(createApi({ url, token: own }), { sessionId, turnId, signal })) {
    if (!events.includes(event)) events.push(event);
    if (event === 'turn.delta') answered += String(data['text']).length;
  }
  if (answered === 0 || events.at(-1) !== 'turn.completed')
    throw new Error(`the turn ended with ${events.at(-1)} and ${answered} characters`);
  return { events, answered };
}

/** Exports the audit in a durable job. Resolves with the number of records. */
export async function job(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const call = async (path: string, options: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(url + path, { ...options, headers: { ...headers, ...options.headers } });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer;
  };
  const body = JSON.stringify({ type: 'audit.export', input: { detail: 'full', format: 'ndjson' } });
  const started = await call('/v1/jobs/start', { method: 'POST', body });
  const { result_url: result } = (await started.json()) as { result_url: string };
  const endMs = Date.now() + LIMIT_MS;
  let ended = await call(result, { headers: { prefer: 'wait=30' } });
  while (ended.status === 202 && Date.now() < endMs) ended = await call(result, { headers: { prefer: 'wait=30' } });
  const { result: exported } = (await ended.json()) as { result: { records: number } };
  if (!(exported.records > 0)) throw new Error('the job exported no records');
  return exported.records;
}

/** Installs a shipped tool with the command of the image, and calls it. Returns the value and the tier that ran it. */
export function toolCall(container: string, token: string): { value: unknown; tier: string } {
  const khipu = (...args: readonly string[]): string =>
    podman(
      ...['exec', '--env', 'KHIPU_URL=http://gateway:8080', '--env', `KHIPU_API_KEY=${token}`, container],
      ...['node', 'infra/bin/khipu.ts', 'tools', ...args, '--json'],
    );
  khipu('install', 'code.run', '--tier', 'wasm');
  const program = JSON.stringify({ language: 'javascript', code: '6 * 7' });
  const { output, tier, status } = JSON.parse(khipu('call', 'code.run', '--arguments', program)) as {
    output: { value: unknown };
    tier: string;
    status: string;
  };
  if (status !== 'succeeded' || output.value !== 42)
    throw new Error(`the call ${status}, with ${JSON.stringify(output)}`);
  return { value: output.value, tier };
}
