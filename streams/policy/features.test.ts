import { describe, expect, it } from 'vitest';
import { requestOf } from '../../schemas/governed.ts';
import { aTurn } from '../testing.ts';
import { type Facts, features } from './features.ts';
import { document } from './testing.ts';

const facts = (changes: Partial<Facts> = {}, turn: Parameters<typeof aTurn>[1] = {}): Facts => ({
  request: requestOf(aTurn('t', turn)),
  document,
  hasPersona: true,
  findings: [],
  labels: [],
  fit: 'exact',
  chars: 10,
  charsMax: 100,
  ...changes,
  found: [],
});
const [forbid, caution, another] = document.moderation;

describe('features', () => {
  it('prompt_safety halves with each caution and ends with a forbidding rule', () => {
    const of = (...rules: readonly (typeof forbid)[]) =>
      features.prompt_safety(facts({ findings: rules.filter((rule) => rule !== undefined) }));
    expect([of(), of(caution), of(caution, another), of(caution, forbid)]).toEqual([1, 0.5, 0.25, 0]);
  });

  it('prompt_length falls from half of the limit on', () => {
    const of = (chars: number) => features.prompt_length(facts({ chars }));
    expect([of(0), of(50), of(75), of(100), of(500)]).toEqual([1, 1, 0.5, 0, 0]);
  });

  it('token_budget falls the same way, and is 1 when no length was requested', () => {
    const of = (maxTokens: number | null) => features.token_budget(facts({}, { maxTokens }));
    expect([of(null), of(25), of(50)]).toEqual([1, 1, 0]);
  });

  it('prompt_legibility falls with characters that people do not type', () => {
    const of = (prompt: string) => features.prompt_legibility(facts({}, { prompt }));
    expect(of('¿Qué es un khipu? 🪢\n\tÑandú')).toBe(1);
    expect(of('')).toBe(1);
    expect(of(`${'k'.repeat(19)}\u0007`)).toBe(0.5);
    expect(of('\u0000\ue000')).toBe(0);
  });

  it('prompt_legibility ignores text beyond the limit', () => {
    const prompt = `${'k'.repeat(100)}${'\u0000'.repeat(100)}`;
    expect(features.prompt_legibility(facts({}, { prompt }))).toBe(1);
  });

  it('capability_fit prefers the exact grant', () => {
    const of = (fit: Facts['fit']) => features.capability_fit(facts({ fit }));
    expect([of('exact'), of('wildcard'), of('missing')]).toEqual([1, 0.8, 0]);
  });

  it('persona_known and model_known depend on the constitution, and a persona must exist', () => {
    expect(features.persona_known(facts({}, { persona: 'teacher' }))).toBe(1);
    expect(features.persona_known(facts({}, { persona: 'oracle' }))).toBe(0);
    expect(features.persona_known(facts({ hasPersona: false }, { persona: 'teacher' }))).toBe(0);
    expect(features.model_known(facts({}, { model: null }))).toBe(1);
    expect(features.model_known(facts({}, { model: 'huge' }))).toBe(0);
    expect(features.model_known(facts({ document: { ...document, models: ['*'] } }, { model: 'huge' }))).toBe(1);
  });
});
