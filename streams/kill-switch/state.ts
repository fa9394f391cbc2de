import type { KillSwitchMode } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

export interface EngagedSwitch {
  readonly status: 'engaged';
  readonly mode: KillSwitchMode;
  readonly reason: string;
  readonly engagedBy: string;
  /** When the scope was stopped, ms since 1970. */
  readonly since: number;
  readonly twoPerson: boolean;
  /** Event id of the latest KillSwitchEngaged. */
  readonly eventId: string;
  /** The proposal of the first of two releasing principals. */
  readonly proposal: { readonly by: string; readonly expiresAt: number } | null;
}

/**
 * released ──Engaged──▶ engaged ──Released──▶ released
 * While engaged: Engaged again changes mode and reason and voids a proposal; ReleaseProposed sets the latest proposal.
 */
export type KillSwitchState = { readonly status: 'released' } | EngagedSwitch;

export type KillSwitchEvent = RecordOf<
  'KillSwitchEngaged' | 'KillSwitchReleased' | 'KillSwitchReleaseProposed' | 'KillSwitchRefused'
>;

export const released: KillSwitchState = { status: 'released' };

/** Folds one event into the state; switch records and refusals change nothing. */
export function evolve(state: KillSwitchState, event: KillSwitchEvent | RecordOf<'KillSwitch'>): KillSwitchState {
  switch (event.type) {
    case 'KillSwitchEngaged': {
      const { mode, reason, engagedBy, since, twoPerson, eventId } = event.data;
      return { status: 'engaged', mode, reason, engagedBy, since, twoPerson, eventId, proposal: null };
    }
    case 'KillSwitchReleaseProposed': {
      const { proposedBy, expiresAt } = event.data;
      return state.status === 'engaged' ? { ...state, proposal: { by: proposedBy, expiresAt } } : state;
    }
    case 'KillSwitchReleased':
      return released;
    case 'KillSwitchRefused':
    case 'KillSwitch':
      return state;
    default:
      return assertNever(event);
  }
}
