/** A call of a tool under governance, beside the same request to the service alone. */
import { openSandbox } from '../../../infra/sandbox/open.ts';
import type { Tier } from '../../../infra/sandbox/port.ts';
import { ApiClient } from '../../support/api-client.ts';
import { signedTool, startOutsideService, weatherManifest } from '../../support/outside-service.ts';
import { startTestPlatform } from '../../support/platform.ts';
import { median, spreadOf } from '../statistics.ts';
import type { KafkaClient } from '../turn/log-times.ts';

/** Named samples of one run, ms. */
export type Samples = Readonly<Record<string, number>>;

const CITY = 'Cusco';

interface Ended {
  readonly call_id: string;
  readonly status: string;
  readonly latency_ms: number;
  readonly ended_at: string;
}
interface Shown {
  readonly created_at: string;
}

/** One governed call: its time, and its parts on one clock. */
interface Call {
  readonly ms: number;
  /** Request → command; command → the worker begins; the request outside; the worker's end → answer. */
  readonly parts: readonly [toCommandMs: number, toWorkerMs: number, outsideMs: number, toAnswerMs: number];
}

async function governed(api: ApiClient): Promise<Call> {
  const body = { arguments: { city: CITY } };
  const [began, beganAt] = [performance.now(), Date.now()];
  const answer = await api.call<Ended>('POST', '/v1/tools/weather/execute', { body, headers: { prefer: 'wait=30' } });
  const ms = performance.now() - began;
  const { call_id, status, latency_ms: outsideMs, ended_at } = answer.body;
  if (status !== 'succeeded') throw new Error(`a call ended as ${answer.status}: ${JSON.stringify(answer.body)}`);
  const shown = await api.call<Shown>('GET', `/v1/tool-calls/${call_id}`, {
    headers: { 'khipu-position': answer.headers.get('khipu-position') ?? '' },
  });
  const [createdMs, endedMs] = [Date.parse(shown.body.created_at), Date.parse(ended_at)];
  const toWorkerMs = endedMs - outsideMs - createdMs;
  return { ms, parts: [createdMs - beganAt, toWorkerMs, outsideMs, beganAt + ms - endedMs] };
}

async function bare(url: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}?city=${CITY}`);
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  await response.json();
  return performance.now() - began;
}

/** Calls the service through a platform with one Kafka client, and alone, in turn. */
export async function measureCalls(client: KafkaClient, count: number, warmUp: number): Promise<Samples> {
  const outside = await startOutsideService();
  try {
    const platform = await startTestPlatform({
      env: {
        ...{ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1', KHIPU_KAFKA_CLIENT: client },
        KHIPU_RATE_LIMIT_PER_MINUTE: '1000000',
      },
    });
    try {
      const api = new ApiClient(platform);
      const manifest = weatherManifest(outside);
      const tool = signedTool(manifest, `${platform.dir}/keys`);
      const { status } = await api.call('PUT', `/v1/tools/${manifest.name}`, { body: tool });
      if (status !== 201) throw new Error(`the tool was answered ${status}`);
      const calls: Call[] = [];
      const alone: number[] = [];
      for (let n = -warmUp; n < count; n += 1) {
        const [call, ms] = [await governed(api), await bare(`http://${outside.host}/weather`)];
        if (n < 0) continue;
        calls.push(call);
        alone.push(ms);
      }
      const [whole, without] = [spreadOf(calls.map(({ ms }) => ms)), spreadOf(alone)];
      const part = (index: number): number => median(calls.map(({ parts }) => parts[index] ?? Number.NaN));
      return {
        ...{ 'call p50': whole.p50, 'call p99': whole.p99, 'bare p50': without.p50, 'bare p99': without.p99 },
        ...{ 'added p50': whole.p50 - without.p50, 'added p99': whole.p99 - without.p99 },
        ...{ 'to command': part(0), 'to worker': part(1), outside: part(2), 'to answer': part(3) },
      };
    } finally {
      await platform.stop();
    }
  } finally {
    await outside.close();
  }
}

/** Opens sandboxes one after another, each for a program that ends at once. Resolves with no samples where the tier is not there. */
export async function measureSandbox(tier: Tier, count: number, warmUp: number): Promise<Samples> {
  const program =
    tier === 'wasm' ? ({ language: 'javascript', code: '1' } as const) : ({ argv: ['/bin/true'] } as const);
  const found: number[] = [];
  for (let n = -warmUp; n < count; n += 1) {
    const began = performance.now();
    const { error } = await openSandbox({ tier, program });
    if (error !== null) throw new Error(`a program of ${tier} ended with ${error.code}: ${error.detail}`);
    if (n >= 0) found.push(performance.now() - began);
  }
  const { p50, p99 } = spreadOf(found);
  return { [`${tier} p50`]: p50, [`${tier} p99`]: p99 };
}
