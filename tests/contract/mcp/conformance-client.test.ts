/** The official conformance package against the client of the platform: headers of arguments, and OAuth of a person and of a machine. */
import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { projectRoot } from '../../checks/files.ts';

const run = promisify(execFile);
const PACKAGE = join(projectRoot, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const CLIENT = `${process.execPath} ${join(import.meta.dirname, 'conformance-client.ts')}`;

test.each(['http-custom-headers', 'auth/basic-cimd', 'auth/iss-wrong-issuer', 'auth/client-credentials-basic'])(
  'the client passes %s of 2026-07-28',
  { timeout: 300_000 },
  async (scenario) => {
    const folder = mkdtempSync(join(tmpdir(), 'khipu-conformance-client-'));
    const args = [PACKAGE, 'client', '--command', CLIENT, '--scenario', scenario, '--output-dir', folder];
    args.push('--spec-version', '2026-07-28', '--force', '--timeout', '280000');
    // It ends with 1 when a check fails, and says which in what it printed.
    const { stdout, stderr } = await run(process.execPath, args).catch((error: ExecFileException) => ({
      stdout: error.stdout,
      stderr: error.stderr,
    }));
    const printed = `${stdout}${stderr}`;
    expect(printed.includes('OVERALL: PASSED'), printed).toBe(true);
    rmSync(folder, { recursive: true, force: true });
  },
);
