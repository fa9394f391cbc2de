import { expect, test } from 'vitest';
import { styleOf, table, wrapped } from '../show/style.ts';
import type { LogEvent } from './api.ts';
import { chainText, decisionText, featuresOf, linksOf, usageOf } from './chain.ts';

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

test('each event is one line with its place in the log', () => {
  const events = [event('TurnStarted', 'conversation.events', 4), event('SlmCompleted', 'slm.responses', 9)];
  expect(linksOf(events)).toEqual([
    { event: 'TurnStarted', topic: 'conversation.events', partition: 2, offset: 4 },
    { event: 'SlmCompleted', topic: 'slm.responses', partition: 2, offset: 9 },
  ]);
  expect(chainText(events)).toMatch(/TurnStarted +conversation\.events +2 +4\n/);
});

test('a decision shows every feature with its contribution', () => {
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

test('a session without a model request has no use', () => {
  expect(usageOf([event('SessionRefused', 'sessions.events', 1)])).toBeNull();
});

test('a table aligns its columns, numbers to the right', () => {
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

test('long text is wrapped at spaces', () => {
  expect(wrapped('one two three', 9, '')).toBe('one two\nthree');
});
