import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localRoles } from '../../../infra/bin/roles/local.ts';
import { projectRoot } from '../../../infra/local/home.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { startTestPlatform } from '../../support/platform.ts';
import type { KafkaClient } from '../turn/log-times.ts';
import { type JobSystem, nowMs, type Ran } from './system.ts';

/** Most jobs of one request. */
export const BULK_MAX = 10_000;
const REGISTERED_MS = 120_000;

/** Khipu, with what only it is asked. */
export interface KhipuJobs extends JobSystem {
  readonly api: ApiClient;
  readonly url: string;
  /** A folder that is removed with the platform. */
  readonly dir: string;
  three(lane?: 'interactive' | 'standard' | 'batch'): Promise<Ran>;
  /** Starts jobs of one type, in as few requests as possible. Resolves with their ids. */
  startMany(type: string, inputs: readonly object[]): Promise<readonly string[]>;
}

interface Answer {
  readonly job_id: string;
  readonly job_ids: readonly string[];
  readonly result: { readonly first_step_ms: number };
}

/** Starts a platform with the jobs of tests/fixtures/jobs/bench-jobs.ts in a worker of their own. */
export async function startKhipuJobs(
  client: KafkaClient,
  settings: Readonly<Record<string, string>>,
): Promise<KhipuJobs> {
  const module = join(projectRoot, 'tests/fixtures/jobs/bench-jobs.ts');
  const worker = { name: 'worker-bench-jobs', args: ['run', 'worker', module], heapMb: 512 };
  // The workers of the platform have nothing to do here.
  const roles = localRoles(process.env).filter(({ name }) => !name.startsWith('worker-'));
  const platform = await startTestPlatform({
    roles: [...roles, { ...worker, isPublic: false, stopStage: 2 }],
    env: { KHIPU_KAFKA_CLIENT: client, KHIPU_RATE_LIMIT_PER_MINUTE: '1000000000', ...settings },
  });
  const api = new ApiClient(platform);
  const call = async (
    method: string,
    path: string,
    options: Parameters<ApiClient['call']>[2] = {},
  ): Promise<Answer> => {
    const { status, body } = await api.call<Answer>(method, path, options);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  };
  const file = join(platform.dir, 'ended');
  writeFileSync(file, '');
  const startMany = async (type: string, inputs: readonly object[]): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let from = 0; from < inputs.length; from += BULK_MAX) {
      const items = inputs.slice(from, from + BULK_MAX).map((input) => ({ input }));
      ids.push(...(await call('POST', '/v1/jobs/start/bulk', { body: { type, items } })).job_ids);
    }
    return ids;
  };
  try {
    await until(
      () => api.call<{ readonly items: readonly { readonly type: string }[] }>('GET', '/v1/job-types'),
      ({ status, body }) => status === 200 && body.items.some(({ type }) => type === 'bench.three'),
      REGISTERED_MS,
    );
  } catch (error) {
    await platform.stop();
    throw error;
  }
  return {
    ...{ api, startMany, url: platform.url, dir: platform.dir },
    keepsSteps: true,
    processes: new Map(
      platform.processes().flatMap(({ name, mark }) => (mark === undefined ? [] : [[name, mark.pid] as const])),
    ),
    three: async (lane = 'standard') => {
      const started = await api.call<Answer>('POST', '/v1/jobs/start', {
        body: { type: 'bench.three', lane, input: {} },
      });
      if (started.status !== 201 && started.status !== 202) throw new Error(`a start was answered ${started.status}`);
      // In a flood the read models are behind: a result that is not read live waits for the position of the start.
      const position = started.headers.get('khipu-position') ?? '';
      const { body } = await until(
        () =>
          api.call<Answer>('GET', `/v1/jobs/${started.body.job_id}/result`, {
            headers: { prefer: 'wait=30', 'khipu-position': position },
          }),
        ({ status }) => status === 200,
        REGISTERED_MS,
      );
      return { firstStepMs: body.result.first_step_ms, endMs: nowMs() };
    },
    insert: async (count) => {
      await startMany(
        'bench.nothing',
        Array.from({ length: count }, () => ({ file })),
      );
    },
    ended: async () => statSync(file).size,
    stop: () => platform.stop(),
  };
}
