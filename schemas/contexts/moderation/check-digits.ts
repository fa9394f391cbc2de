/** Check digits of personal numbers. Each function takes a number without separators and never throws. */

const values = (digits: string): number[] => Array.from(digits, Number);

/** Returns true when the digits pass the check of Luhn. Source: ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  const sum = values(digits)
    .reverse()
    .reduce((total, digit, place) => {
      const doubled = place % 2 === 1 ? digit * 2 : digit;
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

/** Lengths of IBANs by country. Source: ISO 13616 registry of SWIFT; countries that are not in it are not recognized. */
const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BR: 29, BY: 28, CH: 21, CR: 22 },
  ...{ CY: 28, CZ: 24, DE: 22, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FO: 18, FR: 27, GB: 22, GE: 22 },
  ...{ GI: 23, GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30, KW: 30 },
  ...{ KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MD: 24, ME: 22, MK: 19, MR: 27, MT: 31 },
  ...{ MU: 30, NL: 18, NO: 15, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, SA: 24, SE: 24, SI: 19 },
  ...{ SK: 24, SM: 27, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20 },
};

/** Returns the remainder by 97 of a number of any length, given as digits. */
const mod97 = (digits: string): number => values(digits).reduce((rest, digit) => (rest * 10 + digit) % 97, 0);

/** Returns true for an IBAN of the length of its country with valid check digits. Source: ISO 13616-1; ISO 7064 MOD 97-10. */
export function isIban(text: string): boolean {
  const iban = text.toUpperCase();
  if (IBAN_LENGTHS[iban.slice(0, 2)] !== iban.length) return false;
  const moved = iban.slice(4) + iban.slice(0, 4);
  return mod97(moved.replace(/[A-Z]/g, (letter) => `${letter.charCodeAt(0) - 55}`)) === 1;
}

/** Lengths by issuer: Visa, Mastercard, American Express, Diners Club, Discover and others that begin with 6. */
const CARD = /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6\d{15,18})$/;

/** Returns true for the number of a payment card: digits of an issuer, in its length, that pass Luhn. */
export const isCardNumber = (digits: string): boolean => CARD.test(digits) && passesLuhn(digits);

/** Country calling codes. Source: ITU-T E.164, list of assigned codes; whole spare ranges of three digits are included. */
const CALLING_CODE =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?:2[1-689]|3[578]|42|5[09]|6[789]|8[0578]|9[679])\d)/;

/** Returns true for digits that are an international number: 8 to 15 of them, behind a calling code. Source: ITU-T E.164. */
export const isPhoneNumber = (digits: string): boolean => /^[1-9]\d{7,14}$/.test(digits) && CALLING_CODE.test(digits);

/** Spain: DNI and NIE, remainder by 23. */
function isSpanish(id: string): boolean {
  const found = /^([XYZ\d])(\d{7})([A-Z])$/.exec(id);
  if (found === null) return false;
  const [, first = '', rest = '', letter = ''] = found;
  const number = Number(`${'XYZ'.includes(first) ? 'XYZ'.indexOf(first) : first}${rest}`);
  return 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(number % 23) === letter;
}

/** Values of characters at odd places of an Italian tax code, for 0 to 9 and, from the first ten letters on, A to Z. */
const ITALIAN_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy: codice fiscale, remainder by 26. Source: Decreto Ministeriale 12 March 1974, art. 6. */
function isItalian(id: string): boolean {
  if (!/^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/.test(id)) return false;
  const sum = Array.from(id.slice(0, 15)).reduce((total, char, place) => {
    const value = /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 65;
    return total + (place % 2 === 0 ? (ITALIAN_ODD[value] ?? 0) : value);
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === id.charAt(15);
}

/** Brazil: CPF, two digits by 11. */
function isBrazilian(id: string): boolean {
  if (!/^\d{11}$/.test(id) || /^(\d)\1+$/.test(id)) return false;
  const digits = values(id);
  const check = (length: number): number => {
    const sum = digits.slice(0, length).reduce((total, digit, place) => total + digit * (length + 1 - place), 0);
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === digits[9] && check(10) === digits[10];
}

/** Chile: RUT, remainder by 11 with weights from 2 to 7. */
function isChilean(id: string): boolean {
  const found = /^(\d{7,8})([\dK])$/.exec(id);
  if (found === null) return false;
  const sum = values(found[1] ?? '')
    .reverse()
    .reduce((total, digit, place) => total + digit * (2 + (place % 6)), 0);
  return '0K987654321'.charAt(sum % 11) === found[2];
}

/** France: numéro d'inscription au répertoire, 13 digits and 97 minus their remainder by 97. */
const isFrench = (id: string): boolean =>
  /^[12]\d{14}$/.test(id) && 97 - mod97(id.slice(0, 13)) === Number(id.slice(13));

/** Returns true for a national id of Spain, Italy, Brazil, Chile or France with valid check digits. */
export const isNationalId = (text: string): boolean => {
  const id = text.toUpperCase();
  return isSpanish(id) || isItalian(id) || isBrazilian(id) || isChilean(id) || isFrench(id);
};
