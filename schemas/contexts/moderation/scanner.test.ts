import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultModeration } from '../../../infra/governance/constitution/default-moderation.ts';
import { patternProblem } from '../../../infra/governance/constitution/safe-pattern.ts';
import { mayFind, searchOf } from './detectors.ts';
import { beginsApart, FlowingNormalizer, normalized } from './normal.ts';
import { type Program, programOf } from './pattern.ts';
import { type Found, type NamedSearch, searchesOf, TextScanner } from './scanner.ts';
import { type SpanDetector, spanDetectors } from './vocabulary.ts';

const patterns = (...all: readonly string[]): readonly NamedSearch<string>[] =>
  all.map((pattern) => ({ name: pattern, program: programOf(pattern), accepts: null }));

/** Scans pieces of a text until the first finding; returns what was safe after each piece, and the finding. */
function scanned(searches: readonly NamedSearch<string>[], pieces: readonly string[]) {
  let found: Found<string> | null = null;
  const scanner = new TextScanner(searchesOf(searches), (each) => {
    found = each;
    return 'stop';
  });
  const lengths = pieces.map((piece) => {
    scanner.push(piece);
    return scanner.safeLength;
  });
  scanner.end();
  return { found: found as Found<string> | null, lengths, safe: scanner.safeLength };
}

/** Places of all matches of a pattern in a text, by the engine of the language: the oracle. */
function starts(pattern: string, text: string): readonly number[] {
  const expression = new RegExp(pattern, 'iuy');
  return Array.from({ length: text.length + 1 }, (_, at) => at).filter((at) => {
    expression.lastIndex = at;
    return expression.test(text);
  });
}

/** Splits a text at given places, also inside surrogate pairs. */
const split = (text: string, cuts: readonly number[]): readonly string[] => {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, n) => text.slice(places[n], end));
};

const letters = fc.string({ unit: fc.constantFrom(...'abkK .-1é', '\u0301'), maxLength: 40 });
const pattern = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'k',
      '\\b',
      '\\B',
      '^',
      '$',
      '.',
      '[ab]',
      '\\d',
      '\\w',
      ' ',
      'a?',
      '[^.]{0,3}',
      '(?:ab|k)',
      '(?:a|b.)?',
      'k{2}',
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => patternProblem(text) === null);

describe('a text as it flows', () => {
  it('is searched like the whole text by the engine of the language', () => {
    fc.assert(
      fc.property(pattern, letters, (expression, text) => {
        const plain = normalized(text);
        expect(scanned(patterns(expression), [text]).found !== null).toBe(new RegExp(expression, 'iu').test(plain));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives the same findings and the same safe beginning in any split of it', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        letters,
        fc.array(fc.nat(60)),
        (all, text, cuts) => {
          const whole = scanned(patterns(...all), [text]);
          const pieces = scanned(patterns(...all), split(text, cuts));
          expect({ found: pieces.found, safe: pieces.safe }).toEqual({ found: whole.found, safe: whole.safe });
          for (const length of pieces.lengths) expect(length).toBeLessThanOrEqual(whole.safe);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never calls safe what is part of a match, and calls all of it safe without one', () => {
    const plainText = fc.stringMatching(/^[abk1.]{0,30}$/);
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        plainText,
        fc.array(fc.nat(40)),
        (all, text, cuts) => {
          const { safe, found } = scanned(patterns(...all), split(text, cuts));
          const first = Math.min(...all.flatMap((each) => starts(each, text)));
          if (found === null) expect([first, safe]).toEqual([Infinity, text.length]);
          else expect(safe).toBeLessThanOrEqual(first);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('is normalized like the whole', () => {
    const unicode = fc.string({
      unit: fc.constantFrom(
        'e',
        '\u0301',
        ' ',
        '\u00a0',
        '\u200b',
        'ﬁ',
        'Å',
        '한',
        'ᄒ',
        'ᅡ',
        'ᆫ',
        'ﾊ',
        'ﾟ',
        '🪢',
        '\ud83e',
        '\uddd6',
        '½',
        '\u00ad',
      ),
    });
    fc.assert(
      fc.property(unicode, fc.array(fc.nat(40)), (text, cuts) => {
        let plain = '';
        let last = -1;
        const normalizer = new FlowingNormalizer((char, at) => {
          plain += char;
          expect(at).toBeGreaterThanOrEqual(last);
          last = at;
        });
        for (const piece of split(text, cuts)) normalizer.push(piece);
        normalizer.end();
        expect(plain).toBe(normalized(text));
        expect(normalizer.pendingAt).toBe(text.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows every character that joins with the one before it', () => {
    const joining: string[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const char = String.fromCodePoint(point);
      const parts = [...char.normalize('NFD')];
      const last = parts.at(-1) ?? '';
      if (parts.length > 1 && beginsApart(last)) joining.push(last);
      if (/\p{M}/u.test(char) && beginsApart(char)) joining.push(char);
    }
    expect(joining).toEqual([]);
  });
});

describe('tricks', () => {
  const bomb = patterns('\\bpipe bombs?\\b');
  it.each([
    ['a soft hyphen', 'a pi\u00adpe bomb.'],
    ['zero-width spaces', 'a p\u200bipe\u200b b\u200comb.'],
    ['full-width letters', 'a ｐｉｐｅ ｂｏｍｂ.'],
    ['spaces of other kinds', 'a pipe\u2003\u2003bomb.'],
    ['mathematical letters', 'a 𝐩𝐢𝐩𝐞 𝐛𝐨𝐦𝐛.'],
    ['variation selectors', 'a pipe b\ufe0fomb.'],
    ['a ligature of the sign', 'a PIPE\nBOMB.'],
  ])('with %s hide nothing, in single units', (_, text) => {
    const { found, lengths } = scanned(
      bomb,
      [...text].flatMap((char) => char.split('')),
    );
    expect(found).not.toBeNull();
    for (const length of lengths) expect(length).toBeLessThanOrEqual(2);
  });

  it('a mark after the last letter changes that letter, so the letter is kept back', () => {
    expect(scanned(patterns('é'), ['cafe', '\u0301']).lengths).toEqual([3, 3]);
  });
});

describe('detectors', () => {
  const all = spanDetectors.map((name) => ({ name, ...searchOf(name) }));
  it.each([
    ['payment-card', 'charged to 4111 1111 1111 1111 today'],
    ['payment-card', 'order 12 5500-0000-0000-0004.'],
    ['iban', 'to DE89 3704 0044 0532 0130 00 please'],
    ['phone', 'call +51 (1) 619-1900 now'],
    ['email-address', 'mail ana.quispe+khipu@example.com, thanks'],
    ['national-id', 'DNI 12345678Z of Spain'],
    ['national-id', 'NIE X1234567L'],
    ['national-id', 'CF RSSMRA85T10A562S'],
    ['national-id', 'CPF 529.982.247-25'],
    ['national-id', 'RUT 12.345.678-5'],
    ['national-id', 'NIR 2 55 08 14 168 025 38'],
    ['secret-key', 'key AKIAIOSFODNN7EXAMPLE in it'],
    ['secret-key', '-----BEGIN RSA PRIVATE KEY-----'],
  ])('find a %s in pieces of one unit, and show nothing of it: %s', (name, text) => {
    const { found, safe } = scanned(all, text.split(''));
    expect(found?.name).toBe(name);
    expect(safe).toBeLessThanOrEqual(text.indexOf([...(found?.text ?? '')][0] ?? '', found?.at));
    expect(found?.at).toBeGreaterThanOrEqual(safe);
  });

  it.each([
    '4111 1111 1111 1112',
    'DE89 3704 0044 0532 0130 01',
    '+00 123 456 789',
    'user@localhost',
    'DNI 12345678A',
    'CPF 529.982.247-26',
    'RUT 12.345.678-9',
    'version 1.2.3-4, 2026-11-30 10:15:30',
    'AKIA is a name',
  ])('find nothing where a check digit or a form is wrong: %s', (text) => {
    expect(scanned(all, text.split('')).found).toBeNull();
  });

  it('are looked for wherever one of their candidates is', () => {
    const part = fc.constantFrom(
      '4',
      '1',
      '11',
      ' ',
      '-',
      '.',
      'de89',
      'ab',
      '@',
      'a.co',
      '+5',
      'akia',
      'sk-',
      'z',
      'X',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const { found } = scanned(all, [parts.join('')]);
        if (found !== null) expect(mayFind(found.name as SpanDetector, normalized(parts.join('')))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('any change of one digit of a card hides it: Luhn', () => {
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 1, max: 9 }), (place, change) => {
        const digits = [...'4111111111111111'].map(Number);
        const card = digits.map((digit, n) => (n === place ? (digit + change) % 10 : digit)).join('');
        expect(scanned(all, [card]).found).toBeNull();
      }),
    );
  });
});

it('work grows with the length of the text, also of one made to be slow', () => {
  const searches = [
    ...patterns(...defaultModeration.flatMap(({ pattern = '' }) => (pattern === '' ? [] : [pattern]))),
    ...spanDetectors.map((name) => ({ name: name as string, ...searchOf(name) })),
  ];
  // Work is counted, not timed: instructions of all programs that are visited.
  let visits = 0;
  const get: ProxyHandler<Program>['get'] = (program, key) => {
    if (key !== 'length') visits += 1;
    return Reflect.get(program, key);
  };
  const prepared = searchesOf(searches.map((each) => ({ ...each, program: new Proxy(each.program, { get }) })));
  const workOf = (unit: string, times: number): number => {
    const scanner = new TextScanner(prepared, () => 'go on');
    const before = visits;
    scanner.push(unit.repeat(times));
    scanner.end();
    return visits - before;
  };
  for (const unit of ['4', '4 ', 'a.', 'make a ', 'x@a.', '+1', 'de89', '\u0301', 'how to kill ']) {
    const [short, long] = [workOf(unit, 400), workOf(unit, 3_200)];
    // Eight times the text: a quadratic search would take 64 times as much.
    expect([unit, long <= 9 * short]).toEqual([unit, true]);
    expect(short).toBeGreaterThan(0);
  }
});
