/** Detectors of forms in a text: a pattern for candidates, and a check of the candidate where its number has one. */
import { isCardNumber, isIban, isNationalId, isPhoneNumber } from './check-digits.ts';
import type { Search } from './machine.ts';
import { programOf } from './pattern.ts';
import type { SpanDetector } from './vocabulary.ts';

interface Form {
  readonly pattern: string;
  /** Found in every text that has a candidate: a quick look at whole texts. */
  readonly hint: RegExp;
  /** Null when every candidate is a finding. */
  readonly accepts: ((candidate: string) => boolean) | null;
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');
const plainOf = (text: string): string => text.replace(/[ .-]/g, '');

const forms: Readonly<Record<SpanDetector, Form>> = {
  'payment-card': {
    pattern: '(?<!\\d)[2-6](?:[ -]?\\d){12,18}(?!\\d)',
    hint: /\d(?:[ -]?\d){12}/u,
    accepts: (candidate) => isCardNumber(digitsOf(candidate)),
  },
  iban: {
    pattern: '(?<![a-z0-9])[a-z]{2}\\d{2}(?: ?[a-z0-9]){11,28}(?![a-z0-9])',
    hint: /[a-z]{2}\d{2} ?[a-z0-9]/iu,
    accepts: (candidate) => isIban(plainOf(candidate)),
  },
  phone: {
    pattern: '(?<![\\w+])\\+[1-9](?:[ .()/-]{0,2}\\d){7,14}(?!\\d)',
    hint: /\+[1-9]/u,
    accepts: (candidate) => isPhoneNumber(digitsOf(candidate)),
  },
  // The lengths of RFC 5321, 4.5.3.1, without quoted local parts.
  'email-address': {
    pattern: '(?<![\\w.%+-])[\\w.%+-]{1,64}@(?:[a-z0-9-]{1,63}\\.){1,6}[a-z]{2,24}(?![a-z0-9-])',
    hint: /@[a-z0-9-]/iu,
    accepts: null,
  },
  'national-id': {
    pattern: [
      '(?<![a-z0-9])(?:[xyz\\d][ .-]?\\d{7}[ -]?[a-z]',
      '\\d{2}\\.\\d{3}\\.\\d{3}-[a-z]',
      '[a-z]{6}\\d{2}[a-z]\\d{2}[a-z]\\d{3}[a-z]',
      '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}',
      '\\d{1,2}\\.?\\d{3}\\.?\\d{3}-[\\dk]',
      '[12] ?\\d{2} ?\\d{2} ?\\d{2} ?\\d{3} ?\\d{3} ?\\d{2})(?![a-z0-9])',
    ].join('|'),
    hint: /\d{2}/u,
    accepts: (candidate) => isNationalId(plainOf(candidate)),
  },
  'secret-key': {
    pattern: [
      '(?<!\\w)(?:sk-[a-z0-9_-]{20,64}',
      'gh[opsu]_[a-z0-9]{36}',
      'akia[a-z0-9]{16}',
      'xox[abps]-[a-z0-9-]{20,64}',
      '-----begin [a-z0-9 ]{0,24}private key-----)',
    ].join('|'),
    hint: /sk-|gh[opsu]_|akia|xox[abps]-|-----begin/iu,
    accepts: null,
  },
};

const searches = new Map<SpanDetector, Search>();

/** Returns the search of a detector. Never throws. */
export function searchOf(detector: SpanDetector): Search {
  const known = searches.get(detector);
  if (known !== undefined) return known;
  const { pattern, accepts } = forms[detector];
  const search = { program: programOf(pattern), accepts };
  searches.set(detector, search);
  return search;
}

/** Returns false when a detector cannot find anything in a normalized text. Never throws. */
export const mayFind = (detector: SpanDetector, plain: string): boolean => forms[detector].hint.test(plain);
