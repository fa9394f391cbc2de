import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recordOf } from '../../schemas/testing.ts';
import { personaOf } from './personas.ts';
import { type ConversationEvent, evolve, SEEN_TURNS_MAX, unopened } from './state.ts';

const events = fc
  .constantFrom(
    ...([
      'ConversationOpened',
      'TurnQueued',
      'TurnStarted',
      'TurnDelta',
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

it('speaks as a guide where the constitution knows a persona that conversation does not', () => {
  expect(personaOf('oracle')).toBe(personaOf('guide'));
  expect(personaOf('analyst')).not.toBe(personaOf('guide'));
});
