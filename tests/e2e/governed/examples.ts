import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TestPlatform } from '../../support/platform.ts';

/** The commands that the API reference and the quickstart show are these files. */
export function describeExamples(platform: () => TestPlatform): void {
  describe('the examples of the documentation', () => {
    test('run as they are shown', { timeout: 240_000 }, async () => {
      const { url, apiKey } = platform();
      const { stdout } = await promisify(execFile)('bash', ['docs/examples/run-all.sh'], {
        env: { ...platform().env, KHIPU_URL: url, KHIPU_API_KEY: apiKey },
      });
      expect(stdout).toContain('every example ran');
    });
  });
}
