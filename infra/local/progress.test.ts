import { expect, test } from 'vitest';
import type { PlatformEvent } from './platform-event.ts';
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

test('a line names who, what, how long and why', () => {
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

test('a terminal shows one line a step, drawn over', () => {
  const output = recorder(true);
  const progress = createProgress(output, () => 0);
  progress.event(event('kafka', 'starting'));
  progress.event(event('redis', 'ready', 100));
  progress.event(event('kafka', 'ready', 2_000));
  progress.end();
  const screen = output.text().split('\u001b[2A\u001b[0J').at(-1);
  expect(screen).toBe('✓ kafka        ready 2.0 s\n✓ redis        ready 0.1 s\n');
});
