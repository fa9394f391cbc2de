import { describe, expect, it } from 'vitest';
import { balances, net } from '../../schemas/contexts/billing/accounts.ts';
import {
  type AgentRunStarted,
  type CapsulePrice,
  capsule,
  correctCharge,
  installCapsule,
  startAgentRun,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { agents } from '../agents/agents.ts';
import { aRun, aRunStarted } from '../agents/testing.ts';
import { capsuleInstalls } from '../capsules/capsule-installs.ts';
import { jobs } from '../jobs/jobs.ts';
import { createDriver } from '../kernel/driver.ts';
import { metaFor } from '../kernel/testing.ts';
import { type AnyRecord, topology } from '../kernel.ts';
import { decisionOn, denied } from '../testing.ts';
import { billing } from './billing.ts';
import { capsuleCharges } from './capsule-charges.ts';

const asker = { principal: 'user:ana', capabilities: ['capsules:*'], credential: null, labels: [] };
const priceOf = (meter: string, amount = '1.500000000'): CapsulePrice => ({ amount, currency: 'EUR', meter });
const listed = (price: CapsulePrice) =>
  capsule({
    ...{ capsuleId: 'lab/brief@1.0.0', tenantId: 'lab', status: 'listed', digest: 'd1', manifest: '{}', price },
    ...{ asks: ['slm:invoke:*'], required: 0, reviews: [], principal: 'key-9', changedAt: 0, place: null },
  });
const installing = installCapsule({
  ...{ ...asker, installId: 'demo/brief', capsuleId: 'lab/brief@1.0.0', digest: 'd1', granted: [] },
});

/** A platform of the processors that sell capsules, with one capsule on its list. */
function shop(price: CapsulePrice) {
  const members = [jobs, agents(() => []), capsuleInstalls, capsuleCharges];
  const driver = createDriver({ topologies: [topology({ name: 'core', members, redrives: topics.coreRedrive })] });
  driver.append(listed(price));
  /** Returns what one record leads to, in the one transaction of its step. */
  const take = (record: AnyRecord): readonly AnyRecord[] => {
    driver.append(record);
    const before = driver.records().length;
    driver.step();
    const written = driver.records().slice(before);
    expect(driver.deadLetters).toEqual([]);
    return written.map((each) => each.record);
  };
  return { driver, take };
}
const typesOf = (records: readonly AnyRecord[]) => records.map(({ type }) => type);
const postedIn = (records: readonly AnyRecord[]) =>
  records.flatMap((each) => (each.type === 'LedgerPosted' ? [each.data] : []));
const shared = (share: string, rest: string, whole: string) => [
  { account: 'platform:revenue', currency: 'EUR', amount: `-${rest}` },
  { account: 'publisher:lab:payable', currency: 'EUR', amount: `-${share}` },
  { account: 'tenant:demo:payable', currency: 'EUR', amount: whole },
];

describe('an install', () => {
  it('commits with its entitlement and its charge, which publisher and platform share', () => {
    const written = shop(priceOf('install')).take(decisionOn(installing));
    expect(typesOf(written)).toEqual(['CapsuleInstalled', 'CapsuleInstall', 'LedgerPosted']);
    const [posted] = postedIn(written);
    expect(posted).toMatchObject({
      ...{ kind: 'install', tenantId: 'demo', priceVersion: 0, corrects: null },
      lines: [{ meter: 'installs', resource: 'lab/brief@1.0.0', quantity: 1, amount: '1.500000000' }],
    });
    expect(posted?.chargeId).toMatch(/^demo\/brief@/);
    expect(net(posted?.legs ?? [])).toEqual(shared('1.200000000', '0.300000000', '1.500000000'));
    expect(balances(posted?.legs ?? [])).toBe(true);
  });

  it('that is refused, by policy or because it exists, is charged nothing', () => {
    const { take } = shop(priceOf('install'));
    expect(typesOf(take(decisionOn(installing, denied)))).toEqual(['CapsuleInstallRefused']);
    take(decisionOn(installing));
    expect(typesOf(take(decisionOn(installing)))).toEqual(['CapsuleInstallRefused']);
  });

  it.each([
    ['costs nothing', priceOf('install', '0.000000000')],
    ['is paid by runs', priceOf('run')],
    ['has a meter that this version does not know', priceOf('token')],
  ])('of a capsule that %s is charged nothing', (_, price) => {
    expect(typesOf(shop(price).take(decisionOn(installing)))).toEqual(['CapsuleInstalled', 'CapsuleInstall']);
  });

  it('takes no correction: its price was shared', () => {
    const { driver } = shop(priceOf('install'));
    driver.append(decisionOn(installing));
    driver.run();
    const [sold] = postedIn(driver.records('billing.ledger').map(({ record }) => record));
    const correction = correctCharge({
      ...{ chargeId: sold?.chargeId ?? '', principal: 'p', principalTenant: 'demo', capabilities: ['*'] },
      ...{ tenantId: 'demo', reverses: true, promptTokens: null, completionTokens: null, calls: null, cost: null },
      reason: 'r',
    });
    const ledger = createDriver({ processors: [billing('USD')] });
    ledger.append(correction);
    ledger.run();
    expect(ledger.records('billing.ledger')[0]?.record).toMatchObject({ data: { code: 'CHARGE_UNKNOWN' } });
    // The journal of billing has sales as well: they leave it no state.
    const { evolve, initial } = billing('USD');
    if (sold === undefined) throw new Error('nothing was sold');
    expect(evolve(initial, { type: 'LedgerPosted', data: sold })).toBe(initial);
  });
});

describe('a run', () => {
  const capsuleOf = (price: CapsulePrice | null): AgentRunStarted['capsule'] => ({
    ...{ installId: 'demo/brief', capsuleId: 'lab/brief@1.0.0', digest: 'd1', price },
  });
  const starting = (runId: string, price: CapsulePrice | null) =>
    startAgentRun({ ...aRun().data, runId, capsule: capsuleOf(price) });

  it('is charged in the transaction that starts it, once', () => {
    const { take } = shop(priceOf('run', '0.100000000'));
    const decided = decisionOn(starting('run-1', priceOf('run', '0.100000000')));
    const [posted, ...others] = postedIn(take(decided));
    expect(posted).toMatchObject({
      ...{ kind: 'run', chargeId: 'demo/brief/runs/run-1', tenantId: 'demo' },
      lines: [{ meter: 'runs', resource: 'lab/brief@1.0.0', quantity: 1, amount: '0.100000000' }],
    });
    expect(others).toEqual([]);
    expect(net(posted?.legs ?? [])).toEqual(shared('0.080000000', '0.020000000', '0.100000000'));
    expect(postedIn(take(decided))).toEqual([]);
  });

  it.each([
    ['no capsule', { capsule: null }],
    ['a capsule that is paid by installs', { capsule: capsuleOf(priceOf('install')) }],
    ['a record from before prices of runs', { capsule: capsuleOf(null) }],
    [
      'a capsule, started by another run',
      { capsule: capsuleOf(priceOf('run')), parent: { runId: 'r', callId: 'c', place: null } as never, depth: 1 },
    ],
  ])('of %s is charged nothing', (_, changes) => {
    const started = aRunStarted(changes);
    const meta = metaFor(started);
    expect(
      capsuleCharges.key(started, meta) === null || capsuleCharges.decide(undefined, started, meta, {}).length === 0,
    ).toBe(true);
  });

  it('that is refused is charged nothing', () => {
    const { take } = shop(priceOf('run'));
    expect(postedIn(take(decisionOn(starting('run-1', priceOf('run')), denied)))).toEqual([]);
  });

  it('that is simulated is charged nothing', () => {
    const started = aRunStarted({ capsule: capsuleOf(priceOf('run')) });
    expect(capsuleCharges.key(started, { ...metaFor(started), simulation: 'd1' })).toBeNull();
  });
});
