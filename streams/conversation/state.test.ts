import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conversationOpened,
  turnCompleted,
  turnFailed,
  turnQueued,
  turnStarted,
} from '../../schemas/generated/records.ts';
import { recordOf } from '../../schemas/testing.ts';
import { type ConversationEvent, evolve, SEEN_TURNS_MAX, unopened } from './state.ts';

const events = fc
  .constantFrom(
    ...([
      'ConversationOpened',
      'TurnQueued',
      'TurnStarted',
      'TurnCompleted',
      'TurnFailed',
      'TurnRefused',
      'SlmRequested',
    ] as const),
  )
  .chain(recordOf) as fc.Arbitrary<ConversationEvent>;

it('evolves over any events in any order, to a state that is JSON and bounded', () => {
  // Few turn ids, so that events of one turn meet.
  const few = fc
    .tuple(events, fc.constantFrom('a', 'b', 'c'))
    .map(([event, turnId]) => ({ ...event, data: { ...event.data, turnId } }) as ConversationEvent);
  fc.assert(
    fc.property(fc.array(few, { maxLength: 200 }), (history) => {
      const state = history.reduce(evolve, unopened);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      expect(state.seenTurns.length).toBeLessThanOrEqual(SEEN_TURNS_MAX);
    }),
    { numRuns: 60 },
  );
});

describe('a conversation', () => {
  const place = (turnId: string, sequence: number) => ({ sessionId: 's', turnId, sequence });
  const waits = (turnId: string, sequence: number) =>
    turnQueued({
      ...place(turnId, sequence),
      ...{ position: 1, prompt: 'p', model: null, maxTokens: 1, principal: 'p', decisionId: 'd', budget: null },
      persona: null,
      response: null,
    });
  const starts = (turnId: string, sequence: number) =>
    turnStarted({ recalled: null, ...place(turnId, sequence), prompt: 'p', model: null, deadline: null, budget: null });
  const opens = (sequence: number, persona = 'guide') =>
    conversationOpened({ sessionId: 's', sequence, persona, model: null, principal: 'p', decisionId: 'd' });
  const fold = (...events: readonly ConversationEvent[]) => events.reduce(evolve, unopened);

  it('is unopened, with nothing seen, before its first event', () => {
    expect(unopened).toEqual({ status: 'unopened', sequence: 0, seenTurns: [] });
  });

  it('that is open does not change when it is opened again', () => {
    const running = fold(opens(1), starts('a', 2), waits('b', 3));
    expect(evolve(running, opens(4, 'teacher'))).toEqual({ ...running, sequence: 4 });
  });

  it('removes the started turn from the queue, and no other', () => {
    const state = fold(opens(1), waits('a', 2), waits('b', 3), waits('c', 4), starts('b', 5));
    expect(state).toMatchObject({ running: { turnId: 'b' }, queue: [{ turnId: 'a' }, { turnId: 'c' }] });
  });

  it('ignores the end of a turn that is not running', () => {
    const idle = fold(opens(1));
    const running = fold(opens(1), starts('a', 2));
    const failed = turnFailed({ ...place('z', 3), code: 'C', detail: '', refusal: null });
    const completed = turnCompleted({
      moderation: null,
      recalled: null,
      ...place('z', 3),
      ...{
        attempt: 1,
        text: 'x',
        modelId: 'm',
        finishReason: 'stop',
        tokensConsumed: { prompt: 1, completion: 1 },
        latencyMs: 1,
        cost: null,
        toolCalls: [],
      },
    });
    for (const late of [failed, completed]) {
      expect(evolve(idle, late)).toMatchObject({ running: null, history: [] });
      expect(evolve(running, late)).toMatchObject({
        running: { turnId: 'a', deadlineMs: null },
        history: [],
      });
    }
  });

  it('remembers a bounded number of the latest turns', () => {
    const turns = Array.from({ length: SEEN_TURNS_MAX + 5 }, (_, n) => waits(`t${n}`, n + 1));
    const { seenTurns } = fold(...turns);
    expect(seenTurns).toHaveLength(SEEN_TURNS_MAX);
    expect([seenTurns[0], seenTurns.at(-1)]).toEqual(['t5', `t${SEEN_TURNS_MAX + 4}`]);
  });

  it.each(['SlmRequested', 'SlmEmbeddingRequested'] as const)(
    'is not changed by its request to a model: %s',
    (name) => {
      const running = fold(opens(1), starts('a', 2));
      fc.assert(
        fc.property(recordOf(name), (request) => {
          expect(evolve(running, request as never)).toBe(running);
        }),
      );
    },
  );
});
