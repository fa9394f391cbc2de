/**
 * Adds the context of tests/fixtures/add-a-context to a copy of the tree and runs every check on it. Fails at the first
 * step that fails, and prints its output.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { contextSteps } from './steps.ts';
import { contextFiles, copyWithContext, registeredFiles } from './tree.ts';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
/** The tests that map over the routes try those of the context: the tree's own are tried in the tree. */
const env = { ...process.env, TRIED_PATHS: '^/v1/reminders' };

const root = copyWithContext();
try {
  console.log(`${contextFiles().length} new files, ${registeredFiles().length} registrations, in a copy of the tree`);
  for (const { name, what, command, args } of contextSteps()) {
    const startedMs = performance.now();
    await run(command, args, { cwd: root, env, maxBuffer: OUTPUT_BYTES_MAX });
    console.log(`ok ${name.padEnd(10)} ${((performance.now() - startedMs) / 1000).toFixed(1).padStart(5)} s  ${what}`);
  }
} catch (error) {
  const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
  console.error(`error ADD_A_CONTEXT: ${message}\n${stdout}\n${stderr}`);
  process.exitCode = 1;
} finally {
  rmSync(root, { recursive: true });
}
