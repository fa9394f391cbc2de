import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionRefused, sessionStarted } from '../../schemas/generated/records.ts';
import { recordOf } from '../../schemas/testing.ts';
import { scenarios } from '../kernel/testing.ts';
import { allowed, anInference, aStart, aTurn, decisionOn, denied, SESSION } from '../testing.ts';
import { evolve, type SessionEvent, type SessionState, sessions } from './sessions.ts';

const { given, when } = scenarios(sessions);
const start = aStart({ turnId: 'turn-1', prompt: 'Hello.', metadata: { team: 'risk' } });
const yes = decisionOn(start);
const no = decisionOn(start, denied);
const started = sessionStarted({
  sessionId: SESSION,
  principal: 'key-1',
  persona: 'guide',
  capabilities: ['slm:invoke:*'],
  model: null,
  metadata: { team: 'risk' },
  turnId: 'turn-1',
  requestDigest: 'r1',
  decision: yes.data.decision,
});
const refused = sessionRefused({
  sessionId: SESSION,
  principal: 'key-1',
  code: 'POLICY_DENIED',
  detail:
    'Refused by constitution 1.0.0: the prompt asks how to make a weapon [MODERATION_WEAPONS, clause moderation:weapons-explosives].',
  requestDigest: 'r1',
  decision: no.data.decision,
  shortfall: null,
});

describe('sessions', () => {
  it('starts an allowed session', () => {
    when(yes).then(started);
  });

  it('names no first turn without a prompt', () => {
    const decision = decisionOn(aStart({ turnId: 'turn-1' }));
    expect(when(decision).records).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ turnId: null }) }),
    ]);
  });

  it('refuses a denied session, with an explanation', () => {
    when(no).then(refused);
  });

  it('emits nothing for a start of an existing session', () => {
    given(started).when(yes).then();
    given(started)
      .when(decisionOn(aStart({ persona: 'analyst' })))
      .then();
    given(started).when(no).then();
  });

  it('emits one refusal per decision', () => {
    given(refused).when(no).then();
  });

  it('refuses again when asked again', () => {
    const again = decisionOn(start, { ...denied, constitutionVersion: '1.0.1' });
    const [outcome] = given(refused).when(again).records;
    expect(outcome?.type).toBe('SessionRefused');
  });

  it('starts after a refusal when it is allowed now: a refusal is not final', () => {
    given(refused).when(yes).then(started);
  });

  it.each([
    ['a turn', aTurn('turn-2')],
    ['an inference', anInference()],
  ])('ignores a decision on %s', (_, command) => {
    const outcome = when(decisionOn(command, allowed));
    outcome.then();
    expect(outcome.state).toBeUndefined();
  });

  it('evolves over any order of its events, and never ends a session', () => {
    const events = fc.array(fc.oneof(recordOf('SessionStarted'), recordOf('SessionRefused')));
    fc.assert(
      fc.property(events, (records) => {
        const states = records as unknown as SessionEvent[];
        const last = states.reduce<SessionState>(evolve, { status: 'absent' });
        const expected = records.some(({ type }) => type === 'SessionStarted')
          ? 'started'
          : records.length > 0
            ? 'refused'
            : 'absent';
        expect(last.status).toBe(expected);
      }),
    );
  });
});
