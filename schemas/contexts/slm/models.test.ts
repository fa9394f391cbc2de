import { describe, expect, it } from 'vitest';
import { topics } from '../../topics.ts';
import { slmOrigin } from './models.ts';

describe('the origin of a request to a language model', () => {
  it.each([...topics.slmRequests.writers])('is the processor that the catalogue lets ask: %s', (processor) => {
    expect(slmOrigin(processor)).toBe(processor);
  });

  it('is refused for a processor that is not a writer in the catalogue', () => {
    expect(() => slmOrigin('sessions')).toThrow('sessions asks a model');
  });
});
