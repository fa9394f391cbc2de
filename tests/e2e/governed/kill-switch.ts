import { afterEach, describe, expect, test } from 'vitest';
import { drillOnce } from '../../../infra/bin/drill/kill-switch.ts';
import { loadConfig } from '../../../infra/config.ts';
import { connectKafka } from '../../../infra/kafka/connect.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { type ApiClient, until } from '../../support/api-client.ts';
import { startExtraGateway } from '../../support/extra-gateway.ts';
import { readWithForeignClient } from '../../support/foreign-client/consumer.ts';
import { khipu } from '../../support/khipu.ts';
import { killProcess } from '../../support/kill-process.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf } from '../support/turn-fixture.ts';

const hello = { persona: 'guide' };
const set = (api: ApiClient, scope: string, action: 'engage' | 'release', more: object = {}) =>
  api.call<Record<string, unknown>>('POST', '/v1/kill-switch', { body: { scope, action, reason: 'a test', ...more } });

async function worksOnceReleased(api: ApiClient): Promise<void> {
  const released = await until(
    () => set(api, 'tenant:demo', 'release'),
    ({ status }) => status === 200 || status === 409,
    30_000,
  );
  expect(released.body).not.toMatchObject({ engaged: true });
  expect((await api.start(hello)).status).toBe(201);
}

/** Stops new work at every gateway, through a kill -9 of the processors, until release. */
export function describeKillSwitch(platform: () => TestPlatform): void {
  describe('a kill switch', () => {
    /** Returns the switches that are engaged. A capsule that was revoked in an earlier test stays stopped. */
    const engaged = async (): Promise<readonly object[]> => {
      type Switches = { readonly items: readonly { readonly scope: string }[] };
      const { body } = await clientOf(platform()).call<Switches>('GET', '/v1/kill-switch');
      return body.items.filter(({ scope }) => !scope.startsWith('capsule:'));
    };
    // After any failure, the following tests need a running platform.
    afterEach(async () => {
      await set(clientOf(platform()), 'tenant:demo', 'release');
    });

    test('refuses new work, ends running work, and holds through kill -9', { timeout: 120_000 }, async () => {
      const api = clientOf(platform());
      const { body: running } = await api.start({ ...hello, prompt: '[[delay:60000]] one' });
      expect(await set(api, 'tenant:demo', 'engage')).toMatchObject({ status: 200, body: { engaged: true } });
      expect((await api.start(hello)).body).toMatchObject({ code: 'KILL_SWITCH', status: 503, scope: 'tenant:demo' });
      const ended = await api.stream(running, running.turn_url);
      expect(ended.at(-1)).toMatchObject({ event: 'turn.failed', data: { code: 'KILL_SWITCH' } });

      for (const name of ['stream-all', 'gateway']) await killProcess(platform(), name);
      await until(
        () => api.call('GET', '/health/ready', { token: null }).catch(() => ({ status: 0 })),
        ({ status }) => status === 200,
        60_000,
      );
      const further = await startExtraGateway(platform(), 'gateway-of-kill-switch');
      try {
        for (const url of [api.url, further.url]) {
          const answer = await fetch(`${url}/v1/sessions/start`, {
            method: 'POST',
            headers: { authorization: `Bearer ${api.apiKey}`, 'content-type': 'application/json' },
            body: JSON.stringify(hello),
          });
          expect(await answer.json()).toMatchObject({ code: 'KILL_SWITCH', scope: 'tenant:demo' });
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        }
      } finally {
        await further.stop();
      }
      await worksOnceReleased(api);
    });

    test('prevents queued work of a killed worker from running', { timeout: 180_000 }, async () => {
      const api = clientOf(platform());
      const back = killProcess(platform(), 'worker-slm');
      const waiting = await Promise.all([1, 2, 3].map(() => api.start({ ...hello, prompt: '[[delay:5000]] wait' })));
      expect(await set(api, 'tenant:demo', 'engage')).toMatchObject({ status: 200, body: { engaged: true } });
      await Promise.all([back, killProcess(platform(), 'stream-all')]);
      for (const { body } of waiting)
        expect((await api.stream(body, body.turn_url)).at(-1)).toMatchObject({
          ...{ event: 'turn.failed', data: { code: 'KILL_SWITCH' } },
        });
      const sessions = waiting.map(({ body }) => body.session_id);
      const answers = (await readWithForeignClient(platform().parts.env, 'slm.responses')).filter(({ key }) =>
        sessions.includes(key),
      );
      expect(answers.map(({ record }) => record.split('.').at(-1))).toEqual(sessions.map(() => 'SlmFailed'));
      await worksOnceReleased(api);
    });

    test('holds for every command of its drill through kill -9 of the deciding process', {
      timeout: 240_000,
    }, async () => {
      const { url, apiKey, env } = platform();
      const kafka = await connectKafka(loadConfig(env), 'drill', createLogger('drill', 'fatal'));
      try {
        const meanwhile = () => killProcess(platform(), 'stream-all');
        await drillOnce({ kafka, gateways: [url], apiKey, meanwhile });
      } finally {
        await kafka.close();
      }
      expect(await engaged()).toEqual([]);
      expect((await clientOf(platform()).start(hello)).status).toBe(201);
    });

    test('takes effect, and its drill measures the delay', { timeout: 180_000 }, async () => {
      const { url, apiKey, env } = platform();
      const { code, stdout, stderr } = await khipu(['drill', 'kill-switch', '--runs', '2', '--json'], {
        ...env,
        KHIPU_URL: url,
        KHIPU_API_KEY: apiKey,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      // The figures are in the benchmarks; a machine shared with other tests is not representative.
      const spread = { min_ms: expect.any(Number), median_ms: expect.any(Number), max_ms: expect.any(Number) };
      expect(JSON.parse(stdout)).toEqual({ runs: 2, answer: spread, gateways: [{ url, ...spread }], policy: spread });
      expect(await engaged()).toEqual([]);
    });
  });
}
