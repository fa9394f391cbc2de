/** Grants for calls outside sessions, which are in many places: what asks, what counts and what is answered, together. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APPROVAL_GRANTS_MAX, GRANT_SEARCH_MS_MAX } from '../../schemas/contexts/approvals.ts';
import {
  type AnswerApprovalGrant,
  answerApprovalGrant,
  type DecideApproval,
  killSwitch,
  revokeApprovalGrant,
  type ToolCallHeld,
} from '../../schemas/generated/records.ts';
import { createDriver, type Driver, type DriverOptions } from '../kernel/driver.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { decisionOn } from '../testing.ts';
import { approvals } from './approvals.ts';
import { grantHomeOf } from './outside-sessions.ts';
import { aDecision, aHeldCall, one } from './testing.ts';

const TENANT = 'demo';
const START_MS = Date.UTC(2026, 0, 1);
const terms = { shape: null, lifetimeMs: 600_000, usesMax: 2 };
const home = grantHomeOf(TENANT, { toolId: `${TENANT}/pay`, principal: 'agent' });

/** A call outside sessions; its id chooses its place. */
const call = (callId: string, changes: Partial<ToolCallHeld> = {}) =>
  aHeldCall(TENANT, { callId, credential: null, ...changes });

function platform(options: Pick<DriverOptions, 'choose'> = {}) {
  const driver = createDriver({ processors: [approvals], startMs: START_MS, places: 16, ...options });
  const decide = (of: ReturnType<typeof call>, changes: Partial<DecideApproval> = {}): void => {
    const place = placeOfCall(driver, of.data.callId);
    driver.append(decisionOn(aDecision(of.data, changes)), { place });
  };
  return { driver, decide };
}

const typed = <T extends AnyRecord['type']>(driver: Driver, type: T): readonly RecordOf<T>[] =>
  driver.records().flatMap(({ record }) => (record.type === type ? [record as RecordOf<T>] : []));
const placeOfCall = (driver: Driver, callId: string): string | null =>
  driver.records().find(({ record }) => record.type === 'ToolCallHeld' && record.data.callId === callId)?.meta.place ??
  null;
const grantedBy = (driver: Driver): readonly string[] =>
  typed(driver, 'ApprovalGranted').flatMap(({ data }) => (data.grantId === null ? [] : [data.approvalId]));
const asked = (driver: Driver): readonly string[] =>
  typed(driver, 'ApprovalRequested').map(({ data }) => data.approvalId);

/** A platform where `ana` gave a grant with the approval of the first call. */
function granting(changes: Partial<NonNullable<DecideApproval['grant']>> = {}) {
  const { driver, decide } = platform();
  const first = call('first');
  driver.append(first);
  driver.run();
  decide(first, { grant: { ...terms, ...changes } });
  driver.run();
  const next = (callId: string, of: Partial<ToolCallHeld> = {}): void => {
    driver.append(call(callId, of));
    driver.run();
  };
  const [given] = typed(driver, 'ApprovalGrantGiven');
  return { driver, decide, next, given };
}

describe('a grant outside sessions', () => {
  it('is kept in the scope of the caller and the tool, and covers like calls in any place', () => {
    const { driver, next, given } = granting();
    expect(given?.data).toMatchObject({ scopeId: home.scopeId, outsideSessions: true, initiator: 'agent', usesMax: 2 });
    for (const id of ['second', 'third']) next(id);
    expect(new Set(['first', 'second', 'third'].map((id) => placeOfCall(driver, id))).size).toBeGreaterThan(1);
    expect([grantedBy(driver), asked(driver)]).toEqual([['second', 'third'], ['first']]);
    expect(typed(driver, 'ApprovalGranted').at(-1)?.data).toMatchObject({ approvers: ['ana'], uses: 2 });
    expect(driver.deadLetters).toEqual([]);
  });

  it('ends with its last use: the next call asks people', () => {
    const { driver, next } = granting();
    for (const id of ['second', 'third', 'fourth']) next(id);
    expect(asked(driver)).toEqual(['first', 'fourth']);
    expect(typed(driver, 'ApprovalGrantEnded').map(({ data }) => data.code)).toEqual(['GRANT_USED_UP']);
  });

  it.each<readonly [string, Partial<ToolCallHeld>]>([
    ['another argument', { arguments: '{"amount":6}' }],
    ['another caller', { principal: 'another' }],
    ['another tool', { toolId: `${TENANT}/mail` }],
    ['another manifest', { digest: 'd2' }],
    ['a further label', { flow: [{ label: 'untrusted', source: 'command', origin: null }] }],
    ['a rule for several', { requirement: { ...one, required: 2 } }],
    ['a further capability', { requirement: { ...one, capabilities: ['approval:finance'] } }],
    ['a session', { credential: { sessionId: 'session-1', issuedAt: 0 } }],
  ])('does not cover a call with %s', (_, changes) => {
    const { driver, next } = granting();
    next('second', changes);
    expect([grantedBy(driver), asked(driver)]).toEqual([[], ['first', 'second']]);
  });

  it('of a session does not cover a call outside', () => {
    const { driver, decide } = platform();
    const first = call('first', { credential: { sessionId: 'session-1', issuedAt: 0 } });
    driver.append(first);
    driver.run();
    decide(first, { grant: terms });
    driver.append(call('second'));
    driver.run();
    expect(typed(driver, 'ApprovalGrantGiven')[0]?.data).toMatchObject({
      scopeId: 'session-1',
      outsideSessions: false,
    });
    expect(asked(driver)).toEqual(['first', 'second']);
  });

  it('covers the arguments of its shape, and no others', () => {
    const shape = JSON.stringify({ properties: { amount: { type: 'number', maximum: 10 } }, required: ['amount'] });
    const { driver, next } = granting({ shape });
    next('second', { arguments: '{"amount":10}' });
    next('third', { arguments: '{"amount":11}' });
    expect([grantedBy(driver), asked(driver)]).toEqual([['second'], ['first', 'third']]);
  });

  it('ends by time, by a kill switch over the tool, and by revocation where it is kept', () => {
    const late = granting();
    late.driver.advance(terms.lifetimeMs);
    late.driver.run();
    expect(typed(late.driver, 'ApprovalGrantEnded')[0]?.data).toMatchObject({ code: 'GRANT_EXPIRED' });

    const stopped = granting();
    const of = { engagedEventId: '', engagedBy: 'op', twoPerson: false, releaseProposedBy: null, reason: '' };
    stopped.driver.append(killSwitch({ scope: 'tool:pay', engaged: false, mode: 'stop', since: START_MS + 1, ...of }));
    stopped.next('second');
    expect(typed(stopped.driver, 'ApprovalGrantEnded')[0]?.data).toMatchObject({ code: 'GRANT_VOID' });

    const revoked = granting();
    const revoke = revokeApprovalGrant({
      ...{ grantId: revoked.given?.data.grantId ?? '', scopeId: home.scopeId, toolId: `${TENANT}/pay` },
      ...{ principal: 'bea', capabilities: ['approval:decide'], credential: null, labels: [] },
    });
    revoked.driver.append(decisionOn(revoke), { place: home.place });
    revoked.next('second');
    const ended = { code: 'GRANT_REVOKED', principal: 'bea' };
    expect(typed(revoked.driver, 'ApprovalGrantEnded')[0]?.data).toMatchObject(ended);
    for (const { driver } of [stopped, revoked]) expect(asked(driver)).toEqual(['first', 'second']);
  });

  it('ends at once where the caller has too many for the tool', () => {
    const { driver, decide } = platform();
    for (let nth = 0; nth <= APPROVAL_GRANTS_MAX; nth += 1) {
      const each = call(`call-${nth}`, { arguments: `{"amount":${nth}}` });
      driver.append(each);
      driver.run();
      decide(each, { grant: terms });
      driver.run();
    }
    expect(typed(driver, 'ApprovalGrantEnded').map(({ data }) => data.code)).toEqual(['GRANTS_FULL']);
  });

  it('never covers more calls than it has uses, however they meet in the log', () => {
    const history = fc.record({
      usesMax: fc.integer({ min: 1, max: 4 }),
      calls: fc.array(fc.constantFrom('{"amount":5}', '{"amount":5}', '{"amount":6}'), { minLength: 1, maxLength: 12 }),
      picks: fc.array(fc.nat({ max: 1_000 }), { minLength: 40, maxLength: 40 }),
    });
    fc.assert(
      fc.property(history, ({ usesMax, calls, picks }) => {
        let picked = 0;
        const choose = (count: number): number => (picks[picked++ % picks.length] ?? 0) % count;
        const { driver, decide } = platform({ choose });
        const first = call('first');
        driver.append(first);
        driver.run();
        decide(first, { grant: { ...terms, usesMax } });
        for (const [nth, args] of calls.entries()) driver.append(call(`call-${nth}`, { arguments: args }));
        driver.run();
        const like = calls.filter((args) => args === '{"amount":5}').length;
        const ran = grantedBy(driver);
        expect(ran.length).toBeLessThanOrEqual(Math.min(usesMax, like));
        expect(ran.filter((id) => calls[Number(id.slice(5))] !== '{"amount":5}')).toEqual([]);
        // Each of the others waits for people: none is lost between the two.
        expect(asked(driver).length + ran.length).toBe(calls.length + 1);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a call outside sessions', () => {
  it('asks people when no answer comes in time, and ignores a later one', () => {
    const driver = createDriver({
      processors: [
        {
          ...approvals,
          key: (record, meta) => (record.type === 'UseApprovalGrant' ? null : approvals.key(record, meta)),
        },
      ],
      ...{ startMs: START_MS, places: 16 },
    });
    driver.append(call('first'));
    driver.run();
    expect(asked(driver)).toEqual([]);
    driver.advance(GRANT_SEARCH_MS_MAX);
    driver.run();
    expect(asked(driver)).toEqual(['first']);
    const late: AnswerApprovalGrant = {
      ...{ scopeId: 'first', approvalId: 'first', place: placeOfCall(driver, 'first') ?? '' },
      ...{ grantId: 'g', approver: 'ana', uses: 1 },
    };
    driver.append(answerApprovalGrant(late), { place: late.place });
    driver.run();
    expect(grantedBy(driver)).toEqual([]);
  });

  it('that several must approve, or that an approver has edited, is still asked of people', () => {
    const { driver } = platform();
    driver.append(call('several', { requirement: { ...one, required: 2 } }));
    driver.append(call('edited', { revision: 2 }));
    driver.run();
    expect(asked(driver)).toHaveLength(2);
  });
});
