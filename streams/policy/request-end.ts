import { isNothing, nothing } from '../../schemas/amount.ts';
import type { PriceVersions } from '../../schemas/contexts/billing/prices.ts';
import { chargedIn, useOfModel, useOfTool } from '../../schemas/contexts/billing/use.ts';
import type { SettleLease } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

/** The end of a request, for the budgets of its tenant. */
export type RequestEnd = Pick<SettleLease, 'requestId' | 'outcome' | 'tokens' | 'cost'>;

type EndRecord = RecordOf<'SlmMetered' | 'TurnRefused' | 'ToolCallCompleted' | 'ToolCallRefused'>;

/** Returns the end of a request that draws on prepaid credit: its cost is what it is charged by the prices of now. */
export function prepaidEnd(
  end: RequestEnd,
  { type, data }: EndRecord,
  { versions, timeMs, currency }: { versions: PriceVersions; timeMs: number; currency: string },
): RequestEnd {
  if (type !== 'SlmMetered' && type !== 'ToolCallCompleted') return end;
  const use = type === 'SlmMetered' ? useOfModel(data) : useOfTool(data, currency);
  const cost = chargedIn(versions, use, timeMs, currency);
  return { ...end, cost, outcome: isNothing({ tokens: end.tokens, cost }) ? end.outcome : 'used' };
}

/**
 * Returns the end of a request that `record` reports; null when it reports none. A reserved request ends in one of two
 * ways: a model was asked or a tool called, which is metered once whatever its result; or its turn or call was refused
 * after policy had allowed it. Never throws.
 */
export function requestEnd(record: EndRecord): RequestEnd | null {
  switch (record.type) {
    case 'SlmMetered': {
      const { requestId, tokensConsumed, cost } = record.data;
      return { requestId, outcome: 'used', tokens: tokensConsumed.prompt + tokensConsumed.completion, cost };
    }
    case 'TurnRefused': {
      const { turnId, decision } = record.data;
      return decision.outcome === 'allow' ? { requestId: turnId, outcome: 'unused', ...nothing } : null;
    }
    case 'ToolCallCompleted': {
      const { callId: requestId, cost } = record.data;
      // A call that cost nothing has no reservation, or returns it.
      return { requestId, outcome: isNothing({ tokens: 0, cost }) ? 'unused' : 'used', tokens: 0, cost };
    }
    case 'ToolCallRefused': {
      const { callId: requestId, decision } = record.data;
      return decision.outcome === 'allow' ? { requestId, outcome: 'unused', ...nothing } : null;
    }
    default:
      return assertNever(record);
  }
}
