import { expect, test, vi } from 'vitest';
import type { PlatformEvent } from '../platform-event.ts';
import { createProgress, describeEvent } from './progress.ts';

const event = (name: string, state: PlatformEvent['state'], ms = 0, detail = ''): PlatformEvent => ({
  name,
  kind: 'part',
  state,
  ms,
  detail,
});

const recorder = (isLive: boolean) => {
  let text = '';
  return {
    isLive,
    write: (more: string) => {
      text += more;
    },
    text: () => text,
  };
};

test('a line has name, state, time and reason', () => {
  expect(describeEvent(event('kafka', 'ready', 2_120))).toBe('✓ kafka        ready 2.1 s');
  expect(describeEvent(event('gateway', 'failed', 90, 'ended with 1\nlog…'))).toBe(
    '✗ gateway      failed 0.1 s  ended with 1',
  );
});

test('without a terminal every change is one plain line', () => {
  const output = recorder(false);
  const progress = createProgress(output, () => 1_000);
  progress.event(event('kafka', 'starting'));
  progress.event(event('kafka', 'ready', 500));
  progress.note('done');
  progress.end();
  expect(output.text().split('\n')).toEqual([
    '  0.0 s  … kafka        starting',
    '  0.0 s  ✓ kafka        ready 0.5 s',
    'done',
    '',
  ]);
});

test('a terminal is repainted at most twice a second, whatever changes, and shows the last state in the end', () => {
  vi.useFakeTimers();
  const output = recorder(true);
  const progress = createProgress(output);
  for (let ms = 0; ms < 10_000; ms += 50) {
    progress.event(event('kafka', 'restarting', 1_000 + ms));
    vi.advanceTimersByTime(50);
  }
  progress.event(event('kafka', 'ready', 10_000));
  progress.end();
  vi.useRealTimers();
  const repaints = output.text().split('\u001b[0J');
  expect(repaints.length).toBeGreaterThan(10);
  expect(repaints.length).toBeLessThanOrEqual(22);
  expect(repaints.at(-1)).toBe('✓ kafka        ready 10.0 s\n');
});

test('a terminal whose steps do not change is not repainted', () => {
  vi.useFakeTimers();
  const output = recorder(true);
  const progress = createProgress(output);
  progress.event(event('kafka', 'ready', 500));
  vi.advanceTimersByTime(2_000);
  const painted = output.text();
  vi.advanceTimersByTime(10_000);
  progress.end();
  vi.useRealTimers();
  expect(painted).toBe('✓ kafka        ready 0.5 s\n');
  expect(output.text()).toBe(painted);
});

test('a terminal shows one line per step, redrawn', () => {
  const output = recorder(true);
  const progress = createProgress(output, () => 0);
  progress.event(event('kafka', 'starting'));
  progress.event(event('redis', 'ready', 100));
  progress.event(event('kafka', 'ready', 2_000));
  progress.end();
  const screen = output.text().split('\u001b[0J').at(-1);
  expect(screen).toBe('✓ kafka        ready 2.0 s\n✓ redis        ready 0.1 s\n');
});
