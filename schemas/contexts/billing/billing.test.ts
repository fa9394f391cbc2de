import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeteredUse, Price } from '../../generated/records.ts';
import { balances, legsOfUse, net, postingsOfInstall } from './accounts.ts';
import { csvOf } from './csv.ts';
import { FOCUS_COLUMNS, focusCsv } from './focus.ts';
import { type ChargedLine, invoiceLines, periodOf, totalsOf } from './invoice.ts';
import { inCents, moneyOf, total, unitsOf } from './money.ts';
import { faultOf, rated, takenBack, versionAt } from './prices.ts';
import { whatIf } from './what-if.ts';

const money = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }).map(moneyOf);
const price = fc.bigInt({ min: 0n, max: 10n ** 15n }).map(moneyOf);
const count = fc.integer({ min: 0, max: 10_000_000 });
const aUse = (changes: Partial<MeteredUse> = {}): MeteredUse => ({
  ...{ kind: 'model', resource: 'small', promptTokens: 1_234, completionTokens: 66, calls: 0 },
  ...{ cost: '0.000260000', currency: 'USD', ...changes },
});
const prices: readonly Price[] = [
  { meter: 'prompt_tokens', resource: '*', unitPrice: '0.250', tiers: null },
  { meter: 'prompt_tokens', resource: 'small', unitPrice: '0.100', tiers: null },
  { meter: 'completion_tokens', resource: 'small', unitPrice: '0.400', tiers: null },
  { meter: 'tool_calls', resource: '*', unitPrice: '0.01', tiers: null },
];
const book = { version: 3, currency: 'USD', prices: [...prices] };

describe('legs', () => {
  it('of a use add up to zero', () => {
    fc.assert(
      fc.property(money, (amount) => {
        expect(balances(legsOfUse('acme', 'USD', amount))).toBe(true);
      }),
    );
  });

  it('of an install add up to zero, and the publisher gets its share to a billionth', () => {
    const share = fc.bigInt({ min: 0n, max: 10n ** 9n }).map(moneyOf);
    fc.assert(
      fc.property(price, share, (owed, part) => {
        const legs = postingsOfInstall({ price: owed, currency: 'EUR', publisher: 'lab', tenant: 'acme', share: part });
        expect(balances(legs)).toBe(true);
        const paid = legs.find(({ account }) => account === 'publisher:lab:payable')?.amount ?? '0';
        expect(-unitsOf(paid)).toBe((unitsOf(owed) * unitsOf(part)) / 10n ** 9n);
      }),
    );
  });

  it('of an install with a share of 70 % are three', () => {
    expect(postingsOfInstall({ price: '10', currency: 'USD', publisher: 'lab', tenant: 'acme', share: '0.7' })).toEqual(
      [
        { account: 'tenant:acme:payable', currency: 'USD', amount: '10.000000000' },
        { account: 'publisher:lab:payable', currency: 'USD', amount: '-7.000000000' },
        { account: 'platform:revenue', currency: 'USD', amount: '-3.000000000' },
      ],
    );
  });

  it('of an install without a valid price or share are none', () => {
    const install = { price: '1', currency: 'USD', publisher: 'lab', tenant: 'acme', share: '0.5' };
    expect(() => postingsOfInstall({ ...install, price: '-1' })).toThrow(RangeError);
    expect(() => postingsOfInstall({ ...install, share: '1.000000001' })).toThrow(RangeError);
  });

  it('in two currencies do not balance each other', () => {
    expect(balances([...legsOfUse('a', 'USD', '1'), { account: 'x', currency: 'EUR', amount: '1' }])).toBe(false);
  });
});

describe('a rating', () => {
  it('takes the price of the resource before that of every one', () => {
    expect(rated(book, aUse())).toEqual({
      version: 3,
      lines: [
        {
          ...{ meter: 'prompt_tokens', resource: 'small', quantity: 1_234, unitPrice: '0.100000000' },
          ...{ currency: 'USD', amount: '0.000123400' },
        },
        {
          ...{ meter: 'completion_tokens', resource: 'small', quantity: 66, unitPrice: '0.400000000' },
          ...{ currency: 'USD', amount: '0.000026400' },
        },
      ],
    });
  });

  it('without a price is the metered cost, under version 0', () => {
    const other = aUse({ kind: 'step', resource: '*', calls: 1 });
    expect(rated(book, other)).toMatchObject({ version: 0, lines: [{ meter: 'job_steps', amount: '0.000260000' }] });
    expect(rated(null, aUse())).toMatchObject({ version: 0, lines: [{ meter: 'tokens', quantity: 1_300 }] });
    expect(rated(null, aUse({ cost: '0.000000000' })).lines).toEqual([]);
  });

  it('of a sum is the sum of the ratings', () => {
    const use = fc.record({ promptTokens: count, completionTokens: count });
    const amount = (uses: readonly MeteredUse[]) =>
      total(uses.flatMap((each) => rated(book, each).lines.map((line) => line.amount)));
    fc.assert(
      fc.property(fc.array(use, { minLength: 1, maxLength: 20 }), (uses) => {
        const sum = (field: 'promptTokens' | 'completionTokens') => uses.reduce((all, each) => all + each[field], 0);
        const whole = aUse({ promptTokens: sum('promptTokens'), completionTokens: sum('completionTokens') });
        expect(amount(uses.map((each) => aUse(each)))).toBe(amount([whole]));
      }),
    );
  });

  it('that is taken back leaves nothing', () => {
    const { lines } = rated(book, aUse());
    expect(net([...lines, ...takenBack(lines)].flatMap((line) => legsOfUse('a', line.currency, line.amount)))).toEqual(
      [],
    );
  });
});

describe('prices', () => {
  const version = (number: number, effectiveFrom: number) => ({
    ...{ versionId: `prices/${number}`, version: number, effectiveFrom, currency: 'USD', prices: [], note: '' },
  });
  it('hold from their time on, the last that was set first', () => {
    const known = new Map([version(1, 100), version(2, 200), version(3, 200)].map((each) => [each.version, each]));
    expect([99, 100, 199, 200].map((at) => versionAt(known, at)?.version)).toEqual([undefined, 1, 1, 3]);
  });

  it.each([
    [/more than three digits/, { meter: 'prompt_tokens', resource: 'x', unitPrice: '0.0001', tiers: null }],
    [/no meter/, { meter: 'hours', resource: 'x', unitPrice: '1', tiers: null }],
    [/not from 0/, { meter: 'tool_calls', resource: 'x', unitPrice: '-1', tiers: null }],
    [/one price/, { meter: 'job_steps', resource: 'x', unitPrice: '1', tiers: null }],
    [/two prices/, { meter: 'tool_calls', resource: '*', unitPrice: '1', tiers: null }],
  ])('are refused with %s', (fault, wrong) => {
    expect(faultOf([...prices, wrong])).toMatch(fault);
    expect(faultOf(prices)).toBeNull();
  });
});

describe('an invoice', () => {
  const line = (day: string, quantity: number, amount: string): ChargedLine => ({
    ...{ day, meter: 'prompt_tokens', resource: 'small', unitPrice: '0.100000000', priceVersion: 3, currency: 'USD' },
    ...{ quantity, amount },
  });

  it('has the same lines and totals for every order of what it folds', () => {
    const charged = [
      line('2026-11-02', 10, '0.000001000'),
      line('2026-10-31', -4, '-0.000000400'),
      line('2026-11-09', 7, '0.004000700'),
    ];
    const expected = [{ quantity: 13, amount: '0.004001300', firstDay: '2026-10-31', lastDay: '2026-11-09' }];
    fc.assert(
      fc.property(fc.shuffledSubarray(charged, { minLength: 3 }), (shuffled) => {
        const lines = invoiceLines(shuffled);
        expect(lines).toMatchObject(expected);
        expect(totalsOf(lines)).toEqual([
          { currency: 'USD', exact: '0.004001300', amount: '0.00', prepaid: '0.000000000', due: '0.00' },
        ]);
      }),
    );
  });

  it.each([
    ['0.125000000', '0.12'],
    ['0.135000000', '0.14'],
    ['0.125000001', '0.13'],
    ['-0.125000000', '-0.12'],
    ['2.999999999', '3.00'],
  ])('rounds %s to %s, once', (exact, paid) => {
    expect(inCents(exact)).toBe(paid);
  });

  it('is due without what prepaid credit has paid, also of a month whose lines are on another invoice', () => {
    const money = (currency: string, amount: string) => ({ currency, amount });
    const totals = totalsOf([money('USD', '2.005000000')], [money('USD', '2.000000000'), money('EUR', '1.000000000')]);
    expect(totals).toEqual([
      { currency: 'EUR', exact: '0.000000000', amount: '0.00', prepaid: '1.000000000', due: '-1.00' },
      { currency: 'USD', exact: '2.005000000', amount: '2.00', prepaid: '2.000000000', due: '0.00' },
    ]);
  });

  it('is of a month in UTC', () => {
    expect(periodOf('2026-12')).toEqual({ name: '2026-12', fromMs: Date.UTC(2026, 11), untilMs: Date.UTC(2027, 0) });
    expect([periodOf('2026-13'), periodOf('2026-1'), periodOf('x')]).toEqual([null, null, null]);
  });

  it('is a row of FOCUS a line; use of an earlier month is a correction', () => {
    const period = periodOf('2026-11');
    if (period === null) throw new Error('a month');
    const csv = focusCsv('acme', period, [
      line('2026-11-02', 10, '0.000001000'),
      line('2026-10-31', -4, '-0.000000400'),
    ]);
    const [head, ...rows] = csv
      .trimEnd()
      .split('\r\n')
      .map((row) => row.split(','));
    expect(head).toEqual(FOCUS_COLUMNS);
    const cells = rows.map((row) => Object.fromEntries(row.map((cell, nth) => [head?.[nth], cell])));
    expect(cells).toMatchObject([
      {
        BilledCost: '0.000001000',
        ChargeClass: '',
        ChargePeriodStart: '2026-11-02T00:00:00Z',
        PricingQuantity: '0.00001',
      },
      { BilledCost: '-0.000000400', ChargeClass: 'Correction', ChargePeriodEnd: '2026-11-01T00:00:00Z' },
    ]);
  });
});

it('CSV quotes what needs it, and no cell is a formula', () => {
  expect(
    csvOf(
      ['a', 'b'],
      [
        ['x,"y"', -1],
        ['=1+1', null],
        ['-x', 'two\nlines'],
      ],
    ),
  ).toBe('a,b\r\n"x,""y""",-1\r\n\'=1+1,\r\n\'-x,"two\nlines"\r\n');
});

it('what-if has both sums by currency', () => {
  const uses = [
    aUse(),
    aUse({ kind: 'tool', resource: 'acme/pay', calls: 3, promptTokens: 0, completionTokens: 0, cost: '0.5' }),
  ];
  expect(whatIf(uses, { currency: 'EUR', prices }).totals).toEqual([
    { currency: 'EUR', metered: '0.000000000', priced: '0.030149800' },
    { currency: 'USD', metered: '0.500260000', priced: '0.000000000' },
  ]);
});
