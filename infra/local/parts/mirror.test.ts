import { expect, test } from 'vitest';
import { mirrorProperties } from './mirror.ts';

const options = {
  from: { region: 'a', brokers: '127.0.0.1:1' },
  to: { region: 'b', brokers: '127.0.0.1:2' },
  excluded: ['core.state'],
};
const settings = new Map(
  mirrorProperties(options, 3)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' = ', 2) as [string, string]),
);

test('a mirror runs in one direction, and copies committed records once', () => {
  expect(settings.get('a->b.enabled')).toBe('true');
  expect(settings.get('b->a.enabled')).toBe('false');
  // Settings of a cluster have its name in front; without it they are ignored.
  expect(settings.get('b.exactly.once.source.support')).toBe('enabled');
  expect(settings.get('a.consumer.isolation.level')).toBe('read_committed');
});

test('a mirror leaves out topics of states and its own, and no others', () => {
  const excluded = (settings.get('a->b.topics.exclude') ?? '')
    .split(',')
    .map((pattern) => new RegExp(`^(?:${pattern})$`));
  const isExcluded = (topic: string): boolean => excluded.some((pattern) => pattern.test(topic));
  expect(['core.state', 'mm2-offsets.a.internal', '__consumer_offsets'].filter(isExcluded)).toHaveLength(3);
  expect(['sessions.commands', 'coreXstate', 'platform.layout', 'khipu.registry.journal'].filter(isExcluded)).toEqual(
    [],
  );
});
