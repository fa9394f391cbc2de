import { describe, expect, it } from 'vitest';
import { normalized } from '../../../schemas/contexts/moderation/normal.ts';
import { matchesOf } from '../../../schemas/contexts/moderation/rules.ts';
import { defaultLabels } from './default-labels.ts';

const found = (text: string): readonly string[] =>
  matchesOf(defaultLabels, normalized(text, 8_000)).map(({ rule }) => rule.id);

describe('labels of the default constitution', () => {
  it.each([
    ['email-address', 'Write to ana.quispe+khipu@example.com, please.'],
    ['email-address', 'ANA@MAIL.EXAMPLE.CO.UK'],
    ['email-address', 'ana＠example．pe'],
    ['email-address', 'a\u200bna@exam\u00adple.com'],
    ['payment-card', 'It was charged to 4111 1111 1111 1111.'],
    ['payment-card', '4111111111111111'],
    ['payment-card', '5500-0000-0000-0004'],
    ['payment-card', 'mastercard 2221 0000 0000 0009'],
    ['payment-card', '6011000990139424'],
    ['payment-card', 'amex 3782 822463 10005'],
    ['iban', 'GB82 WEST 1234 5698 7654 32'],
    ['iban', 'de89370400440532013000'],
    ['iban', 'NO93 8601 1117 947'],
    ['iban', 'FR14 2004 1010 0505 0001 3M02 606'],
    ['iban', 'MT84 MALT 0110 0001 2345 MTLC AST0 01S'],
  ])('find %s in: %s', (id, text) => {
    expect(found(text)).toEqual([id]);
  });

  it.each([
    'Meet me @ the cafe at 5.',
    'Follow @khipu for more.',
    'Is it user@localhost or root@host?',
    'npm install @scope/package@1.2.3',
    'The order 1234 5678 9012 3456 is late.',
    'Call 0044 20 7946 0958.',
    'A number with 17 digits: 41111111111111111',
    '4111 1111 1111 111',
    'pi is 3.14159265358979323846',
    'On 2026-11-28 at 10:15:30 it was 4000 5000 6000.',
    'flight BA2490 leaves gate AB12 soon, more text follows',
    'commit ab12cd34ef56ab78cd90',
    'In 1532 the khipu of Cajamarca had 1,254 knots.',
  ])('find nothing in: %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
