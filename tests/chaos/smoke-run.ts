import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { type ChaosOptions, type ChaosReport, runChaos } from './run.ts';

/**
 * Runs a short plan with a random seed, which repeats the choice of faults. Prints the log of the run when it fails.
 */
export async function smokeRun(options: Omit<ChaosOptions, 'seed' | 'onLine'>): Promise<ChaosReport> {
  const seed = randomBytes(4).toString('hex');
  const lines = [`seed ${seed}`];
  const report = await runChaos({ ...options, seed, onLine: (line) => void lines.push(line) }).catch(
    (error: unknown) => {
      console.error(lines.join('\n'));
      throw error;
    },
  );
  const { verdict } = report;
  if (!verdict.ok) console.error([...lines, JSON.stringify(verdict, null, 2), `logs in ${report.dir}`].join('\n'));
  else rmSync(report.dir, { recursive: true, force: true });
  expect(verdict).toMatchObject({ ok: true, lost: 0, doubled: 0, moved: 0, rowsWrong: [] });
  expect(verdict.count.acknowledged_lost).toBe(0);
  expect(report.struck).toBe(options.faults);
  return report;
}
