import { expect, it } from 'vitest';
import { typesQuery } from './types.ts';

it('takes short and full names of records, comma-separated', () => {
  expect(typesQuery.parse('TurnCompleted,khipu.slm.SlmMetered')).toEqual([
    'khipu.conversation.TurnCompleted',
    'khipu.slm.SlmMetered',
  ]);
  expect(typesQuery.parse(undefined)).toBeUndefined();
});

it.each([
  ['TurnComplete', 'No audited event has the type TurnComplete; did you mean TurnCompleted?'],
  ['TurnCompleted,Weather', 'No audited event has the type Weather'],
  ['TurnDelta', 'No audited event has the type TurnDelta'],
])('refuses %s, and names what is near', (text, message) => {
  expect(typesQuery.safeParse(text).error?.issues).toMatchObject([{ message: expect.stringContaining(message) }]);
});
