import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApiKey } from '../../../infra/keys/api-key-file.ts';
import { tokensMax } from '../../../streams/policy/budget.ts';
import { anInference } from '../../../streams/testing.ts';
import { ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { killed } from '../../support/killed.ts';
import { type OutsideRecord, readFromOutside } from '../../support/outside/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf } from '../support/taken-turn.ts';

const TENANT = 'thrift';
const REQUESTS = 300;
const AT_ONCE = 50;
const PROMPT = 'What is a khipu?';
const MAX_TOKENS = 40;
const ASKED = tokensMax(anInference({ prompt: PROMPT, maxTokens: MAX_TOKENS }));
/** Some of them at once; what they use in all is far more. */
const LIMIT = 12 * ASKED;

const TOPICS = ['policy.decisions', 'policy.memory', 'slm.metrics'];

async function setBudget(platform: TestPlatform): Promise<void> {
  const settings = { budgets: [{ window: 'day', tokens_max: LIMIT }] };
  const body = { tenant_id: TENANT, name: 'Thrift', settings };
  expect((await clientOf(platform).call('POST', '/v1/tenants', { body })).status).toBe(201);
}

const typeOf = ({ headers }: OutsideRecord): string => headers['ce_type'] ?? '';
const numberOf = (record: OutsideRecord, field: string): number => Number(record.value[field]);
const outcomeOf = ({ value }: OutsideRecord): unknown => (value['decision'] as Record<string, unknown>)['outcome'];
const count = (records: readonly OutsideRecord[], of: (record: OutsideRecord) => boolean): number =>
  records.filter(of).length;

/** Hundreds of requests at once against one budget, while what decides and what answers is killed. */
export function describeBudgets(platform: () => TestPlatform): void {
  describe('a budget', () => {
    let api: ApiClient;
    let log: readonly OutsideRecord[] = [];
    const inTopic = (topic: string): OutsideRecord[] => log.filter((record) => record.topic === topic);
    const ask = async (): Promise<number> => {
      const body = { prompt: PROMPT, max_tokens: MAX_TOKENS };
      const headers = { prefer: 'respond-async', 'idempotency-key': randomUUID() };
      return (await api.call('POST', '/v1/slm/infer_sync', { body, headers })).status;
    };

    beforeAll(async () => {
      const keysDir = join(platform().dir, 'keys');
      const { key } = createApiKey({ keysDir, tenantId: TENANT, name: TENANT, capabilities: ['slm:invoke:*'] });
      api = new ApiClient({ url: platform().url, apiKey: key });
      await until(
        () => api.call('GET', '/v1/sessions'),
        ({ status }) => status === 200,
      );
      await setBudget(platform());
      const statuses: number[] = [];
      const left = Array.from({ length: REQUESTS }, (_, nth) => nth);
      const work = async (): Promise<void> => {
        for (let nth = left.shift(); nth !== undefined; nth = left.shift()) statuses.push(await ask());
      };
      const asking = Promise.all(Array.from({ length: AT_ONCE }, work));
      for (const name of ['stream-core', 'stream-slm', 'stream-core']) await killed(platform(), name);
      await asking;
      expect(statuses.filter((status) => status !== 202)).toEqual([]);
      const whole = (records: readonly OutsideRecord[]): boolean => {
        const decided = count(records, ({ topic }) => topic === 'policy.decisions');
        const held = count(records, (record) => typeOf(record).endsWith('BudgetReserved'));
        const ended = count(records, (record) => typeOf(record).endsWith('BudgetSettled'));
        return decided === REQUESTS && held > 0 && held === ended;
      };
      log = await until(
        async () =>
          (await readFromOutside(platform().parts.env, ...TOPICS)).filter(
            ({ headers }) => headers['ce_tenantid'] === TENANT,
          ),
        whole,
        120_000,
      );
    }, 240_000);

    test('is never overdrawn, not for one record, through kill -9 of what decides', () => {
      let held = 0;
      let spent = 0;
      let most = 0;
      for (const record of inTopic('policy.memory')) {
        if (typeOf(record).endsWith('BudgetReserved')) held += numberOf(record, 'tokens');
        else {
          held -= numberOf(record, 'tokens_reserved');
          spent += numberOf(record, 'tokens');
        }
        most = Math.max(most, held + spent);
      }
      expect(held).toBe(0);
      expect(most).toBeLessThanOrEqual(LIMIT);
      // It was a race: the limit was reached, so that the last of it was fought for.
      expect(most).toBeGreaterThan(LIMIT - ASKED);
    });

    test('is reserved for each request that was allowed, and for no other', () => {
      const allowed = inTopic('policy.decisions').filter((record) => outcomeOf(record) === 'allow');
      const reserved = inTopic('policy.memory').filter((record) => typeOf(record).endsWith('BudgetReserved'));
      expect(reserved.map(({ value }) => value['decision_id']).sort()).toEqual(
        allowed.map(({ value }) => (value['decision'] as Record<string, unknown>)['decision_id']).sort(),
      );
      const denied = inTopic('policy.decisions').filter((record) => outcomeOf(record) === 'deny');
      expect(denied.length).toBeGreaterThan(0);
      for (const { value } of denied) expect(value['decision']).toMatchObject({ reasons: ['BUDGET_EXCEEDED'] });
    });

    test('is spent by what was metered, each request once', () => {
      const metered = inTopic('slm.metrics').map(({ value }) => {
        const { prompt, completion } = value['tokens_consumed'] as Record<string, number>;
        return [value['request_id'], Number(prompt) + Number(completion)];
      });
      const spent = inTopic('policy.memory')
        .filter((record) => typeOf(record).endsWith('BudgetSettled'))
        .map(({ value }) => [value['request_id'], Number(value['tokens'])]);
      expect(spent.sort()).toEqual(metered.sort());
    });

    test('shows what is left of it, as the log has it', async () => {
      const spent = inTopic('policy.memory').reduce(
        (sum, { value }) => sum + (Number(value['outcome'] && value['tokens']) || 0),
        0,
      );
      const shown = await until(
        () => api.call<Record<string, unknown>>('GET', '/v1/budgets'),
        ({ status, body }) => status === 200 && body['requests_open'] === 0,
        60_000,
      );
      expect(shown.body).toMatchObject({
        held: { tokens: 0 },
        windows: [
          { window: 'day', tokens_max: LIMIT, spent: { tokens: spent }, left: { tokens: LIMIT - spent, cost: null } },
        ],
      });
    });

    test('that is used up is a problem of its own, and one with more room lets the same request in', async () => {
      const long = { prompt: 'x'.repeat(3_000), max_tokens: MAX_TOKENS };
      const asked = await until(
        () => api.call<ProblemJson>('POST', '/v1/slm/infer_sync', { body: long }),
        ({ status }) => status !== 503,
        60_000,
      );
      expect(asked).toMatchObject({ status: 429, body: { code: 'BUDGET_EXCEEDED' } });
      expect(Number(asked.headers.get('retry-after'))).toBeGreaterThan(0);
    });
  });
}
