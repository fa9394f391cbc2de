import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

function queueOf(...items: [string, string][]): FairQueue<string> {
  const queue = new FairQueue<string>({ waitingMax: 6, waitingPerKeyMax: 4 });
  for (const [key, item] of items) expect(queue.push(key, item)).toBeNull();
  return queue;
}

function rest(queue: FairQueue<string>): string[] {
  return Array.from({ length: queue.size }, () => queue.shift() ?? 'nothing');
}

describe('the fair queue', () => {
  it('lets keys take turns and keeps order within a key', () => {
    const queue = queueOf(['a', 'a1'], ['a', 'a2'], ['a', 'a3'], ['b', 'b1'], ['c', 'c1'], ['b', 'b2']);
    expect(rest(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(queue.shift()).toBeUndefined();
  });

  it('puts a returning key behind the waiting keys', () => {
    const queue = queueOf(['a', 'a1'], ['b', 'b1']);
    expect(queue.shift()).toBe('a1');
    queue.push('a', 'a2');
    expect(rest(queue)).toEqual(['b1', 'a2']);
  });

  it('does not serve a key twice while another waits', () => {
    const queue = queueOf(['a', 'a1']);
    expect(queue.shift()).toBe('a1');
    queue.push('a', 'a2');
    queue.push('b', 'b1');
    expect(rest(queue)).toEqual(['b1', 'a2']);
  });

  it('rejects items above the bound of a key or of the queue', () => {
    const queue = queueOf(['a', 'a1'], ['a', 'a2'], ['a', 'a3'], ['a', 'a4']);
    expect(queue.push('a', 'a5')).toBe('key-full');
    queue.push('b', 'b1');
    queue.push('c', 'c1');
    expect(queue.push('d', 'd1')).toBe('full');
    expect(queue.size).toBe(6);
  });

  it('removes an item once, at any position', () => {
    const queue = queueOf(['a', 'a1'], ['a', 'a2'], ['b', 'b1']);
    expect(queue.remove('a', 'a1')).toBe(true);
    expect(queue.remove('a', 'a1')).toBe(false);
    expect(queue.remove('b', 'b1')).toBe(true);
    expect(rest(queue)).toEqual(['a2']);
  });

  it('is empty after drain', () => {
    const queue = queueOf(['a', 'a1'], ['b', 'b1']);
    expect(queue.drain().toSorted()).toEqual(['a1', 'b1']);
    expect(queue.size).toBe(0);
    expect(queue.shift()).toBeUndefined();
  });
});
