import { expect, it } from 'vitest';
import { contextTags } from './openapi-tags.ts';

const tags = [{ name: 'operations', description: 'Health' }];
const tagged = (...names: readonly string[]) => ({ tags, paths: { '/x': { get: { tags: names } } } });

it('a context that operations name is described by its meaning; a tag that is there stays', () => {
  const [first, second] = contextTags(tagged('operations', 'audit')).tags;
  expect(first).toEqual(tags[0]);
  expect(second).toEqual({ name: 'audit', description: expect.stringMatching(/^One record per event.*[^.]$/) });
});

it('adds no tag that operations do not name, and none that is no context', () => {
  expect(contextTags(tagged('operations', 'weaving')).tags).toEqual(tags);
});
