import { expect, test } from 'vitest';
import { brief, templatePlan } from '../../../../tests/console/recorded/workflows.ts';
import { planCards, worstText } from './workflow-plan.ts';

const cards = planCards(brief, templatePlan);
const card = (name: string) => cards.find((each) => each.name === name);

test('a planned task says what it asks for, how often, and whether a person reviews it', () => {
  expect(card('publish')).toMatchObject({ state: '', remark: 'publish · no bound · review', isStressed: true });
  expect(card('judge')).toMatchObject({ kind: 'switch', remark: '' });
});

test('what would be refused now is marked with its code', () => {
  expect(card('tell')).toMatchObject({ state: 'refused', remark: 'TOOL_UNKNOWN · mail · no bound' });
  expect(cards.filter(({ state }) => state === 'refused')).toHaveLength(1);
});

test('the longest chain is stressed, with the groups that it goes through', () => {
  const path = templatePlan.critical_path;
  expect(path.length).toBeGreaterThan(0);
  const stressed = cards.filter(({ isStressed }) => isStressed).map(({ at }) => at);
  expect(stressed).toEqual(
    cards.map(({ at }) => at).filter((at) => path.some((each) => `${each}/`.startsWith(`${at}/`))),
  );
  expect(stressed.length).toBeLessThan(cards.length);
});

test('a worst case names what is bounded and what is not', () => {
  expect(worstText({ calls: 3, tokens: 6_000, cost: '0.006000000' })).toBe('at most 3 calls, 6,000 tokens, cost 0.006');
  expect(worstText({ calls: 1, tokens: 0, cost: '0' })).toBe('at most 1 call');
  expect(worstText({ calls: 1, tokens: null, cost: null })).toBe('at most 1 call; no bound for tokens, cost');
  expect(worstText({ calls: null, tokens: null, cost: null })).toBe('no bound for calls, tokens, cost');
});
