import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../infra/local/home.ts';
import { nodeArgs } from '../../infra/local/roles/roles.ts';
import { plainEnvironment } from '../support/environment.ts';

const TIMEOUT_MS = 15 * 60_000;

interface Outcome {
  readonly figure: string;
  readonly failure: string | null;
  readonly rows: readonly { readonly what: string; readonly ours: Readonly<Record<string, number>> }[];
}

/**
 * The benchmark in its quick form: proves that it runs, on all parts and beside Kafka Streams. Its figures are not
 * checked.
 */
it(
  'measures the runtime beside Kafka Streams',
  async () => {
    const program = join(projectRoot, 'tests', 'bench', 'runtime.ts');
    const args = [...nodeArgs, program, '--quick', '--json', '--only', 'hop,throughput,restore,memory'];
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        args,
        { cwd: projectRoot, env: plainEnvironment(), timeout: TIMEOUT_MS },
        (_, out, err) => resolve({ stdout: out, stderr: err }),
      );
    });
    expect(stdout, stderr).not.toBe('');
    const { outcomes } = JSON.parse(stdout) as { outcomes: readonly Outcome[] };
    expect(outcomes.map(({ figure, failure }) => [figure, failure])).toEqual(
      ['hop', 'throughput', 'restore', 'memory'].map((figure) => [figure, null]),
    );
    for (const { what, ours } of outcomes.flatMap(({ rows }) => rows))
      expect(Math.min(...Object.values(ours)), what).toBeGreaterThanOrEqual(0);
  },
  TIMEOUT_MS,
);
