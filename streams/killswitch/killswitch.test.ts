import { describe, expect, it } from 'vitest';
import {
  type EngageKillSwitch,
  engageKillSwitch,
  type KillSwitchEngaged,
  killSwitchEngaged,
  killSwitchReleased,
  killSwitchReleaseProposed,
  releaseKillSwitch,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { RecordOf } from '../kernel.ts';
import { aSwitch } from '../testing.ts';
import { killswitch } from './killswitch.ts';
import { evolve, released } from './state.ts';

const NOW = Date.UTC(2026, 0, 1);
const MINUTES = 60_000;
const { given, when } = scenarios(killswitch({ twoPerson: false }), { startMs: NOW });
const strict = scenarios(killswitch({ twoPerson: true }), { startMs: NOW });

const scope = 'global';
const capabilities = ['kill-switch:set:*'];
const engage = (changes: Partial<EngageKillSwitch> = {}): RecordOf<'EngageKillSwitch'> =>
  engageKillSwitch({
    scope,
    principal: 'ana',
    capabilities,
    mode: 'stop',
    reason: 'a leak',
    twoPerson: false,
    ...changes,
  });
const release = (principal = 'ana') =>
  releaseKillSwitch({ scope, principal, capabilities, reason: 'the leak is closed' });
const engaged = (changes: Partial<KillSwitchEngaged> = {}) =>
  killSwitchEngaged({
    scope,
    eventId: 'e0',
    mode: 'stop',
    reason: 'a leak',
    engagedBy: 'ana',
    since: NOW - 5 * MINUTES,
    twoPerson: false,
    ...changes,
  });
const proposed = (proposedBy: string, expiresAt = NOW + MINUTES) =>
  killSwitchReleaseProposed({ scope, reason: 'r', proposedBy, expiresAt });

describe('engaging', () => {
  it('stops the scope from now on, and tells the switch whole', () => {
    const { records } = when(engage());
    expect(records).toMatchObject([
      { type: 'KillSwitchEngaged', data: { scope, mode: 'stop', engagedBy: 'ana', since: NOW, twoPerson: false } },
      { type: 'KillSwitch', data: { scope, engaged: true, reason: 'a leak', since: NOW, releaseProposedBy: null } },
    ]);
  });

  it('names the event by the id of its record', () => {
    const driver = createDriver({ processors: [killswitch({ twoPerson: false })] });
    driver.append(engage());
    driver.run();
    const [event] = driver.records('killswitch.events');
    expect(event?.record.data).toMatchObject({ eventId: event?.meta.id });
    expect(driver.records('killswitch.switches')[0]?.record.data).toMatchObject({ engagedEventId: event?.meta.id });
  });

  it('is one person’s, even where releasing takes two', () => {
    expect(strict.when(engage()).records).toMatchObject([{ data: { twoPerson: true } }, { data: { engaged: true } }]);
  });

  it('again takes the latest mode and reason, and keeps since when the scope was stopped', () => {
    const again = given(engaged({ mode: 'drain' })).when(engage({ principal: 'ben', reason: 'worse' }));
    expect(again.records).toMatchObject([
      { data: { mode: 'stop', reason: 'worse', engagedBy: 'ben', since: NOW - 5 * MINUTES } },
      { data: { mode: 'stop', reason: 'worse', engaged: true } },
    ]);
  });

  it('again voids a proposal to release, and never loosens the rule of two', () => {
    const again = given(engaged({ twoPerson: true }), proposed('ben')).when(engage());
    expect(again.records).toMatchObject([
      { data: { twoPerson: true } },
      { data: { twoPerson: true, releaseProposedBy: null } },
    ]);
  });
});

describe('releasing', () => {
  it('lets the scope run again, and leaves no state', () => {
    const outcome = given(engaged()).when(release('ben'));
    outcome.then(
      killSwitchReleased({ scope, reason: 'the leak is closed', releasedBy: 'ben', proposedBy: null }),
      aSwitch(scope, { engaged: false, engagedBy: 'ana', since: NOW - 5 * MINUTES, engagedEventId: 'e0' }),
    );
    expect(outcome.state).toBeUndefined();
  });

  it.each([
    ['the engagement asked for two', given(engaged({ twoPerson: true }))],
    ['the platform asks for two', strict.given(engaged())],
  ])('is a proposal when %s', (_, stopped) => {
    expect(stopped.when(release('ben')).records).toMatchObject([
      { type: 'KillSwitchReleaseProposed', data: { proposedBy: 'ben', expiresAt: NOW + 10 * MINUTES } },
      { type: 'KillSwitch', data: { engaged: true, releaseProposedBy: 'ben' } },
    ]);
  });

  it('takes another principal than the one who proposed it', () => {
    const halfway = given(engaged({ twoPerson: true }), proposed('ben'));
    expect(halfway.when(release('ben')).records[0]?.type).toBe('KillSwitchReleaseProposed');
    expect(halfway.when(release('ana')).records).toMatchObject([
      { type: 'KillSwitchReleased', data: { releasedBy: 'ana', proposedBy: 'ben' } },
      { type: 'KillSwitch', data: { engaged: false } },
    ]);
  });

  it('is not helped by a proposal that is too old', () => {
    const late = given(engaged({ twoPerson: true }), proposed('ben', NOW));
    expect(late.when(release('ana')).records[0]).toMatchObject({
      type: 'KillSwitchReleaseProposed',
      data: { proposedBy: 'ana' },
    });
  });
});

describe('a refusal', () => {
  it.each([
    ['what is not stopped cannot be released', release(), 'KILL_SWITCH_NOT_ENGAGED'],
    ['a scope must be one', engage({ scope: 'everything' }), 'KILL_SWITCH_SCOPE_INVALID'],
    ['the capability is looked at again', engage({ capabilities: ['kill-switch:set'] }), 'CAPABILITY_MISSING'],
  ])('%s', (_, command, code) => {
    const { records, state } = when(command);
    expect(records).toMatchObject([{ type: 'KillSwitchRefused', data: { principal: 'ana', code } }]);
    expect(state).toBeUndefined();
  });

  it('changes nothing of a switch that is engaged', () => {
    const { records, state } = given(engaged()).when(engage({ capabilities: [] }));
    expect(records).toHaveLength(1);
    expect(state).toMatchObject({ status: 'engaged', eventId: 'e0' });
  });
});

describe('the fold', () => {
  it('is total: a proposal for what is not engaged, and a switch itself, are passed over', () => {
    expect(evolve(released, proposed('ben'))).toBe(released);
    expect(evolve(released, aSwitch(scope))).toBe(released);
  });
});
