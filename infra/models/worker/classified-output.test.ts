import { describe, expect, it } from 'vitest';
import type { ModerationRule } from '../../../schemas/contexts/constitution/document.ts';
import { partVerdict } from '../../../schemas/contexts/moderation/answers.ts';
import type { ClassifierAnswer, Finding, SlmCompleted } from '../../../schemas/generated/records.ts';
import type { SlmChunk, SlmProvider } from '../provider.ts';
import type { Classify } from './classified-output.ts';
import { createSlmHandler } from './handler.ts';
import { deterministic, inForce, requested, runOf, servedBy, timed } from './testing.ts';

const rule = (category: string, severity: ModerationRule['severity'], changes: object = {}): ModerationRule => ({
  ...{ id: category, category, code: `MODERATION_${category.toUpperCase()}`, severity, applies_to: ['output'] },
  ...changes,
});
const rules = [rule('violence', 'forbid'), rule('insult', 'redact'), rule('sarcasm', 'caution')];

/** A sentence that is a part of its own. */
const sentence = (word: string): string => `${'The cords are of cotton and '.repeat(9)}${word}. `;

/** Finds a category wherever its name is in the text, and keeps what it was asked about. */
function classifier(changes: Partial<ClassifierAnswer> = {}) {
  const asked: string[] = [];
  const classify: Classify = async (text) => {
    asked.push(text);
    const scores = ['insult', 'sarcasm', 'violence'].map((category) => ({
      category,
      score: text.slice(-260).includes(category) ? 0.9 : 0.1,
    }));
    return { outcome: 'answered', scores, model: 'm-1', detail: '', latencyMs: 3, ...changes };
  };
  return { asked, classify };
}

/** Runs a request whose answer is a text in pieces of 16 characters. */
async function run(
  text: string,
  classify: Classify | null,
  moderation: readonly ModerationRule[] = rules,
  toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[] = [],
) {
  const request = requested();
  const { context, emitted } = runOf(request);
  const provider: SlmProvider = {
    ...deterministic,
    async *complete(): AsyncGenerator<SlmChunk> {
      for (let at = 0; at < text.length; at += 16) yield { kind: 'delta', text: text.slice(at, at + 16) };
      const usage = { promptTokens: 1, completionTokens: 9 };
      yield {
        ...{ kind: 'done', text, modelId: 'm', finishReason: 'stop', usage, latencyMs: 1, timeToFirstTokenMs: 1 },
        toolCalls,
      };
    },
  };
  const found: Finding[] = [];
  const switches = { ready: Promise.resolve(), value: new Map(), listen: () => () => undefined };
  await createSlmHandler(servedBy(provider), {
    ...{ ...timed, switches, constitution: inForce(moderation), classify, onFinding: (each) => found.push(each) },
  }).handle(request, context);
  const shown = emitted.flatMap(({ type, data }) => (type === 'TurnDelta' ? [data.text] : [])).join('');
  const end = emitted.find(({ type }) => type === 'SlmCompleted' || type === 'SlmFailed');
  return { shown, end, found: found.map(({ rule: id, outcome }) => [id, outcome]) };
}

describe('an answer under rules that ask the classifier', () => {
  it('is asked about part by part, with what was said before, and is shown as it is', async () => {
    const { asked, classify } = classifier();
    const text = `${sentence('wool')}${sentence('dye')}The end.`;
    const { shown, end } = await run(text, classify);
    expect([shown, end?.data]).toMatchObject([
      text,
      {
        text,
        moderation: {
          ...{ constitutionVersion: '1', constitutionDigest: 'd1', findings: [], redacted: 0 },
          classifier: { outcome: 'answered', model: 'm-1', scores: [{ category: 'insult', score: 0.1 }, {}, {}] },
        },
      },
    ]);
    expect(asked).toHaveLength(3);
    expect(asked[1]?.endsWith(sentence('dye'))).toBe(true);
    expect(asked[1]?.length).toBe(sentence('dye').length + 200);
  });

  it('is cut before the part that a rule forbids: no record has it', async () => {
    const { classify } = classifier();
    const { shown, end, found } = await run(sentence('wool') + sentence('violence') + sentence('more'), classify);
    expect([shown, end]).toMatchObject([
      sentence('wool'),
      {
        type: 'SlmFailed',
        data: {
          code: 'OUTPUT_REFUSED',
          refusal: { chars: sentence('wool').length, finding: { rule: 'violence', score: 0.9, place: 'output' } },
        },
      },
    ]);
    expect(JSON.stringify(end)).not.toContain('cotton');
    expect(found).toEqual([['violence', 'forbid']]);
  });

  it('has a mark in place of a part that a rule redacts, on the stream and in the record', async () => {
    const { classify } = classifier();
    const { shown, end } = await run(`${sentence('wool')}${sentence('insult')}The end.`, classify);
    const text = `${sentence('wool')}[redacted] The end.`;
    expect([shown, end?.data]).toMatchObject([
      text,
      { text, moderation: { redacted: 1, findings: [{ rule: 'insult', outcome: 'redact' }] } },
    ]);
    expect(JSON.stringify(end)).not.toContain('insult.');
  });

  it('goes on after a caution, which is recorded once', async () => {
    const { classify } = classifier();
    const text = sentence('sarcasm') + sentence('sarcasm');
    const { shown, end, found } = await run(text, classify);
    expect([shown, found]).toEqual([text, [['sarcasm', 'caution']]]);
    expect(end?.data).toMatchObject({
      moderation: { findings: [{ rule: 'sarcasm', outcome: 'caution', score: 0.9 }] },
    });
    // The record is enough to decide again.
    const moderation = (end?.data as SlmCompleted | undefined)?.moderation;
    expect(partVerdict(rules, moderation?.classifier?.scores ?? []).findings).toEqual(moderation?.findings);
  });

  it('shows what passed its check before another rule cuts it', async () => {
    const { classify } = classifier();
    const gold: ModerationRule = { id: 'gold', pattern: 'gold', code: 'G', severity: 'forbid', applies_to: ['output'] };
    const { shown, end } = await run(`${sentence('wool')}Then of gold.`, classify, [...rules, gold]);
    expect([shown, end?.data]).toMatchObject([
      `${sentence('wool')}Then of `,
      { code: 'OUTPUT_REFUSED', refusal: { finding: { rule: 'gold' }, chars: sentence('wool').length + 8 } },
    ]);
  });

  it('is refused for the arguments of a call, of which no part can be replaced', async () => {
    const { classify } = classifier();
    const call = { id: 'c', name: 'mail', arguments: '{"text":"an insult"}' };
    const { end } = await run('Sending.', classify, rules, [call]);
    expect(end?.data).toMatchObject({ code: 'OUTPUT_REFUSED', refusal: { finding: { rule: 'insult' } } });
  });

  it.each(['unavailable', 'invalid'] as const)('is not shown where the classifier is %s', async (outcome) => {
    const { classify } = classifier({ outcome, scores: [], detail: 'answers 500' });
    const { shown, end } = await run(sentence('wool'), classify);
    expect([shown, end?.data]).toMatchObject(['', { code: 'MODERATION_UNAVAILABLE', refusal: null }]);
  });

  it('passes where a setting lets a missing answer pass, and its record says so', async () => {
    const { classify } = classifier({ outcome: 'passed', scores: [], detail: 'answers 500' });
    const { shown, end } = await run('The end.', classify);
    expect([shown, end?.data]).toMatchObject(['The end.', { moderation: { classifier: { outcome: 'passed' } } }]);
  });

  it('passes untouched without such a rule, and without a classifier', async () => {
    const { asked, classify } = classifier();
    const none = await run('violence', classify, []);
    expect([none.shown, none.end?.data]).toMatchObject(['violence', { moderation: null }]);
    expect(asked).toEqual([]);
    const away = await run('violence', null);
    expect([away.shown, away.end?.data]).toMatchObject([
      'violence',
      { moderation: { classifier: null, findings: [] } },
    ]);
  });
});
