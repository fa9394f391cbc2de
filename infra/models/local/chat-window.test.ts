import { describe, expect, it } from 'vitest';
import type { SlmMessage } from '../provider.ts';
import { fitWindow } from './chat-window.ts';

const characters = (messages: readonly SlmMessage[]) =>
  messages.reduce((sum, message) => sum + message.content.length, 0);
const talk: readonly SlmMessage[] = [
  { role: 'system', content: 'SYS' },
  { role: 'user', content: 'one' },
  { role: 'assistant', content: 'two' },
  { role: 'user', content: 'three' },
  { role: 'assistant', content: 'four' },
  { role: 'user', content: 'five' },
];
const window = (max: number) => fitWindow(talk, max, characters)?.map((message) => message.content);

describe('the window of a conversation', () => {
  it.each([
    [22, ['SYS', 'one', 'two', 'three', 'four', 'five']],
    [21, ['SYS', 'two', 'three', 'four', 'five']],
    [18, ['SYS', 'three', 'four', 'five']],
    [15, ['SYS', 'four', 'five']],
    [7, ['SYS', 'five']],
  ])('of %i keeps the system message and the latest messages that fit', (max, contents) => {
    expect(window(max)).toEqual(contents);
  });

  it('is null when the last message alone is too long', () => {
    expect(window(6)).toBeUndefined();
    expect(fitWindow(talk.slice(0, 1), 2, characters)).toBeNull();
  });

  it('measures a long conversation in few steps', () => {
    const long = Array.from({ length: 256 }, (): SlmMessage => ({ role: 'user', content: 'x' }));
    let steps = 0;
    const counted = (messages: readonly SlmMessage[]) => {
      steps += 1;
      return messages.length;
    };
    expect(fitWindow(long, 100, counted)).toHaveLength(100);
    expect(steps).toBeLessThanOrEqual(10);
  });
});
