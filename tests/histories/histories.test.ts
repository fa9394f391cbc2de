import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { historyOf, type JobHistory } from '../../infra/jobs/replay/history.ts';
import { expectReplays, replayJob } from '../../infra/jobs/replay/replay.ts';
import type { JobContext } from '../../infra/jobs/sdk/context.ts';
import type { AnyJob } from '../../infra/jobs/sdk/job.ts';
import * as module from '../fixtures/jobs/recorded-jobs.ts';

const folder = new URL('../fixtures/histories/', import.meta.url);
const histories: readonly (readonly [string, JobHistory])[] = readdirSync(folder).map((file) => [
  file,
  historyOf(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
]);

/** The jobs of today, by name. */
const jobs = new Map(Object.values(module).map((job): [string, AnyJob] => [job.name, job as unknown as AnyJob]));
const jobOf = ({ type }: JobHistory): AnyJob => {
  const job = jobs.get(type);
  if (job === undefined) throw new Error(`no fixture is a job ${type}`);
  return job;
};

test.each(histories)('the code of today fits %s', async (_, history) => {
  await expectReplays(jobOf(history), history);
});

test('the histories have all that a job can record', () => {
  const all = histories.map(([, history]) => history);
  const entries = all.flatMap((history) => history.entries);
  const valuesOf = (values: readonly unknown[]): readonly unknown[] => [...new Set(values)].sort();
  expect(valuesOf(all.map(({ status }) => status))).toEqual(['completed', 'failed', 'running']);
  expect(valuesOf(entries.map(({ kind }) => kind))).toEqual([
    ...['child', 'model', 'now', 'patch', 'signal', 'sleep', 'step'],
  ]);
  expect(valuesOf(entries.map(({ outcome }) => outcome))).toEqual(['completed', 'failed']);
  // Repeated steps, branches in branches, later uses of a name, runs of a fork and after a takeover.
  expect(entries.some(({ attempts }) => attempts === 3)).toBe(true);
  expect(entries.some(({ path }) => path.split('/').length > 2)).toBe(true);
  expect(entries.some(({ nth }) => nth === 3)).toBe(true);
  expect(entries.some(({ generation }) => generation === 0)).toBe(true);
  expect(entries.some(({ generation }) => generation > 2)).toBe(true);
});

/** Returns a job whose code has given its steps other names. */
const renamed = (job: AnyJob): AnyJob => ({ ...job, run: (ctx, input) => job.run(inOtherNames(ctx), input) });

function inOtherNames(ctx: JobContext): JobContext {
  const inBranch = (run: (branch: JobContext) => unknown) => (branch: JobContext) => run(inOtherNames(branch));
  return {
    ...ctx,
    step: (name, run, options) => ctx.step(`${name} renamed`, run, options),
    all: (branches) =>
      ctx.all(
        Array.isArray(branches)
          ? branches.map(inBranch)
          : Object.fromEntries(Object.entries(branches).map(([label, run]) => [label, inBranch(run)])),
      ) as never,
  };
}

test('a renamed step fits none of them, and both names are reported', async () => {
  const replays = histories.map(async ([file, history]) => [file, await replayJob(renamed(jobOf(history)), history)]);
  for (const [file, replayed] of await Promise.all(replays))
    expect([file, replayed]).toEqual([
      file,
      expect.objectContaining({
        ...{ same: false, end: 'the code does not fit the journal' },
        difference: expect.stringMatching(
          /^the journal has \w+ '.+'; the code asks for step '.+ renamed(#\d)?' instead$/,
        ),
      }),
    ]);
});
