import { expect, it } from 'vitest';
import { PartitionState } from './partition-state.ts';

const stored = (state: unknown): string => JSON.stringify({ version: 1, state });

it('gives what was stored as it gives what was set, each time the same', () => {
  const states = new PartitionState();
  states.setStored('stored', stored({ count: 1, name: 'ñ' }));
  states.set('set', { count: 2 });
  expect(states.get('stored')).toEqual({ count: 1, name: 'ñ' });
  expect(states.get('stored')).toBe(states.get('stored'));
  expect(states.get('set')).toEqual({ count: 2 });
  expect([...states.keys()]).toEqual(['stored', 'set']);
  expect(states.size).toBe(2);
});

it('takes the later of two, whichever way each came', () => {
  const states = new PartitionState();
  states.setStored('a', stored(1));
  states.set('a', 2);
  states.set('b', 1);
  states.setStored('b', stored(2));
  expect([states.get('a'), states.get('b')]).toEqual([2, 2]);
});

it('knows nothing of what was deleted, or never there; a state may be null', () => {
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
