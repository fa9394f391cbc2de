import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isModulePath, loadJobs, queueOf } from './module.ts';

const dir = mkdtempSync(join(tmpdir(), 'khipu-jobs-'));
const moduleOf = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};
/** A declared job, as another copy of the SDK marks it. */
const JOB = "const job = (name) => Object.defineProperty({ name }, Symbol.for('khipu.job'), { value: true });";

describe('a module with jobs', () => {
  it('has the queue of its base name, or the one given', async () => {
    const path = moduleOf(
      'my jobs_2.mjs',
      `${JOB} export const a = job('a'); export const other = 1; export default job('b');`,
    );
    const loaded = await loadJobs(path);
    expect([loaded.queue, loaded.jobs.map(({ name }) => name).sort()]).toEqual(['my-jobs-2', ['a', 'b']]);
    expect((await loadJobs(path, 'fast')).queue).toBe('fast');
    expect(queueOf('./src/Orders.v2.ts')).toBe('orders-v2');
  });

  it('is refused when it has no job, two of one name, does not load, or its queue has no name', async () => {
    const cases = [
      [moduleOf('none.mjs', 'export const a = 1;'), undefined, /exports no job/],
      [
        moduleOf('twice.mjs', `${JOB} export const a = job('a'); export const b = job('a');`),
        undefined,
        /two jobs with the name a/,
      ],
      [moduleOf('torn.mjs', 'export const ='), undefined, /torn\.mjs/],
      [join(dir, 'missing.mjs'), undefined, /missing\.mjs/],
      [moduleOf('good.mjs', `${JOB} export const a = job('a');`), 'Not A Queue', /expected at most 63/],
    ] as const;
    for (const [path, queue, message] of cases)
      await expect(loadJobs(path, queue)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(message),
      });
  });

  it('is distinguished from the name of a worker', () => {
    expect(['./jobs.ts', 'jobs.mjs', 'src/jobs', '/tmp/jobs.js'].every(isModulePath)).toBe(true);
    expect(['slm', 'policy-engine', 'job-runner'].some(isModulePath)).toBe(false);
  });
});
