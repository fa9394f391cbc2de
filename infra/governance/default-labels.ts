import type { LabelRule } from '../../schemas/constitution.ts';

/**
 * What has a form of its own, so that few other texts look like it: mail addresses, numbers of payment cards and bank
 * accounts. A first fence, as all patterns are: what people write of themselves in words is not found. Callers know more of
 * their data, and can declare it.
 */
export const defaultLabels: readonly LabelRule[] = [
  {
    id: 'email-address',
    pattern: '[\\w%+-]@[a-z0-9][a-z0-9.-]{0,62}\\.[a-z]{2}',
    label: 'personal_data',
  },
  {
    // Sixteen digits by four, as Visa, Mastercard and Discover have them, or fifteen of American Express.
    id: 'payment-card',
    pattern:
      '\\b(?:(?:4\\d{3}|5[1-5]\\d{2}|2[2-7]\\d{2}|6\\d{3})[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}|3[47]\\d{2}[ -]?\\d{6}[ -]?\\d{5})\\b',
    label: 'personal_data',
  },
  {
    // Country, two digits, and an account that has seven digits behind its first four characters: ISO 13616.
    id: 'iban',
    pattern: '\\b[a-z]{2}\\d{2} ?[a-z0-9]{4} ?\\d{4} ?\\d{3}',
    label: 'personal_data',
  },
];
