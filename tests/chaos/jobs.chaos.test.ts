import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runAgentsChaos } from './agents/run.ts';
import { runJobsChaos } from './jobs/run.ts';

/** The short form of `npm run chaos:jobs`. */
it('six aimed faults over jobs: no result lost or doubled, no finished step run again', async () => {
  const seed = randomBytes(4).toString('hex');
  const lines = [`seed ${seed}`];
  const onLine = (line: string): void => void lines.push(line);
  const report = await runJobsChaos({ seed, faults: 6, driver: 'kafkajs', onLine }).catch((error: unknown) => {
    console.error(lines.join('\n'));
    throw error;
  });
  const { verdict, rowsDiffer, struck, dir } = report;
  if (!verdict.ok) console.error([...lines, JSON.stringify(verdict, null, 2), `logs in ${dir}`].join('\n'));
  else rmSync(dir, { recursive: true, force: true });
  expect(verdict).toMatchObject({ ok: true, problems: {} });
  expect({ rowsDiffer, struck }).toEqual({ rowsDiffer: 0, struck: 6 });
  expect(verdict.jobs).toBeGreaterThan(0);
});

/** The short form of `npm run chaos:agents`. */
it('five aimed faults over agents: no payment twice or lost, no approval lost or used for other arguments', async () => {
  const seed = randomBytes(4).toString('hex');
  const lines = [`seed ${seed}`];
  const onLine = (line: string): void => void lines.push(line);
  const report = await runAgentsChaos({ seed, faults: 5, driver: 'kafkajs', onLine }).catch((error: unknown) => {
    console.error(lines.join('\n'));
    throw error;
  });
  const { verdict, missingNotices, struck, gateways, dir } = report;
  if (!verdict.ok) console.error([...lines, JSON.stringify(verdict, null, 2), `logs in ${dir}`].join('\n'));
  else rmSync(dir, { recursive: true, force: true });
  expect(verdict).toMatchObject({ ok: true, problems: {} });
  expect({ missingNotices, struck, gateways }).toEqual({ missingNotices: 0, struck: 4, gateways: 1 });
  expect(verdict.payments).toBeGreaterThan(0);
});
