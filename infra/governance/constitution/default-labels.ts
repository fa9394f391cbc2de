import type { LabelRule } from '../../../schemas/contexts/constitution/document.ts';

/**
 * Labels for data with a distinctive form that few other texts have: mail addresses, numbers of payment cards and of
 * bank accounts. Like all patterns they are a first defence: personal facts written in prose are not found. Callers
 * know more about their data, and can declare labels.
 */
export const defaultLabels: readonly LabelRule[] = [
  {
    id: 'email-address',
    pattern: '[\\w%+-]@[a-z0-9][a-z0-9.-]{0,62}\\.[a-z]{2}',
    label: 'personal_data',
  },
  {
    // Sixteen digits in groups of four, as of Visa, Mastercard and Discover, or fifteen of American Express.
    id: 'payment-card',
    pattern:
      '\\b(?:(?:4\\d{3}|5[1-5]\\d{2}|2[2-7]\\d{2}|6\\d{3})[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}|3[47]\\d{2}[ -]?\\d{6}[ -]?\\d{5})\\b',
    label: 'personal_data',
  },
  {
    // Country, two digits, and an account with seven digits after its first four characters: ISO 13616.
    id: 'iban',
    pattern: '\\b[a-z]{2}\\d{2} ?[a-z0-9]{4} ?\\d{4} ?\\d{3}',
    label: 'personal_data',
  },
];
