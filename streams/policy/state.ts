import type { AnyRecord } from '../kernel.ts';
import { type Histories, noHistories, evolve as remember } from './histories.ts';
import { emptyLedger, evolve as enter, type Ledger } from './ledger.ts';

/** What policy keeps of a tenant. At most 0.9 MB as JSON: a record may have 1 MB. */
export interface PolicyState {
  readonly ledger: Ledger;
  /** What was let into its sessions, as far as the constitution in force asks for it. */
  readonly histories: Histories;
  /** The same for the shadow constitution. */
  readonly shadowed: Histories;
}

export const initial: PolicyState = { ledger: emptyLedger, histories: noHistories, shadowed: noHistories };

export function evolve(state: PolicyState, event: AnyRecord): PolicyState {
  switch (event.type) {
    case 'BudgetReserved':
    case 'BudgetSettled':
      return { ...state, ledger: enter(state.ledger, event) };
    case 'SessionRemembered':
      return event.data.shadow
        ? { ...state, shadowed: remember(state.shadowed, event) }
        : { ...state, histories: remember(state.histories, event) };
    default:
      return state;
  }
}
