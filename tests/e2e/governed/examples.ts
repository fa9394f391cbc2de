import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../../infra/local/home.ts';
import { writeEnvFiles } from '../../../infra/local/local-env.ts';
import type { TestPlatform } from '../../support/platform.ts';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
/** Shell of the README's section "Call it". */
const [, callIt = ''] = /^## Call it\n\n```sh\n([\s\S]*?)^```$/m.exec(readme) ?? [];

/** Creates a folder that has the env files of the platform, like a checkout in which it was started. */
function folderOf({ url, apiKey, parts }: TestPlatform): string {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-readme-'));
  mkdirSync(join(folder, '.khipu'));
  writeEnvFiles(join(folder, '.khipu'), { KHIPU_URL: url, KHIPU_API_KEY: apiKey, ...parts.env });
  return folder;
}

/** Runs the calls of the README, and the example files shown in the API reference and the quickstart. */
export function describeExamples(platform: () => TestPlatform): void {
  describe('the examples of the documentation', () => {
    test('run unchanged', { timeout: 240_000 }, async () => {
      const { url, apiKey } = platform();
      const { stdout } = await promisify(execFile)('bash', ['docs/examples/run-all.sh'], {
        env: { ...platform().env, KHIPU_URL: url, KHIPU_API_KEY: apiKey },
      });
      expect(stdout).toContain('every example ran');
    });

    test('of the README run verbatim, in one shell that has sourced client.env alone', async () => {
      const cwd = folderOf(platform());
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', callIt], {
        cwd,
        env: { PATH: process.env['PATH'] },
      });
      expect(stdout).toContain('event: turn.completed');
      expect(stdout).toContain('"items"');
      rmSync(cwd, { recursive: true });
    });
  });
}
