import { expect, test } from 'vitest';
import { scheduleCommandsOf, whenText } from './schedules.ts';

test('a schedule says when it is due', () => {
  const zone = { time_zone: 'Europe/Berlin' };
  expect(whenText({ cron: '0 2 * * *', interval_ms: null, ...zone })).toBe('0 2 * * * Europe/Berlin');
  expect(whenText({ cron: null, interval_ms: 300_000, ...zone })).toBe('every 5 min');
  expect(whenText({ cron: null, interval_ms: null, ...zone })).toBe('');
});

test('a schedule takes the commands that its status allows', () => {
  expect(scheduleCommandsOf({ status: 'active' })).toEqual(['pause', 'trigger']);
  expect(scheduleCommandsOf({ status: 'paused' })).toEqual(['resume', 'trigger']);
});
