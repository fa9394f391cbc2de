import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runChaos } from './run.ts';

/** The short form of `npm run chaos:brokers`. */
it('three brokers, one killed at a time under load: no acknowledged record lost, none doubled', async () => {
  const seed = randomBytes(4).toString('hex');
  const lines: string[] = [`seed ${seed}`];
  const onLine = (line: string): void => void lines.push(line);
  const report = await runChaos({ seed, faults: 3, driver: 'kafkajs', brokers: 3, only: 'restart', onLine }).catch(
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
  expect(report.struck).toBe(3);
});
