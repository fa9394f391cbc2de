import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModerationRule } from '../../../schemas/contexts/constitution/document.ts';
import { isCardNumber } from '../../../schemas/contexts/moderation/check-digits.ts';
import { normalized } from '../../../schemas/contexts/moderation/normal.ts';
import type { Finding } from '../../../schemas/generated/records.ts';
import { noSwitches as switches } from '../../runner/testing/switches.ts';
import type { SlmChunk, SlmProvider } from '../provider.ts';
import { checkedOutput, OutputRefused, outputRules } from './checked-output.ts';
import { createSlmHandler } from './handler.ts';
import { deterministic, inForce, requested, runOf, servedBy, timed } from './testing.ts';

const rule = (id: string, changes: Partial<ModerationRule>): ModerationRule => ({
  ...{ id, code: `MODERATION_${id.toUpperCase()}`, severity: 'forbid', applies_to: ['output'] },
  ...changes,
});
const gold = rule('gold', { pattern: '\\bgold(?:en)? (?:coins?|ring)\\b' });
const card = rule('card', { detector: 'payment-card' });
const silver = rule('silver', { pattern: 'silver', severity: 'caution' });
const input = rule('input', { pattern: 'cord', applies_to: ['input'] });

const done = (text: string): SlmChunk => ({
  ...{ kind: 'done', text, modelId: 'm', finishReason: 'stop', usage: { promptTokens: 1, completionTokens: 1 } },
  ...{ timeToFirstTokenMs: 1, latencyMs: 2 },
});

/** A provider that answers with a text, word by word. */
const saying = (text: string): SlmProvider => ({
  ...deterministic,
  async *complete() {
    for (const word of text.match(/\S+\s*/g) ?? []) yield { kind: 'delta', text: word };
    yield done(text);
  },
});

/** Returns what passes of an answer in pieces, what ended it, and what was found. */
async function passed(rules: readonly ModerationRule[], pieces: readonly string[], end = done(pieces.join(''))) {
  async function* chunks(): AsyncGenerator<SlmChunk> {
    for (const text of pieces) if (text !== '') yield { kind: 'delta', text };
    yield end;
  }
  const found: Finding[] = [];
  let text = '';
  let hasEnded = false;
  try {
    for await (const chunk of checkedOutput(chunks(), outputRules(inForce(rules)), (each) => found.push(each))) {
      if (chunk.kind === 'delta') text += chunk.text;
      else hasEnded = true;
    }
    return { text, hasEnded, found, refused: null };
  } catch (error) {
    if (!(error instanceof OutputRefused)) throw error;
    return { text, hasEnded, found, refused: error };
  }
}

/** The place of the first forbidden part of a normalized text, found another way; null without one. */
function firstForbidden(plain: string): number | null {
  const words = /\bgold(?:en)? (?:coins?|ring)\b/iu.exec(plain)?.index;
  const isCard = (from: number, to: number): boolean =>
    /^\d(?:[ -]?\d)*$/.test(plain.slice(from, to)) &&
    !/\d/.test(plain.charAt(from - 1) + plain.charAt(to)) &&
    isCardNumber(plain.slice(from, to).replace(/\D/g, ''));
  const cards = Array.from(plain, (_, from) => from).filter((from) =>
    Array.from({ length: 24 }, (_, n) => from + 13 + n).some((to) => to <= plain.length && isCard(from, to)),
  );
  const found = [words, cards[0]].filter((each) => each !== undefined);
  return found.length === 0 ? null : Math.min(...found);
}

const part = fc.constantFrom(
  'gold',
  'golden',
  ' ',
  'coin',
  'ring',
  '4111 1111',
  '1111-1111',
  'a',
  'g',
  '\u00ad',
  '🪢',
  '.',
  '4',
  'silver',
);
const answer = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''));
const split = (text: string, cuts: readonly number[]): readonly string[] => {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, n) => text.slice(places[n], end));
};

describe('an answer', () => {
  it('in any pieces shows nothing of what a rule forbids, and all of it when none does', async () => {
    await fc.assert(
      fc.asyncProperty(answer, fc.array(fc.nat(80)), async (text, cuts) => {
        const { text: shown, hasEnded, refused } = await passed([gold, card], split(text, cuts));
        expect(text.startsWith(shown)).toBe(true);
        const first = firstForbidden(normalized(text));
        if (refused === null) expect([shown, hasEnded, first]).toEqual([text, true, null]);
        else {
          expect([hasEnded, refused.chars]).toEqual([false, shown.length]);
          expect(normalized(shown).trimEnd().length).toBeLessThanOrEqual(first ?? -1);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is shown to the same place however it is split', async () => {
    await fc.assert(
      fc.asyncProperty(answer, fc.array(fc.nat(80)), async (text, cuts) => {
        const [whole, pieces] = [
          await passed([gold, card, silver], [text]),
          await passed([gold, card, silver], split(text, cuts)),
        ];
        expect([pieces.text, pieces.found, pieces.refused?.chars]).toEqual([
          whole.text,
          whole.found,
          whole.refused?.chars,
        ]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('passes as it is where no rule is of outputs', async () => {
    expect(await passed([input], ['a co', 'rd'])).toMatchObject({ text: 'a cord', hasEnded: true, found: [] });
  });

  it('goes on after a caution, which is found once', async () => {
    const { text, found, refused } = await passed([silver], ['silver and sil', 'ver.']);
    expect([text, refused]).toEqual(['silver and silver.', null]);
    expect(found).toEqual([
      { rule: 'silver', category: 'MODERATION_SILVER', outcome: 'caution', score: 1, place: 'output' },
    ]);
  });

  it('is refused for the arguments of a call that it asks for, keys and values', async () => {
    const call = { id: 'c', name: 'pay', arguments: '{"with":"golden r\\u0069ng"}' };
    const { text, refused } = await passed([gold], ['Paying.'], { ...done('Paying.'), toolCalls: [call] } as SlmChunk);
    expect([text, refused?.finding.rule]).toEqual(['Paying.', 'gold']);
  });
});

describe('a request', () => {
  const words = rule('words', { pattern: 'knot' });

  it('whose answer breaks a rule ends with the rule, is charged, and shows the beginning alone', async () => {
    const request = requested();
    const { context, emitted } = runOf(request);
    const found: Finding[] = [];
    await createSlmHandler(servedBy(saying('A cord, a knot, and more.')), {
      ...{ ...timed, switches, constitution: inForce([words]) },
      onFinding: (each) => found.push(each),
    }).handle(request, context);
    const deltas = emitted.flatMap(({ type, data }) => (type === 'TurnDelta' ? [data.text] : []));
    expect(deltas.join('')).toBe('A cord, a ');
    expect(JSON.stringify(emitted)).not.toContain('knot,');
    expect(emitted.slice(-2)).toMatchObject([
      {
        type: 'SlmFailed',
        data: {
          code: 'OUTPUT_REFUSED',
          refusal: {
            ...{ constitutionVersion: '1', constitutionDigest: 'd1', chars: 10 },
            finding: { rule: 'words', place: 'output' },
            tokensConsumed: { completion: expect.any(Number) },
          },
        },
      },
      { type: 'SlmMetered', data: { outcome: 'failed' } },
    ]);
    const metered = emitted.flatMap(({ type, data }) =>
      type === 'SlmMetered' ? [data.tokensConsumed.completion] : [],
    );
    expect(metered).toEqual([expect.any(Number)]);
    expect(metered[0]).toBeGreaterThan(2);
    expect(found).toHaveLength(1);
  });

  it('is not run while no constitution is verified', async () => {
    const request = requested();
    const { context, emitted } = runOf(request);
    const value = { inForce: { status: 'unverified', code: 'SIGNATURE_INVALID', detail: '' } } as const;
    await createSlmHandler(servedBy(), {
      ...timed,
      switches,
      constitution: { ready: Promise.resolve(), value },
    }).handle(request, context);
    expect(emitted[0]).toMatchObject({ type: 'SlmFailed', data: { code: 'OUTPUT_UNCHECKED', refusal: null } });
  });
});
