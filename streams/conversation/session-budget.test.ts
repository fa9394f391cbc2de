import { describe, expect, it } from 'vitest';
import { builtInPersonas } from '../../schemas/contexts/personas/built-in.ts';
import { PERSONA_TOKENS_MAX, tokensMaxOf } from '../../schemas/contexts/slm/token-bounds.ts';
import type { BudgetClaim, DecisionSummary } from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { allowed, anAnswer, aStart, aTurn, decisionOn } from '../testing.ts';
import { conversation } from './conversation.ts';

const { given } = scenarios(conversation);

/** Returns the claim of a turn whose session may use that many tokens and that much money. */
const claim = (tokens: number, tokensMax: number | null, costMax: string | null = null): BudgetClaim => ({
  tokens,
  cost: `0.00000${tokens}`.slice(0, 11).padEnd(11, '0'),
  openRequests: 0,
  windows: [
    {
      ...{ window: 'session', tokensMax, tokensTaken: 0, costMax, costTaken: '0.000000000' },
      ...{ tokensLeased: 0, costLeased: '0.000000000', resetsAt: null },
    },
  ],
  lease: null,
});

const asked = (
  command: Parameters<typeof decisionOn>[0],
  budget: BudgetClaim | null,
  summary: DecisionSummary = allowed,
): RecordOf<'PolicyDecided'> => {
  const { type, data } = decisionOn(command, summary);
  return { type, data: { ...data, budget } };
};
const open = (budget: BudgetClaim | null = null) => asked(aStart(), budget);
const turn = (turnId: string, budget: BudgetClaim | null) => asked(aTurn(turnId), budget);
const kinds = (records: readonly AnyRecord[]) => records.map(({ type }) => type);

describe('the budget of a session', () => {
  it('allows a turn that fits, and refuses a turn that would overdraw it', () => {
    expect(kinds(given(open()).when(turn('a', claim(100, 100))).records)).toEqual([
      'TurnQueued',
      'TurnStarted',
      'SlmRequested',
    ]);
    const { records } = given(open()).when(turn('a', claim(101, 100)));
    expect(records).toMatchObject([{ type: 'TurnRefused', data: { turnId: 'a', code: 'BUDGET_EXCEEDED' } }]);
  });

  it('refuses a turn with what it needs and what is left: held by running turns, or spent', () => {
    const shortfallIn = (records: readonly AnyRecord[]) =>
      records.map((record) => (record.type === 'TurnRefused' ? record.data.shortfall : null));
    const lacks = { window: 'session', tokensNeeded: 70, tokensLeft: 60, costLeft: null, resetsAt: null };
    const running = given(open(), turn('a', claim(40, 100)));
    expect(shortfallIn(running.when(turn('b', claim(70, 100))).records)).toMatchObject([{ ...lacks, cause: 'held' }]);
    const ended = given(open(), turn('a', claim(90, 100)), anAnswer('a', 'text'));
    const [refused] = ended.when(turn('b', claim(89, 100))).records;
    expect(shortfallIn(refused === undefined ? [] : [refused])).toMatchObject([{ tokensLeft: 88, cause: 'spent' }]);
  });

  it('counts running and queued turns by their claims', () => {
    const running = given(open(), turn('a', claim(40, 100)));
    expect(kinds(running.when(turn('b', claim(60, 100))).records)).toEqual(['TurnQueued']);
    expect(kinds(running.when(turn('b', claim(61, 100))).records)).toEqual(['TurnRefused']);
    const waiting = given(open(), turn('a', claim(40, 100)), turn('b', claim(40, 100)));
    expect(kinds(waiting.when(turn('c', claim(20, 100))).records)).toEqual(['TurnQueued']);
    expect(kinds(waiting.when(turn('c', claim(21, 100))).records)).toEqual(['TurnRefused']);
  });

  it('counts ended turns by their use', () => {
    const ended = given(open(), turn('a', claim(90, 100)), anAnswer('a', 'text'));
    expect(kinds(ended.when(turn('b', claim(88, 100))).records)).toContain('TurnStarted');
    expect(kinds(ended.when(turn('b', claim(89, 100))).records)).toEqual(['TurnRefused']);
  });

  it('also bounds money', () => {
    const dear = claim(30, null, '0.000000299');
    expect(kinds(given(open()).when(turn('a', { ...dear, cost: '0.000000300' })).records)).toEqual(['TurnRefused']);
    expect(kinds(given(open()).when(turn('a', { ...dear, cost: '0.000000299' })).records)).toContain('TurnStarted');
  });

  it('sets no bound where the tenant has no session budget', () => {
    const daily = { ...claim(9_999, null), windows: [] };
    expect(kinds(given(open()).when(turn('a', daily)).records)).toContain('TurnStarted');
    expect(kinds(given(open()).when(turn('a', null)).records)).toContain('TurnStarted');
  });
});

describe('a turn with a claim', () => {
  const long = 'x'.repeat(900);
  const messagesOf = (records: readonly AnyRecord[]): readonly { readonly content: string }[] =>
    records.flatMap((record) => (record.type === 'SlmRequested' ? record.data.messages : []));

  it('sends as much of the history as its claim leaves room for, the latest turns first', () => {
    const before = [open(), turn('a', null), anAnswer('a', long), turn('b', null), anAnswer('b', 'short')];
    const persona = builtInPersonas.find(({ name }) => name === 'guide')?.instructions ?? '';
    const fixed = tokensMaxOf(persona) + tokensMaxOf('prompt of c') + 256;
    const latest = tokensMaxOf('prompt of b') + tokensMaxOf('short');
    const said = (tokens: number) =>
      messagesOf(given(...before).when(turn('c', claim(tokens, null))).records).map(({ content }) => content);
    expect(said(fixed + latest)).toEqual([persona, 'prompt of b', 'short', 'prompt of c']);
    expect(said(fixed + latest - 1)).toEqual([persona, 'prompt of c']);
    expect(said(9_999)).toEqual([persona, 'prompt of a', long, 'prompt of b', 'short', 'prompt of c']);
  });

  it.each(builtInPersonas)('has room for the built-in persona $name', ({ instructions }) => {
    expect(tokensMaxOf(instructions)).toBeLessThanOrEqual(PERSONA_TOKENS_MAX);
  });
});
