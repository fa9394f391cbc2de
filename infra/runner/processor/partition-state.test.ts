import { expect, it } from 'vitest';
import { PartitionState } from './partition-state.ts';

const stored = (state: unknown): string => JSON.stringify({ version: 1, state });

it('returns stored states like set ones, the same each time', () => {
  const states = new PartitionState();
  states.setStored('stored', stored({ count: 1, name: 'ñ' }));
  states.set('set', { count: 2 });
  expect(states.get('stored')).toEqual({ count: 1, name: 'ñ' });
  expect(states.get('stored')).toBe(states.get('stored'));
  expect(states.get('set')).toEqual({ count: 2 });
  expect([...states.keys()]).toEqual(['stored', 'set']);
  expect(states.size).toBe(2);
});

it('keeps the later of two, stored or set', () => {
  const states = new PartitionState();
  states.setStored('a', stored(1));
  states.set('a', 2);
  states.set('b', 1);
  states.setStored('b', stored(2));
  expect([states.get('a'), states.get('b')]).toEqual([2, 2]);
});

it('has no state for a deleted or unknown key; a state may be null', () => {
  const states = new PartitionState();
  states.setStored('gone', stored(1));
  states.delete('gone');
  states.setStored('null', stored(null));
  expect([states.has('gone'), states.get('gone'), states.has('null'), states.get('null')]).toEqual([
    false,
    undefined,
    true,
    null,
  ]);
});
