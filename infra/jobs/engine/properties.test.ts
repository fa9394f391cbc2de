import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOfFork } from '../../../schemas/contexts/jobs.ts';
import type { JobEntry } from '../../../schemas/generated/records.ts';
import { idempotencyKeyOf } from './keys.ts';
import { perform, program, turn } from './program-testing.ts';
import { Crash, doing, JOB_ID, TestJob } from './testing.ts';

/** What happens to a job: crashes after so many commits, run by run, and which waits end when. */
const fate = fc.record({ crashes: fc.array(fc.nat(4), { maxLength: 6 }), ends: fc.infiniteStream(fc.nat(7)) });

describe('any program of steps, waits, branches and races', () => {
  it('ends through any crashes and any order of waits: no finished step is run again, and every run fits the journal', async () => {
    await fc.assert(
      fc.asyncProperty(program, fate, async (what, { crashes, ends }) => {
        const attempts: string[] = [];
        const again: string[] = [];
        const finished = new Set<string>();
        const test = new TestJob(
          doing((ctx) =>
            perform(ctx, '', what, (key) => {
              if (finished.has(key)) again.push(key);
              attempts.push(key);
            }),
          ),
        );
        const stream = ends[Symbol.iterator]();
        const endSome = (): void => {
          for (const key of [...test.waits.keys()]) if ((stream.next().value ?? 0) < 3) test.resolve(key, key);
        };
        const crash = [...crashes];
        for (let runs = 0; ; runs += 1) {
          expect(runs).toBeLessThan(200);
          const commits = crash.shift();
          try {
            const end = await test.run({
              ...(commits !== undefined && { commits }),
              onCommit: async () => {
                endSome();
                await turn();
              },
            });
            if (end.outcome === 'completed') break;
            expect(end).toMatchObject({ outcome: 'waiting' });
          } catch (error) {
            if (!(error instanceof Crash)) throw error;
          }
          endSome();
          for (const key of test.idempotencyKeysOf()) finished.add(key);
        }
        expect(again).toEqual([]);
        // The whole journal again: nothing runs, and the result is the same.
        const before = attempts.length;
        const last = await test.run();
        expect([last.outcome, attempts.length]).toEqual(['completed', before]);
      }),
      { numRuns: 300 },
    );
  });

  it('resumes at any cut of its journal with the same result', async () => {
    await fc.assert(
      fc.asyncProperty(program, fc.nat(), async (what, cut) => {
        const test = new TestJob(doing((ctx) => perform(ctx, '', what, () => undefined)));
        const whole = await test.complete();
        expect(whole.outcome).toBe('completed');
        const known = test.entries.slice(0, cut % (test.entries.length + 1));
        const attempts: string[] = [];
        const resumed = new TestJob(doing((ctx) => perform(ctx, '', what, (key) => attempts.push(key))));
        resumed.entries = known;
        resumed.generation = test.generation;
        const finished = new Set(resumed.idempotencyKeysOf());
        expect((await resumed.complete()).outcome).toBe('completed');
        expect(attempts.filter((key) => finished.has(key))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('forks at any cut: exactly the steps that the fork does not take run, and its journal fits every later run', async () => {
    await fc.assert(
      fc.asyncProperty(program, fate, fc.nat(), async (what, { ends }, cut) => {
        const handler = (onAttempt: (key: string) => void) =>
          doing((ctx) => perform(ctx, '', what, (key) => onAttempt(key)));
        const source = new TestJob(handler(() => undefined));
        const stream = ends[Symbol.iterator]();
        const endSome = (): void => {
          for (const key of [...source.waits.keys()]) if ((stream.next().value ?? 0) < 3) source.resolve(key, key);
        };
        for (let runs = 0; ; runs += 1) {
          expect(runs).toBeLessThan(200);
          const end = await source.run({
            onCommit: async () => {
              endSome();
              await turn();
            },
          });
          if (end.outcome === 'completed') break;
          endSome();
        }
        const recorded = source.entries.filter(({ outcome }) => outcome !== 'attempted');
        const attempts: string[] = [];
        const fork = new TestJob(handler((key) => attempts.push(key)));
        fork.entries = [...entriesOfFork(recorded.slice(0, cut % (recorded.length + 1)))];
        const taken = new Set(fork.idempotencyKeysOf());
        expect((await fork.complete()).outcome).toBe('completed');
        expect(attempts.filter((key) => taken.has(key))).toEqual([]);
        const isOwn = ({ kind, name, generation }: JobEntry) =>
          kind === 'step' && !name.startsWith('won') && generation > 0;
        const ran = fork.entries.filter(isOwn).map((entry) => idempotencyKeyOf(JOB_ID, entry));
        expect(ran.filter((key) => !attempts.includes(key))).toEqual([]);
        const before = attempts.length;
        const last = await fork.run();
        expect([last.outcome, attempts.length]).toEqual(['completed', before]);
      }),
      { numRuns: 300 },
    );
  });
});
