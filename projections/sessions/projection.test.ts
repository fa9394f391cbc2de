import { describe, expect, it } from 'vitest';
import { AT, rowsOf } from '../testing/apply.ts';
import { conversation, decision, sessionRefused, sessionStarted } from '../testing/sample.ts';
import { sessions } from './projection.ts';

describe('sessions', () => {
  it('count turns and tokens of completed answers', () => {
    const [session] = rowsOf(sessions, [sessionStarted('s'), ...conversation('s', 2, 3)]);
    expect(session).toMatchObject({
      session_id: 's',
      status: 'started',
      capabilities: ['slm:invoke:*'],
      turns: 2,
      tokens_prompt: 6,
      tokens_completion: 6,
      created_at: AT,
      session_offset: 0,
    });
  });

  it('do not depend on which topic is read first', () => {
    const talk = conversation('s', 1, 1);
    const early = rowsOf(sessions, [...talk, sessionStarted('s')]);
    expect(early).toEqual(rowsOf(sessions, [sessionStarted('s'), ...talk]));
    expect(rowsOf(sessions, talk)[0]).not.toHaveProperty('status');
  });

  it('keep the reason of a refusal, with the decision as on the wire', () => {
    expect(rowsOf(sessions, [sessionRefused('s')])).toMatchObject([
      { status: 'refused', code: 'POLICY_DENIED', decision: { decision_id: decision.decisionId, outcome: 'deny' } },
    ]);
  });
});
