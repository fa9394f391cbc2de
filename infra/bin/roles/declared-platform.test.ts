import { expect, it } from 'vitest';
import { allTopics } from '../../../schemas/topics.ts';
import { declaredPlatform } from './declared-platform.ts';

const { readers, groups } = declaredPlatform();

it('every topic has a writer among the readers, or is written by a gateway, an operator or the set-up', () => {
  const written = new Set(readers.flatMap(({ writes }) => writes));
  const outside = allTopics.filter(({ name }) => !written.has(name));
  expect(outside.length).toBeGreaterThan(3);
  for (const { name, writers } of outside)
    expect([name, writers.every((writer) => ['gateway', 'operator', 'setup'].includes(writer))]).toEqual([name, true]);
});

it('a processor of the governed path is in its topology, and the others are in none', () => {
  const topologyOf = (name: string) => readers.find((reader) => reader.name === name)?.topology;
  expect(['policy', 'sessions', 'audit', 'slm'].map(topologyOf)).toEqual(['core', 'core', null, null]);
});

it('the groups of a layout are its topologies, workers and observers, each with its kind', () => {
  const kinds = Object.fromEntries(groups('chained').map(({ name, kind }) => [name, kind]));
  expect(kinds).toMatchObject({ core: 'processor', audit: 'processor', slm: 'worker', 'audit-log': 'observer' });
  expect(groups('apart').map(({ name }) => name)).toContain('policy');
});
