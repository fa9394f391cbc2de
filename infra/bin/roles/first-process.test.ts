import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { endWhileStarting, isStarted } from './first-process.ts';

const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
afterEach(() => {
  isStarted();
  exit.mockClear();
});

afterAll(() => exit.mockRestore());

it('the first process of a container ends at a signal until its role is started', () => {
  const before = process.listenerCount('SIGTERM');
  endWhileStarting(1);
  process.emit('SIGTERM');
  expect(exit).toHaveBeenCalledExactlyOnceWith(143);
  isStarted();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

it('any other process keeps the default action of the kernel', () => {
  const before = process.listenerCount('SIGTERM');
  endWhileStarting(2);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
