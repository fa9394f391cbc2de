import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginning, positionOf, RESUME_ID, resumeIdOf } from './stream-position.ts';

const number = fc.nat({ max: 999_999_999 });

test('an id is read back as the position that it was made of', () => {
  const answer = fc.option(fc.record({ turn: number, attempt: number, length: number }));
  fc.assert(
    fc.property(fc.record({ sequence: number, answer }), (position) => {
      const id = resumeIdOf(position);
      expect(id).toMatch(RESUME_ID);
      expect(positionOf(id)).toEqual(position);
    }),
  );
});

test('an id of another form is no position', () => {
  for (const id of ['', 'x', '-1', '1e3', '1-', '1-2.3', '1-2.3.4.5', '1234567890', '1-2.3.x', ' 1'])
    expect(positionOf(id)).toBe(beginning);
});
