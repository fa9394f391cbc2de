import type { AnyRecord } from '../kernel.ts';
import { emptyHistoryStore, type HistoryStore, evolve as remember } from './history-store.ts';
import { emptyAccount, evolve as enter, type LeaseAccount } from './lease-account.ts';

/** The state of policy for one place. At most 0.9 MB as JSON; a record may have 1 MB. */
export interface PolicyState {
  /** Its lease of the budgets of its tenant. */
  readonly account: LeaseAccount;
  /** Histories of its sessions, as far as the active constitution uses them. */
  readonly histories: HistoryStore;
  /** Histories for the shadow constitution. */
  readonly shadowed: HistoryStore;
}

export const initial: PolicyState = {
  account: emptyAccount,
  histories: emptyHistoryStore,
  shadowed: emptyHistoryStore,
};

/** Folds an event of policy into the state of its place; ignores every other record. Never throws. */
export function evolve(state: PolicyState, event: AnyRecord): PolicyState {
  switch (event.type) {
    case 'BudgetReserved':
    case 'BudgetSettled':
    case 'LeaseRequested':
    case 'LeaseReceived':
    case 'LeaseGivenBack':
      return { ...state, account: enter(state.account, event) };
    case 'SessionRemembered':
      return event.data.shadow
        ? { ...state, shadowed: remember(state.shadowed, event) }
        : { ...state, histories: remember(state.histories, event) };
    default:
      return state;
  }
}
