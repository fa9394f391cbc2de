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
import { killSwitchProcessor } from './kill-switch.ts';
import { evolve, released } from './state.ts';

const NOW = Date.UTC(2026, 0, 1);
const MINUTES = 60_000;
const { given, when } = scenarios(killSwitchProcessor({ twoPerson: false }), { startMs: NOW });
const strict = scenarios(killSwitchProcessor({ twoPerson: true }), { startMs: NOW });

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
  it('stops the scope from now on, and writes the whole switch', () => {
    const { records } = when(engage());
    expect(records).toMatchObject([
      { type: 'KillSwitchEngaged', data: { scope, mode: 'stop', engagedBy: 'ana', since: NOW, twoPerson: false } },
      { type: 'KillSwitch', data: { scope, engaged: true, reason: 'a leak', since: NOW, releaseProposedBy: null } },
    ]);
  });

  it('carries the id of its record as event id', () => {
    const driver = createDriver({ processors: [killSwitchProcessor({ twoPerson: false })] });
    driver.append(engage());
    driver.run();
    const [event] = driver.records('kill-switch.events');
    expect(event?.record.data).toMatchObject({ eventId: event?.meta.id });
    expect(driver.records('kill-switch.switches')[0]?.record.data).toMatchObject({ engagedEventId: event?.meta.id });
  });

  it.each(['stop', 'finish_step', 'drain'] as const)('of the mode %s says so to every reader', (mode) => {
    const { records, state } = given(engaged()).when(engage({ mode }));
    expect(records).toMatchObject([{ data: { mode } }, { type: 'KillSwitch', data: { engaged: true, mode } }]);
    expect(state).toMatchObject({ status: 'engaged', mode });
  });

  it('needs one person, even where releasing needs two', () => {
    expect(strict.when(engage()).records).toMatchObject([{ data: { twoPerson: true } }, { data: { engaged: true } }]);
  });

  it('repeated takes the latest mode and reason, and keeps the time at which the scope was stopped', () => {
    const again = given(engaged({ mode: 'drain' })).when(engage({ principal: 'ben', reason: 'worse' }));
    expect(again.records).toMatchObject([
      { data: { mode: 'stop', reason: 'worse', engagedBy: 'ben', since: NOW - 5 * MINUTES } },
      { data: { mode: 'stop', reason: 'worse', engaged: true } },
    ]);
  });

  it('repeated voids a proposal to release, and never relaxes the two-person rule', () => {
    const again = given(engaged({ twoPerson: true }), proposed('ben')).when(engage());
    expect(again.records).toMatchObject([
      { data: { twoPerson: true } },
      { data: { twoPerson: true, releaseProposedBy: null } },
    ]);
  });
});

describe('releasing', () => {
  it('lets the scope run again, and drops the state', () => {
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

  it('requires a principal other than the proposer', () => {
    const halfway = given(engaged({ twoPerson: true }), proposed('ben'));
    expect(halfway.when(release('ben')).records[0]?.type).toBe('KillSwitchReleaseProposed');
    expect(halfway.when(release('ana')).records).toMatchObject([
      { type: 'KillSwitchReleased', data: { releasedBy: 'ana', proposedBy: 'ben' } },
      { type: 'KillSwitch', data: { engaged: false } },
    ]);
  });

  it('is not completed by an expired proposal', () => {
    const late = given(engaged({ twoPerson: true }), proposed('ben', NOW));
    expect(late.when(release('ana')).records[0]).toMatchObject({
      type: 'KillSwitchReleaseProposed',
      data: { proposedBy: 'ana' },
    });
  });
});

describe('a refusal', () => {
  it.each([
    ['a scope that is not stopped cannot be released', release(), 'KILL_SWITCH_NOT_ENGAGED'],
    ['a scope must be valid', engage({ scope: 'everything' }), 'KILL_SWITCH_SCOPE_INVALID'],
    ['the capability is checked again', engage({ capabilities: ['kill-switch:set'] }), 'CAPABILITY_MISSING'],
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
  it('is total: a proposal for a released switch, and a switch record, are ignored', () => {
    expect(evolve(released, proposed('ben'))).toBe(released);
    expect(evolve(released, aSwitch(scope))).toBe(released);
  });
});
