import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApiKey } from '../../../infra/security/api-key-file.ts';
import { total, unitsOf } from '../../../schemas/contexts/billing/money.ts';
import { ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf } from '../support/turn-fixture.ts';

const TENANT = 'prepaid';
/** Enough for some requests: their bound is some hundreds of tokens each. */
const PAID = '0.000400000';

interface Credit {
  readonly prepaid: boolean;
  readonly topped_up: string;
  readonly drawn: string;
  readonly held: string;
  readonly left: string;
}

interface Lacks extends ProblemJson {
  readonly window: string;
  readonly needed: { readonly cost: string };
  readonly left: { readonly cost: string };
}

/** A tenant that pays in advance: its requests draw on what was topped up, and the ledger never shows less than nothing. */
export function describeCredit(platform: () => TestPlatform): void {
  describe('prepaid credit', () => {
    let api: ApiClient;
    const topUp = (amount: string, key: string) =>
      clientOf(platform()).call<Record<string, string>>('POST', '/v1/credit/top-ups', {
        body: { payer: TENANT, amount, currency: 'USD', reason: 'A payment' },
        headers: { 'idempotency-key': key },
      });
    const ask = () =>
      api.call<Lacks>('POST', '/v1/slm/infer_sync', { body: { prompt: 'What is a khipu?', max_tokens: 40 } });
    const credit = async () => (await api.call<Credit>('GET', '/v1/credit')).body;

    beforeAll(async () => {
      const capabilities = ['slm:invoke:*', 'billing:read'];
      const { key } = createApiKey({
        keysDir: join(platform().dir, 'keys'),
        tenantId: TENANT,
        name: TENANT,
        capabilities,
      });
      api = new ApiClient({ url: platform().url, apiKey: key });
      await until(
        () => api.call<Credit>('GET', '/v1/credit'),
        ({ status }) => status === 200,
      );
    });

    test('is none before the first top-up: use is paid later', async () => {
      expect(await credit()).toMatchObject({ prepaid: false, topped_up: '0.000000000', left: '0.000000000' });
    });

    test('is added once under one Idempotency-Key', async () => {
      const [first, again] = [await topUp(PAID, 'payment-1'), await topUp(PAID, 'payment-1')];
      expect([first.status, first.body['total']]).toEqual([201, PAID]);
      expect(again.body).toEqual(first.body);
      const shown = await until(credit, ({ prepaid }) => prepaid, 30_000);
      expect(shown).toMatchObject({ topped_up: PAID, drawn: '0.000000000', left: PAID });
    });

    test('pays for requests until it covers none: they get 402 before work begins', { timeout: 90_000 }, async () => {
      const refused = await until(ask, ({ status }) => status === 402, 60_000);
      expect(refused.body).toMatchObject({ code: 'CREDIT_SPENT', window: 'credit' });
      expect(unitsOf(refused.body.needed.cost)).toBeGreaterThan(unitsOf(refused.body.left.cost));
      const spent = await until(credit, ({ held, drawn }) => unitsOf(held) === 0n && unitsOf(drawn) > 0n, 30_000);
      expect(total([spent.drawn, spent.left])).toBe(PAID);
      expect(unitsOf(spent.left)).toBeGreaterThanOrEqual(0n);
      // A draw may be posted before its charge: the sum of both is what counts.
      await until(
        () =>
          api.call<{ balances: readonly { balance: string }[] }>('GET', `/v1/ledger/accounts/tenant:${TENANT}:payable`),
        ({ body }) => body.balances.every(({ balance }) => unitsOf(balance) === 0n),
        30_000,
      );
      const [{ due, prepaid } = { due: '', prepaid: '' }] = (
        await api.call<{ totals: readonly { due: string; prepaid: string }[] }>(
          'GET',
          `/v1/invoices/${new Date().toISOString().slice(0, 7)}`,
        )
      ).body.totals;
      expect([due, prepaid]).toEqual(['0.00', spent.drawn]);
    });

    test('lets requests run again after a top-up, and is shown on the command line', { timeout: 60_000 }, async () => {
      expect((await topUp('1', 'payment-2')).status).toBe(201);
      expect((await until(ask, ({ status }) => status !== 402, 30_000)).status).toBe(200);
      const env = { ...platform().env, KHIPU_URL: platform().url, KHIPU_API_KEY: platform().apiKey };
      const shown = await khipu(['credit', 'show', '--payer', TENANT, '--json'], env);
      expect(JSON.parse(shown.stdout)).toMatchObject({ prepaid: true, currency: 'USD' });
    });
  });
}
