import { type Amount, beyond, costOf, nothing, plus } from '../../schemas/amount.ts';
import type { GovernedCommand } from '../../schemas/constitution.ts';
import {
  type BudgetClaim,
  type BudgetLimit,
  type BudgetStanding,
  budgetReserved,
  budgetSettled,
  type SettleBudget,
} from '../../schemas/generated/records.ts';
import { boundedMaxTokens, HISTORY_TOKENS_MAX, PERSONA_TOKENS_MAX, tokensMaxOf } from '../kernel/token-bounds.ts';
import { assertNever, type Meta, type RecordOf } from '../kernel.ts';
import {
  dayOf,
  evolve,
  expired,
  heldBy,
  isOpen,
  type Ledger,
  type LedgerEvent,
  RESERVATION_MS,
  RESERVATIONS_MAX,
} from './ledger.ts';

/** The request that a command would have a model answer; null for a session that starts without a prompt. */
export function requestOf(command: GovernedCommand): string | null {
  switch (command.type) {
    case 'StartSession':
      return command.data.prompt === null ? null : command.data.turnId;
    case 'SubmitTurn':
      return command.data.turnId;
    case 'InferText':
    case 'EmbedText':
      return command.data.requestId;
    default:
      return assertNever(command);
  }
}

/** Most tokens that a command's request can use, whatever the model. */
export function tokensMax(command: GovernedCommand): number {
  switch (command.type) {
    case 'StartSession':
      return PERSONA_TOKENS_MAX + tokensMaxOf(command.data.prompt ?? '') + boundedMaxTokens(command.data.maxTokens);
    case 'SubmitTurn': {
      const before = PERSONA_TOKENS_MAX + HISTORY_TOKENS_MAX;
      return before + tokensMaxOf(command.data.prompt) + boundedMaxTokens(command.data.maxTokens);
    }
    case 'InferText':
      return tokensMaxOf(command.data.prompt) + boundedMaxTokens(command.data.maxTokens);
    case 'EmbedText':
      return command.data.input.reduce((sum, text) => sum + tokensMaxOf(text), 0);
    default:
      return assertNever(command);
  }
}

/** A session's own use is known to its conversation, which takes one turn at a time and looks again: here it begins at nothing. */
function takenOf({ window }: BudgetLimit, ledger: Ledger, nowMs: number): Amount {
  switch (window) {
    case 'session':
      return nothing;
    case 'day':
      return plus(ledger.held, dayOf(ledger, nowMs) === ledger.day ? ledger.spentToday : nothing);
    case 'total':
      return plus(ledger.held, ledger.spent);
    default:
      return assertNever(window);
  }
}

function standingOf(limit: BudgetLimit, ledger: Ledger, nowMs: number): BudgetStanding {
  const taken = takenOf(limit, ledger, nowMs);
  const { window, tokensMax: most, costMax } = limit;
  return { window, tokensMax: most, tokensTaken: taken.tokens, costMax, costTaken: taken.cost };
}

/** What a command is held against; null when it asks no model, or its tenant has no budget. */
export function claimOf(
  limits: readonly BudgetLimit[],
  ledger: Ledger,
  command: GovernedCommand,
  { nowMs, pricePerMillionTokens }: { readonly nowMs: number; readonly pricePerMillionTokens: string },
): BudgetClaim | null {
  const requestId = requestOf(command);
  if (limits.length === 0 || requestId === null) return null;
  const tokens = tokensMax(command);
  // What is asked for again while it runs holds its part already.
  const asked = isOpen(ledger, requestId) ? nothing : { tokens, cost: costOf(tokens, pricePerMillionTokens) };
  const openRequests = Object.keys(ledger.open).length;
  return { ...asked, openRequests, standings: limits.map((limit) => standingOf(limit, ledger, nowMs)) };
}

/**
 * Clauses of what a claim would overdraw, such as `budget:day:tokens`, or `budget:open-requests` when too many requests of
 * the tenant have not ended; none when it fits. What holds its part already asks for nothing, and fits.
 */
export function overdrawn({ tokens, cost, openRequests, standings }: BudgetClaim): readonly string[] {
  if (tokens === 0) return [];
  const windows = standings.flatMap(({ tokensTaken, costTaken, window, ...limit }) =>
    beyond(plus({ tokens, cost }, { tokens: tokensTaken, cost: costTaken }), limit).map(
      (part) => `budget:${window}:${part}`,
    ),
  );
  return openRequests < RESERVATIONS_MAX ? windows : [...windows, 'budget:open-requests'];
}

type Place = Pick<Meta, 'tenantId' | 'timeMs'>;

function settled(ledger: Ledger, end: SettleBudget, timeMs: number): LedgerEvent {
  const { tokens: tokensReserved, cost: costReserved } = heldBy(ledger, end.requestId);
  return budgetSettled({ ...end, tokensReserved, costReserved, day: dayOf(ledger, timeMs) });
}

/** Gives back what requests hold whose end was never told. */
export const expiries = (ledger: Ledger, { tenantId, timeMs }: Place): readonly LedgerEvent[] =>
  expired(ledger, timeMs).map((requestId) =>
    settled(ledger, { tenantId, requestId, outcome: 'unused', ...nothing }, timeMs),
  );

export const afterwards = (ledger: Ledger, events: readonly LedgerEvent[]): Ledger => events.reduce(evolve, ledger);

/** What an allowed command's request takes of the budgets: nothing when it holds it already. */
export function reservations(
  ledger: Ledger,
  command: GovernedCommand,
  { claim, decisionId }: { readonly claim: BudgetClaim; readonly decisionId: string },
  { tenantId, timeMs }: Place,
): readonly LedgerEvent[] {
  const requestId = requestOf(command);
  if (requestId === null || isOpen(ledger, requestId)) return [];
  const { tokens, cost } = claim;
  return [budgetReserved({ tenantId, requestId, decisionId, tokens, cost, expiresAt: timeMs + RESERVATION_MS })];
}

/** A request has ended. What held nothing, and used nothing, changes nothing. */
export function settle(
  ledger: Ledger,
  { data }: RecordOf<'SettleBudget'>,
  { tenantId, timeMs }: Place,
): readonly LedgerEvent[] {
  const { requestId, outcome, tokens, cost } = data;
  if (outcome === 'unused' && !isOpen(ledger, requestId)) return [];
  return [settled(ledger, { tenantId, requestId, outcome, tokens, cost }, timeMs)];
}
