import { anyCovers } from '../../../schemas/capabilities.ts';
import { READ_BILLING } from '../../../schemas/contexts/billing.ts';
import { topics } from '../../../schemas/topics.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { positionOf } from '../../shared/position.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';

export type BillingServices = Pick<GatewayServices, 'readModel' | 'tables'>;

interface Asked {
  readonly caller: Caller;
  readonly query: { readonly payer?: string | undefined };
}

/** Returns the tenant whose money a request reads. */
export const payer = ({ caller, query }: Asked): string => query.payer ?? caller.tenantId;

/** Throws Problem CAPABILITY_MISSING unless the caller may read the money of the tenant. */
export function requireReader(asked: Asked): void {
  const tenantId = payer(asked);
  const needed = tenantId === asked.caller.tenantId ? READ_BILLING : `${READ_BILLING}:${tenantId}`;
  requireCapability(anyCovers(asked.caller.capabilities, needed), needed);
}

const asOfInvalid = (cause: unknown): Problem =>
  new Problem('REQUEST_INVALID', 'as_of is neither a time nor a position of a transaction', {
    cause,
    errors: [{ in: 'query', pointer: '#/as_of', detail: 'Expected RFC 3339, or the `position` of a transaction' }],
  });

/** Resolves with the time of `as_of` in the log; null for now. Rejects with Problem REQUEST_INVALID. */
export async function asOfTime(
  asOf: string | undefined,
  tenantId: string,
  { readModel }: Pick<BillingServices, 'readModel'>,
): Promise<Date | null> {
  if (asOf === undefined) return null;
  if (/^\d{4}-\d\d-\d\dT/.test(asOf)) {
    const time = new Date(asOf);
    if (Number.isNaN(time.getTime())) throw asOfInvalid(undefined);
    return time;
  }
  const position = positionOf(asOf, asOfInvalid);
  if (position.topic !== topics.billingLedger.name) throw asOfInvalid(undefined);
  return (await readModel.ledger.timeAt(tenantId, position)) ?? new Date(0);
}
