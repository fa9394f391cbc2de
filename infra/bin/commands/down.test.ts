import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stopPlatform, stoppedText } from './down.ts';

test('a stop without a platform is no error, and says so', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'khipu-down-'));
  const stopped = await stopPlatform(dir);
  rmSync(dir, { recursive: true });
  expect(stopped).toEqual({ stopped: false, ms: 0, ended: [] });
  expect(stoppedText(stopped)).toBe('Nothing runs.');
});

test('a stop reports its time, and the processes of a killed start', () => {
  expect(stoppedText({ stopped: true, ms: 8_312, ended: [] })).toBe('Stopped in 8.3 s.');
  expect(stoppedText({ stopped: false, ms: 0, ended: ['kafka'] })).toMatch(/left by a killed start: kafka\.$/);
});
