import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runChaos } from './run.ts';

/** The short form of `npm run chaos:kill`; the seed, which repeats the choice of faults, is told when it fails. */
it('thirty aimed faults: nothing lost, nothing doubled, nothing out of order', async () => {
  const lines: string[] = [];
  const strike = () => {
    const seed = randomBytes(4).toString('hex');
    lines.push(`seed ${seed}`);
    return runChaos({ seed, faults: 30, driver: 'kafkajs', onLine: (line) => void lines.push(line) });
  };
  const report = await strike()
    .catch((error: unknown) => {
      // Known and open (docs/reference/reliability.md): after a broker was killed, a group of kafkajs may be left behind.
      // That is told and struck once more; what was lost or doubled is not.
      if (!String(error).includes('GROUP_STUCK')) throw error;
      console.error([...lines.splice(0), String(error)].join('\n'));
      return strike();
    })
    .catch((error: unknown) => {
      console.error(lines.join('\n'));
      throw error;
    });
  const { verdict } = report;
  if (!verdict.ok) console.error([...lines, JSON.stringify(verdict, null, 2), `logs in ${report.dir}`].join('\n'));
  else rmSync(report.dir, { recursive: true, force: true });
  expect(verdict).toMatchObject({ ok: true, lost: 0, doubled: 0, moved: 0, rowsWrong: [] });
  expect(report.struck).toBe(30);
  // Under load a moment may not come in time; most must, or the run says little.
  expect(report.aimed).toBeGreaterThan(20);
});
