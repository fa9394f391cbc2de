import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { type ChaosOptions, type ChaosReport, runChaos } from './run.ts';

/** A short run with a seed of its own, which repeats the choice of faults. What happened is told when it does not end well. */
export async function shortForm(options: Omit<ChaosOptions, 'seed' | 'onLine'>): Promise<ChaosReport> {
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
