import { net } from '../../../schemas/contexts/billing/accounts.ts';
import { total } from '../../../schemas/contexts/billing/money.ts';
import {
  budgetReserved,
  budgetSettled,
  correctCharge,
  type LedgerLeg,
  slmMetered,
} from '../../../schemas/generated/records.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import { billing } from '../../../streams/billing/billing.ts';
import type { ChargeState } from '../../../streams/billing/charge.ts';
import type { AnyRecord, Processor } from '../../../streams/kernel.ts';
import { Random } from '../random.ts';

/** A processor with a bug. */
export type Plant = (good: Processor) => Processor;

export type BillingInvariant = 'adds-up-to-zero' | 'posted-once' | 'equals-what-was-metered' | 'nothing-pending';

interface Delivery {
  readonly record: AnyRecord;
  readonly id: string;
  readonly timeMs: number;
  /** Rank and cost of a report; null for a record that reports no use. */
  readonly reports: { readonly rank: number; readonly cost: string } | null;
}

export interface BillingRun {
  readonly violated: readonly BillingInvariant[];
  readonly postings: number;
  readonly crashes: number;
}

const NAMESPACE = '6b687069-7500-5000-8000-6b6e6f747321';
const START = Date.UTC(2026, 10, 1);
const HOUR_MS = 3_600_000;
const PLACE = 'demo/0';
const money = (random: Random): string => `0.${String(random.between(1, 999_999)).padStart(6, '0')}000`;

/** Returns what reports a charge, in the order of the log: late, repeated, changed and corrected reports. */
function deliveredOf(random: Random, chargeId: string): readonly Delivery[] {
  const at = (ms: number) => START + ms;
  const delivered: Omit<Delivery, 'id'>[] = [];
  const cost = money(random);
  if (random.chance(0.6)) {
    const held = budgetReserved({
      prepaid: false,
      place: PLACE,
      requestId: chargeId,
      decisionId: 'd',
      tokens: 9,
      cost,
      expiresAt: at(HOUR_MS),
    });
    delivered.push({ record: held, timeMs: at(0), reports: null });
  }
  const used = { place: PLACE, requestId: chargeId, tokensReserved: 9, costReserved: cost };
  const unused = { outcome: 'unused', tokens: 0, cost: '0.000000000', tokensReleased: 9, costReleased: cost } as const;
  const reports = random.chance(0.8) ? 1 + random.between(0, 2) : 0;
  for (let nth = 0; nth < reports; nth += 1) {
    const metered = money(random);
    const record = slmMetered({
      ...{
        subjectId: 's',
        origin: 'conversation',
        requestId: chargeId,
        tenantId: 'demo',
        sessionId: null,
        turnId: null,
      },
      ...{ provider: 'p', modelId: 'm', outcome: 'completed', tokensConsumed: { prompt: 1, completion: 1 } },
      ...{ latencyMs: 1, timeToFirstTokenMs: null, cost: metered, currency: 'USD', deltas: null },
    });
    delivered.push({ record, timeMs: at(random.between(0, 5)), reports: { rank: 0, cost: metered } });
  }
  if (reports === 0)
    delivered.push({ record: budgetSettled({ costDrawn: null, ...used, ...unused }), timeMs: at(6), reports: null });
  if (reports > 0 && random.chance(0.3)) {
    const corrected = money(random);
    const record = correctCharge({
      ...{ chargeId, principal: 'p', principalTenant: 'demo', capabilities: ['*'], tenantId: 'demo', reverses: false },
      ...{ promptTokens: null, completionTokens: null, calls: null, cost: corrected, reason: 'r' },
    });
    delivered.push({ record, timeMs: at(7), reports: { rank: 1, cost: corrected } });
  }
  return delivered.map((each, nth) => ({ ...each, id: uuidV5(NAMESPACE, `${chargeId}/${nth}`) }));
}

/** Returns the cost that holds: by the rule of reports, written apart from the code under test. */
function oracle(delivered: readonly Delivery[]): string {
  const reports = delivered.filter(({ reports: report }) => report !== null);
  const ordered = reports.sort(
    (one, other) =>
      (one.reports?.rank ?? 0) - (other.reports?.rank ?? 0) ||
      one.timeMs - other.timeMs ||
      (one.id < other.id ? -1 : 1),
  );
  return total([ordered.at(-1)?.reports?.cost ?? '0']);
}

/** Runs charges through crashes: the state is read back from JSON, and records whose commit was in doubt come again. */
export function runBilling(seed: number, nth: number, plant: Plant = (good) => good): BillingRun {
  const random = new Random(seed, nth);
  const processor = plant(billing('USD'));
  const tables = { prices: new Map() };
  const violated = new Set<BillingInvariant>();
  let [postings, crashes] = [0, 0];
  for (let charge = 0; charge < 8; charge += 1) {
    const chargeId = `r${charge}`;
    const delivered = deliveredOf(random, chargeId);
    const legs: { posted: LedgerLeg[]; pending: LedgerLeg[] } = { posted: [], pending: [] };
    const causes = new Map<string, number>();
    let state = processor.initial as ChargeState;
    const take = ({ record, id, timeMs }: Pick<Delivery, 'record' | 'id' | 'timeMs'>): void => {
      for (const output of processor.decide(state, record, { id, tenantId: 'demo', timeMs } as never, tables)) {
        if (output.type === 'LedgerPosted') {
          postings += 1;
          causes.set(output.data.causeId, (causes.get(output.data.causeId) ?? 0) + 1);
          legs.posted.push(...output.data.legs);
          legs.pending.push(...output.data.released);
        } else if (output.type === 'LedgerReserved' || output.type === 'LedgerVoided')
          legs.pending.push(...output.data.legs);
        state = processor.evolve(state, output) as ChargeState;
      }
    };
    const late: Delivery[] = [];
    for (const each of delivered) {
      take(each);
      if (random.chance(0.25)) late.push(each);
      if (random.chance(0.4)) {
        crashes += 1;
        state = JSON.parse(JSON.stringify(state)) as ChargeState;
        take(each);
      }
    }
    for (const each of late) take(each);
    for (const { record, atMs } of processor.timers?.due(state, chargeId) ?? [])
      if (atMs <= START + 2 * HOUR_MS) take({ record, id: uuidV5(NAMESPACE, `${chargeId}/timer`), timeMs: atMs });
    const sum = (all: readonly LedgerLeg[]) => total(['0', ...all.map(({ amount }) => amount)]);
    if (sum(legs.posted) !== total(['0']) || sum(legs.pending) !== total(['0'])) violated.add('adds-up-to-zero');
    if (net(legs.pending).length > 0) violated.add('nothing-pending');
    if ([...causes.values()].some((count) => count > 1)) violated.add('posted-once');
    const owed = sum(legs.posted.filter(({ account }) => account === 'tenant:demo:payable'));
    if (owed !== oracle([...delivered])) violated.add('equals-what-was-metered');
  }
  return { violated: [...violated], postings, crashes };
}
