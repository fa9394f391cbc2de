import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptSecret } from '../../../infra/local/process/state-file.ts';
import { until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, type FinishedTurn, runTurn } from '../support/turn-fixture.ts';

/** Tenant of the tests of budgets: hundreds of requests, through kills of the deciding and the answering process. */
const RACED = 'thrift';
const OWN = 'demo';

interface Balance {
  readonly account: string;
  readonly balances: readonly { readonly currency: string; readonly balance: string; readonly pending: string }[];
}

interface Transaction {
  readonly transaction_id: string;
  readonly kind: string;
  readonly recorded_at: string;
  readonly position: string;
  readonly legs: readonly { readonly account: string; readonly amount: string }[];
}

/** The ledger and the figures of real use, held against SQL over the raw events. Runs after the tests of budgets. */
export function describeMoney(platform: () => TestPlatform): void {
  describe('money', () => {
    let sql: postgres.Sql;
    let turn: FinishedTurn;
    const api = () => clientOf(platform());
    const account = `tenant:${OWN}:payable`;

    /** Sums what was metered and what is posted, of all tenants but those whose charges were corrected. */
    const oracle = () => sql<
      { tenant: string; metered: string; posted: string; revenue: string; uses: number; charges: number }[]
    >`
      WITH metered AS (
        SELECT tenant_id, count(DISTINCT data->>'request_id')::int AS uses, sum((data->>'cost')::numeric) AS cost
        FROM khipu.events WHERE topic = 'slm.metrics' AND (data->>'cost')::numeric <> 0
          AND metadata->>'ce_simulation' IS NULL GROUP BY tenant_id
      ), ledger AS (
        SELECT tenant_id, sum(amount) FILTER (WHERE account = 'tenant:' || tenant_id || ':payable') AS owed,
          sum(amount) FILTER (WHERE account = 'platform:revenue') AS revenue,
          count(DISTINCT transaction_id)::int AS charges
        FROM khipu.ledger_legs WHERE state = 'posted' GROUP BY tenant_id
      )
      SELECT m.tenant_id AS tenant, m.cost::text AS metered, coalesce(l.owed, 0)::numeric(28, 9)::text AS posted,
        coalesce(l.revenue, 0)::numeric(28, 9)::text AS revenue, m.uses, coalesce(l.charges, 0) AS charges
      FROM metered m LEFT JOIN ledger l USING (tenant_id) ORDER BY 1`;

    beforeAll(async () => {
      const admin = { username: 'khipu_admin', password: keptSecret(platform().dir, 'postgres-admin-password') };
      const url = Object.assign(new URL(platform().env['DATABASE_URL'] ?? ''), admin).href;
      sql = postgres(url, { max: 1, onnotice: () => undefined });
      turn = await runTurn(api(), 'What does a cord say?');
    }, 60_000);
    afterAll(() => sql.end());

    const transactionsOf = (chargeId: string) =>
      until(
        async () => {
          const query = `charge_id=${encodeURIComponent(chargeId)}`;
          const { body } = await api().call<{ items: Transaction[] }>('GET', `/v1/ledger/transactions?${query}`);
          return body.items;
        },
        (items) => items.some(({ kind }) => kind === 'charge'),
        30_000,
      );

    test('a turn is charged with what was metered', async () => {
      const [charge] = (await transactionsOf(turn.turnId)).filter(({ kind }) => kind === 'charge');
      const [metered] = await sql<{ cost: string }[]>`
        SELECT data->>'cost' AS cost FROM khipu.events WHERE topic = 'slm.metrics' AND data->>'request_id' = ${turn.turnId}`;
      expect(charge?.legs).toEqual([
        { account: 'platform:revenue', currency: 'USD', amount: `-${metered?.cost}` },
        { account, currency: 'USD', amount: metered?.cost },
      ]);
    });

    test('the ledger equals what was metered, to the last digit, through kills', { timeout: 90_000 }, async () => {
      const found = await until(
        oracle,
        (rows) => rows.some(({ tenant }) => tenant === RACED) && rows.every(({ uses, charges }) => charges >= uses),
        60_000,
      );
      const [raced] = found.filter(({ tenant }) => tenant === RACED);
      expect(raced?.uses).toBeGreaterThan(0);
      expect(raced).toMatchObject({ posted: raced?.metered, revenue: `-${raced?.metered}`, charges: raced?.uses });
    });

    test('every transaction adds up to zero, posted and pending, and nothing is held without a reservation', async () => {
      const broken = await sql`
        SELECT transaction_id, currency, state, sum(amount) FROM khipu.ledger_legs
        GROUP BY tenant_id, transaction_id, currency, state HAVING sum(amount) <> 0`;
      expect(broken).toEqual([]);
      const held = await sql`
        SELECT r.tenant_id, r.transaction_id FROM khipu.ledger_transactions r
        WHERE r.kind = 'reserve' AND (SELECT count(*) FROM khipu.ledger_transactions s
          WHERE s.settles = r.transaction_id AND s.tenant_id = r.tenant_id) > 1`;
      expect(held).toEqual([]);
    });

    test('a balance as of a place is the fold of the legs up to it', async () => {
      const charges = (await transactionsOf(turn.turnId)).filter(({ kind }) => kind === 'charge');
      const at = charges[0]?.position ?? '';
      const read = async () => (await api().call<{ items: Balance[] }>('GET', `/v1/ledger/accounts?as_of=${at}`)).body;
      const shown = await read();
      const folded = await sql<{ account: string; posted: string; pending: string }[]>`
        SELECT account, coalesce(sum(amount) FILTER (WHERE state = 'posted'), 0)::numeric(28, 9)::text AS posted,
          coalesce(sum(amount) FILTER (WHERE state = 'pending'), 0)::numeric(28, 9)::text AS pending
        FROM khipu.ledger_legs WHERE tenant_id = ${OWN} AND recorded_at <= ${charges[0]?.recorded_at ?? ''}
        GROUP BY account ORDER BY account`;
      expect(shown.items.map(({ account: name, balances: [only] }) => [name, only?.balance, only?.pending])).toEqual(
        folded.map(({ account: name, posted, pending }) => [name, posted, pending]),
      );
      await runTurn(api(), 'And a knot?');
      expect((await read()).items).toEqual(shown.items);
    });

    test('a correction posts the difference, and a reversal the rest', async () => {
      const other = await runTurn(api(), 'What is a quipu?');
      await transactionsOf(other.turnId);
      const correct = async (change: object) => {
        const body = { charge_id: other.turnId, reason: 'The provider was wrong', ...change };
        const headers = { 'idempotency-key': randomUUID() };
        const answer = await api().call<{ kind: string; legs: { amount: string }[] }>(
          'POST',
          '/v1/ledger/corrections',
          { body, headers },
        );
        expect(answer.status).toBe(200);
        return answer.body;
      };
      expect(await correct({ cost: '0.000000001' })).toMatchObject({ kind: 'adjustment' });
      const reversal = await correct({ reverse: true });
      expect(reversal).toMatchObject({
        kind: 'reversal',
        legs: [{ amount: '0.000000001' }, { amount: '-0.000000001' }],
      });
      const [{ owed } = { owed: '' }] = await until(
        () => sql<{ owed: string; rows: number }[]>`
          SELECT coalesce(sum(amount), 0)::numeric(28, 9)::text AS owed, count(*)::int AS rows FROM khipu.ledger_legs l
          JOIN khipu.ledger_transactions t USING (tenant_id, transaction_id)
          WHERE t.charge_id = ${other.turnId} AND l.account = ${account} AND l.state = 'posted'`,
        ([row]) => row?.rows === 3,
        30_000,
      );
      expect(owed).toBe('0.000000000');
      const unknown = { charge_id: randomUUID(), reason: 'None', reverse: true };
      expect((await api().call('POST', '/v1/ledger/corrections', { body: unknown })).body).toMatchObject({
        code: 'CHARGE_UNKNOWN',
      });
    });

    test('an invoice is the same sum in JSON, CSV, PDF and FOCUS, and on the command line', async () => {
      const period = new Date().toISOString().slice(0, 7);
      interface Invoice {
        readonly lines: readonly { readonly amount: string }[];
        readonly totals: readonly { readonly exact: string }[];
      }
      const { body } = await api().call<Invoice>('GET', `/v1/invoices/${period}`);
      const [{ exact } = { exact: '' }] = body.totals;
      const [{ owed } = { owed: '' }] = await sql<{ owed: string }[]>`
        SELECT sum(amount)::text AS owed FROM khipu.ledger_lines WHERE tenant_id = ${OWN}`;
      expect(exact).toBe(owed);
      const text = async (path: string) => {
        const answer = await fetch(`${platform().url}${path}`, {
          headers: { authorization: `Bearer ${platform().apiKey}` },
        });
        expect(answer.status).toBe(200);
        return Buffer.from(await answer.arrayBuffer());
      };
      const focus = (await text(`/v1/costs/focus.csv?period=${period}`)).toString().trimEnd().split('\r\n').slice(1);
      const sum = (amounts: readonly string[]) =>
        sql<{ sum: string }[]>`SELECT sum(amount::numeric)::text AS sum FROM unnest(${amounts}::text[]) AS amount`.then(
          ([row]) => row?.sum,
        );
      expect(await sum(focus.map((row) => row.split(',')[0] ?? ''))).toBe(exact);
      const csv = (await text(`/v1/invoices/${period}/csv`)).toString().trimEnd().split('\r\n').slice(1);
      expect(csv).toHaveLength(body.lines.length);
      expect((await text(`/v1/invoices/${period}/pdf`)).subarray(0, 5).toString()).toBe('%PDF-');
      const env = { KHIPU_URL: platform().url, KHIPU_API_KEY: platform().apiKey };
      const shown = await khipu(['invoices', 'show', period, '--json'], { ...platform().env, ...env });
      expect(JSON.parse(shown.stdout)).toMatchObject({ totals: [{ exact }] });
    });

    test('prices are numbered versions that hold later', async () => {
      const prices = [{ meter: 'prompt_tokens', resource: '*', unit_price: '0.250' }];
      const set = (more: object) => api().call('PUT', '/v1/prices', { body: { currency: 'USD', prices, ...more } });
      expect(await set({ effective_from: '2098-01-01T00:00:00Z' })).toMatchObject({
        status: 200,
        body: { currency: 'USD' },
      });
      expect(await set({ effective_from: '2020-01-01T00:00:00Z' })).toMatchObject({
        status: 400,
        body: { code: 'PRICES_INVALID' },
      });
      const { body } = await api().call<{ in_force: number; items: { version: number }[] }>('GET', '/v1/prices');
      expect(body.in_force).toBe(0);
      expect(body.items.map(({ version }) => version)).toEqual(body.items.map((_, nth) => body.items.length - nth));
    });

    test('what-if rates the metered tokens under other prices', async () => {
      const prices = [{ meter: 'prompt_tokens', resource: '*', unit_price: '1000' }];
      const body = { currency: 'USD', prices };
      const answer = await api().call<{ totals: { metered: string; priced: string }[] }>(
        'POST',
        '/v1/billing/what-if',
        { body },
      );
      const [expected] = await sql<{ metered: string; priced: string }[]>`
        SELECT sum(cost)::text AS metered, (sum(tokens_prompt) / 1000.0)::numeric(28, 9)::text AS priced
        FROM khipu.usage_daily WHERE tenant_id = ${OWN}`;
      expect(answer.body.totals).toMatchObject([{ priced: expected?.priced }]);
    });

    test('figures of models and policies equal SQL over the raw events', { timeout: 90_000 }, async () => {
      interface Figures {
        readonly items: readonly Readonly<Record<string, unknown>>[];
      }
      const figures = async (kind: string) => {
        const from = new Date(Date.now() - 24 * 3_600_000).toISOString();
        const items = (await api().call<Figures>('GET', `/v1/analytics/${kind}?from=${from}`)).body.items;
        return items.map(({ subject, runs, successes, refusals, tokens, cost }) => ({
          subject,
          runs,
          successes,
          refusals,
          tokens,
          cost,
        }));
      };
      const models = () => sql`
        SELECT data->>'model_id' AS subject, count(*)::int AS runs,
          count(*) FILTER (WHERE data->>'outcome' = 'completed')::int AS successes, 0 AS refusals,
          sum((data->'tokens_consumed'->>'prompt')::int + (data->'tokens_consumed'->>'completion')::int)::int AS tokens,
          sum((data->>'cost')::numeric)::text AS cost
        FROM khipu.events WHERE tenant_id = ${OWN} AND topic = 'slm.metrics' AND metadata->>'ce_simulation' IS NULL
        GROUP BY 1 ORDER BY 1`;
      const policies = () => sql`
        SELECT clause AS subject, count(*)::int AS runs,
          count(*) FILTER (WHERE data->'decision'->>'outcome' = 'allow')::int AS successes,
          count(*) FILTER (WHERE data->'decision'->>'outcome' = 'deny')::int AS refusals, 0 AS tokens, '0.000000000' AS cost
        FROM khipu.events, jsonb_array_elements_text(data->'decision'->'clauses') AS clause
        WHERE tenant_id = ${OWN} AND topic = 'policy.decisions' AND metadata->>'ce_simulation' IS NULL
        GROUP BY 1 ORDER BY 1`;
      for (const [kind, raw] of [
        ['models', models],
        ['policies', policies],
      ] as const) {
        const pair = await until(
          async () => ({ shown: await figures(kind), raw: [...(await raw())] }),
          ({ shown, raw: expected }) => JSON.stringify(shown) === JSON.stringify(expected),
          30_000,
        ).catch(async () => ({ shown: await figures(kind), raw: [...(await raw())] }));
        expect(pair.shown.length).toBeGreaterThan(0);
        expect(pair.shown).toEqual(pair.raw);
      }
    });
  });
}
