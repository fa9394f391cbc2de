/** A marketplace whose tenants install, upgrade, remove and run capsules, and what has to hold of its ledger. */
import { total, unitsOf } from '../../../schemas/contexts/billing/money.ts';
import {
  type CapsulePrice,
  capsule,
  installCapsule,
  keepUpgradeCheck,
  startAgentRun,
  uninstallCapsule,
  upgradeCapsule,
} from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { agents } from '../../../streams/agents/agents.ts';
import { aRun } from '../../../streams/agents/testing.ts';
import { capsuleCharges } from '../../../streams/billing/capsule-charges.ts';
import { capsuleInstalls } from '../../../streams/capsules/capsule-installs.ts';
import { jobs } from '../../../streams/jobs/jobs.ts';
import { createDriver } from '../../../streams/kernel/driver.ts';
import { type AnyRecord, apart, type Processor, type TopologyLayout, topology } from '../../../streams/kernel.ts';
import { decisionOn, denied } from '../../../streams/testing.ts';
import { Random } from '../random.ts';

/** Processors with a bug. */
export type Plant = (good: readonly Processor[]) => readonly Processor[];

export type SaleInvariant =
  /** An install, its entitlement and its charge are in one transaction; so are the start of a run and its charge. */
  | 'commits-together'
  /** Each paid install and each paid run is charged once, and nothing else is. */
  | 'charged-once'
  /** Publishers are to be paid four fifths of what tenants owe. */
  | 'shared';

export interface SalesRun {
  readonly violated: readonly SaleInvariant[];
  readonly sales: number;
  readonly refusals: number;
}

const asker = { principal: 'user:ana', capabilities: ['capsules:*'], credential: null, labels: [] };
const meters = ['install', 'run'] as const;
const COMMANDS = 30;

interface Listed {
  readonly capsuleId: string;
  readonly digest: string;
  readonly price: CapsulePrice;
}

const shelfOf = (random: Random): readonly Listed[] =>
  ['1.0.0', '1.1.0', '2.0.0'].map((version) => ({
    ...{ capsuleId: `lab/brief@${version}`, digest: `d${version}` },
    price: {
      amount: random.chance(0.2) ? '0.000000000' : `0.${String(random.between(1, 99_999)).padStart(5, '0')}0000`,
      ...{ currency: 'EUR', meter: random.pick(meters) },
    },
  }));

/** Returns what one user asks for next, as policy decided it, or what a check found. */
function askedOf(random: Random, shelf: readonly Listed[], nth: number): AnyRecord {
  const installId = `demo/${random.pick(['brief', 'other', 'third'])}`;
  const { capsuleId, digest, price } = random.pick(shelf);
  // Each command is another one, as ids of requests are: a repeat is the same record.
  const by = { ...asker, labels: [`n${nth}`] };
  const of = { ...by, installId, capsuleId, digest: random.chance(0.1) ? 'another' : digest };
  const capsuleOf = { installId, capsuleId, digest, price };
  const checkId = `check-${capsuleId}`;
  // A check of an upgrade from what the install may run.
  if (random.chance(0.25)) {
    const check = {
      ...{ checkId, capsuleId, digest, fromDigest: random.pick(shelf).digest, granted: [], detail: '', cases: 29 },
      ...{ verdict: random.pick(['pass', 'regress']), moreCases: null, passed: 29, pastRuns: 0, pastChanged: 0 },
      report: { digest: 'f'.repeat(64), bytes: 2, pieces: 1 },
    };
    return keepUpgradeCheck({ installId, place: null, check });
  }
  const command = random.pick([
    ...[installCapsule({ ...of, granted: [] }), upgradeCapsule({ ...of, granted: null, checkId })],
    ...[
      uninstallCapsule({ ...by, installId }),
      startAgentRun({ ...aRun().data, runId: `run-${nth}`, capsule: capsuleOf }),
    ],
  ]);
  return decisionOn(command, random.chance(0.15) ? denied : undefined);
}

const isPaid = ({ amount, meter }: CapsulePrice, by: string): boolean => meter === by && unitsOf(amount) > 0n;

/** Returns the causes that owe a charge: by the rule of sales, written apart from the code under test. */
const salesIn = (records: readonly AnyRecord[]): number =>
  records.filter(({ type, data }) => {
    if (type === 'CapsuleInstalled') return isPaid(data.pin.price, 'install');
    return type === 'AgentRunStarted' && data.capsule?.price != null && isPaid(data.capsule.price, 'run');
  }).length;
const count = (records: readonly AnyRecord[], type: AnyRecord['type']): number =>
  records.filter((each) => each.type === type).length;

/** Runs commands, some of which come twice, and checks each transaction and the ledger. */
export function runSales(
  seed: number,
  nth: number,
  { plant = (good) => good, layout = 'chained' }: { readonly plant?: Plant; readonly layout?: TopologyLayout } = {},
): SalesRun {
  const random = new Random(seed, nth);
  const shelf = shelfOf(random);
  const members = plant([jobs, agents(() => []), capsuleInstalls, capsuleCharges]);
  const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
  const driver = createDriver({
    topologies: layout === 'chained' ? [core] : apart(core),
    choose: (ready) => random.between(0, ready - 1),
  });
  for (const { capsuleId, digest, price } of shelf)
    driver.append(
      capsule({
        ...{ capsuleId, tenantId: 'lab', status: 'listed', digest, manifest: '{}', asks: ['x:*'], price, required: 0 },
        ...{ reviews: [], principal: 'key-9', changedAt: 0, place: null },
      }),
      { place: null },
    );
  const violated = new Set<SaleInvariant>();
  const step = (): boolean => {
    const before = driver.records().length;
    const went = driver.step();
    const written = driver
      .records()
      .slice(before)
      .map(({ record }) => record);
    const isWhole = salesIn(written) === count(written, 'LedgerPosted');
    const isEntitled = count(written, 'CapsuleInstalled') === 0 || count(written, 'CapsuleInstall') > 0;
    if (!isWhole || !isEntitled) violated.add('commits-together');
    return went;
  };
  for (let asked = 0; asked < COMMANDS; asked += 1) {
    const decided = askedOf(random, shelf, asked);
    for (let times = random.chance(0.3) ? 2 : 1; times > 0; times -= 1) driver.append(decided);
    while (random.chance(0.7) && step());
  }
  while (step());
  for (const { error } of driver.deadLetters) throw error;
  const all = driver.records().map(({ record }) => record);
  const posted = all.flatMap((each) => (each.type === 'LedgerPosted' ? [each.data] : []));
  const charges = new Set(posted.map(({ chargeId }) => chargeId));
  if (posted.length !== salesIn(all) || charges.size !== posted.length) violated.add('charged-once');
  const sumOf = (account: string): bigint =>
    unitsOf(
      total([
        '0',
        ...posted.flatMap(({ legs }) => legs.filter((leg) => leg.account === account).map((leg) => leg.amount)),
      ]),
    );
  const [owed, published] = [sumOf('tenant:demo:payable'), -sumOf('publisher:lab:payable')];
  // Each charge rounds down by less than a billionth.
  if (published * 5n > owed * 4n || owed * 4n - published * 5n > 5n * BigInt(posted.length)) violated.add('shared');
  return { violated: [...violated], sales: posted.length, refusals: count(all, 'CapsuleInstallRefused') };
}
