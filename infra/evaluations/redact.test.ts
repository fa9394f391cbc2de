import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('a redacted text', () => {
  it.each([
    ['Write to ana.quispe@example.com today', 'Write to [email-address] today', 1],
    ['Card 4111 1111 1111 1111, call +51 987 654 321.', 'Card [payment-card], call [phone].', 2],
    ['IBAN DE89 3704 0044 0532 0130 00 please', 'IBAN [iban] please', 1],
    ['key AKIAIOSFODNN7EXAMPLE in it', 'key [secret-key] in it', 1],
  ])('of %j has the names of what was found', (given, text, redactions) => {
    expect(redact(given)).toEqual({ text, redactions });
  });

  it('is the text itself where nothing is found, with its lines', () => {
    const text = 'Two lines:\n  one,\n  two at 10:30.';
    expect(redact(text)).toEqual({ text, redactions: 0 });
  });

  it('has nothing left to find, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const { text, redactions } = redact(`${before} ana@example.com ${after}`);
        expect(redactions).toBeGreaterThan(0);
        expect(text).not.toContain('ana@example.com');
        expect(redact(text).redactions).toBe(0);
      }),
    );
  });
});
