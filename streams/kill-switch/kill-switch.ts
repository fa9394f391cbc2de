import { maySet, SCOPE } from '../../schemas/contexts/kill-switch.ts';
import {
  killSwitch,
  killSwitchEngaged,
  killSwitchRefused,
  killSwitchReleased,
  killSwitchReleaseProposed,
} from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { type EngagedSwitch, evolve, type KillSwitchEvent, type KillSwitchState, released } from './state.ts';

type Command = RecordOf<'EngageKillSwitch' | 'ReleaseKillSwitch'>;

export interface KillSwitchOptions {
  /** Every release requires two principals, independent of the engagement. */
  readonly twoPerson: boolean;
}

const NAME = 'kill-switch';
/**
 * Lifetime of a release proposal, in ms. Two people agree within minutes; a proposal from an earlier situation must not
 * count in the current one.
 */
const PROPOSAL_MS = 10 * 60_000;

/** Returns the event, and the switch after it for readers that hold all switches. A refusal changes nothing. */
function decide(
  { twoPerson }: KillSwitchOptions,
  state: KillSwitchState,
  command: Command,
  meta: Meta,
): readonly (KillSwitchEvent | RecordOf<'KillSwitch'>)[] {
  const event = eventOf(twoPerson, state, command, meta);
  const next = evolve(state, event);
  // The record of a released switch keeps its last content.
  const shown = next.status === 'engaged' ? next : state;
  if (event.type === 'KillSwitchRefused' || shown.status === 'released') return [event];
  return [event, switchOf(command.data.scope, shown, next.status === 'engaged')];
}

function eventOf(twoPerson: boolean, state: KillSwitchState, command: Command, meta: Meta): KillSwitchEvent {
  const { scope, principal, capabilities, reason } = command.data;
  const refused = (code: string, detail: string): KillSwitchEvent =>
    killSwitchRefused({ scope, principal, code, detail });
  if (!SCOPE.test(scope)) return refused('KILL_SWITCH_SCOPE_INVALID', `${scope} is not a scope of a kill switch.`);
  // The gateway has checked this already; a command that arrived another way is checked here.
  if (!maySet(capabilities, meta.tenantId, scope))
    return refused('CAPABILITY_MISSING', `Setting ${scope} requires kill-switch:set:${scope}.`);
  switch (command.type) {
    case 'EngageKillSwitch': {
      const engaged = state.status === 'engaged' ? state : null;
      return killSwitchEngaged({
        scope,
        // The event is the first output of the command: its id is that record's id.
        eventId: derivedId(meta.id, NAME, 0),
        mode: command.data.mode,
        reason,
        engagedBy: principal,
        since: engaged?.since ?? meta.timeMs,
        // Otherwise one person could engage it again without the rule, and release it alone.
        twoPerson: command.data.twoPerson || twoPerson || (engaged?.twoPerson ?? false),
      });
    }
    case 'ReleaseKillSwitch': {
      if (state.status === 'released') return refused('KILL_SWITCH_NOT_ENGAGED', `${scope} is not stopped.`);
      if (!state.twoPerson && !twoPerson)
        return killSwitchReleased({ scope, reason, releasedBy: principal, proposedBy: null });
      const { proposal } = state;
      return proposal !== null && proposal.by !== principal && meta.timeMs < proposal.expiresAt
        ? killSwitchReleased({ scope, reason, releasedBy: principal, proposedBy: proposal.by })
        : killSwitchReleaseProposed({ scope, reason, proposedBy: principal, expiresAt: meta.timeMs + PROPOSAL_MS });
    }
    default:
      return assertNever(command);
  }
}

function switchOf(scope: string, state: EngagedSwitch, engaged: boolean): RecordOf<'KillSwitch'> {
  const { status: _, eventId: engagedEventId, proposal, ...facts } = state;
  return killSwitch({ scope, engaged, ...facts, releaseProposedBy: proposal?.by ?? null, engagedEventId });
}

/** Sets kill switches. One partition, so that each switch has one history; about 300 bytes of state per scope. */
export const killSwitchProcessor = (options: KillSwitchOptions): Processor =>
  processor({
    name: NAME,
    inputs: [topics.killSwitchCommands],
    outputs: [topics.killSwitchEvents, topics.killSwitchSwitches],
    state: topics.killSwitchState,
    initial: released as KillSwitchState,
    finished: ({ status }) => status === 'released',
    key: (record) => record.data.scope,
    decide: (state, command, meta) => decide(options, state, command, meta),
    evolve,
  });
