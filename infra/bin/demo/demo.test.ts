import { expect, test } from 'vitest';
import type { LogEvent } from './api.ts';
import { chainText, decisionText, featuresOf, linksOf, usageOf } from './chain.ts';
import { styleOf, table, wrapped } from './style.ts';

const plain = styleOf(process.stdout, { NO_COLOR: '1' });
const event = (type: string, topic: string, offset: number, data: Record<string, unknown> = {}): LogEvent => ({
  event_id: `${topic}-${offset}`,
  type: `khipu.x.${type}`,
  topic,
  partition: 2,
  offset,
  appended_at: '2026-01-01T00:00:00.000Z',
  data,
  metadata: {},
});

test('pieces of one answer are one line, from the first offset to the last', () => {
  const events = [
    event('TurnStarted', 'conversation.events', 4),
    event('TurnDelta', 'conversation.events', 6),
    event('SlmCompleted', 'slm.responses', 9),
    event('TurnDelta', 'conversation.events', 7),
  ];
  expect(linksOf(events)).toMatchObject([
    { event: 'TurnStarted', count: 1, first: 4, last: 4 },
    { event: 'TurnDelta', count: 2, first: 6, last: 7 },
    { event: 'SlmCompleted', first: 9 },
  ]);
  expect(chainText(events)).toContain('TurnDelta × 2  conversation.events          2   6 – 7');
});

test('a decision shows every feature with what it adds', () => {
  const decided = event('PolicyDecided', 'policy.decisions', 1, {
    features: [{ name: 'prompt_safety', value: 0.5, weight: 0.4 }],
  });
  const text = decisionText(
    {
      decision_id: 'd',
      outcome: 'deny',
      score: 0.2,
      threshold: 0.75,
      reasons: ['SCORE_BELOW_THRESHOLD'],
      clauses: [],
      constitution: { version: '1.0.0', digest: 'ab'.repeat(32) },
    },
    featuresOf([decided]),
    plain,
  );
  expect(text).toContain('DENY  SCORE_BELOW_THRESHOLD');
  expect(text).toContain('S = 0.200, θ = 0.750');
  expect(text).toMatch(/prompt_safety +0\.50 +0\.40 +0\.200/);
});

test('nothing was used when nothing ran', () => {
  expect(usageOf([event('SessionRefused', 'sessions.events', 1)])).toBeNull();
});

test('a table lines up, numbers to the right', () => {
  expect(
    table(
      [
        ['a', 'n'],
        ['long', '7'],
        ['b', '123'],
      ],
      '',
    ),
  ).toBe('a       n\nlong    7\nb     123');
});

test('long text is broken at spaces', () => {
  expect(wrapped('one two three', 9, '')).toBe('one two\nthree');
});
