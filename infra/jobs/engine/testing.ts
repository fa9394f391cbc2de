import { z } from 'zod';
import { stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntry, JobWait } from '../../../schemas/generated/records.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import { payloadsIn } from '../files/payloads.ts';
import { MemoryFiles } from '../files/testing.ts';
import type { JobContext } from '../sdk/context.ts';
import { type AnyJob, job } from '../sdk/job.ts';
import type { GivenSimulation, Report, RunEnd } from './contract.ts';
import { execute } from './execute.ts';
import { idempotencyKeyOf } from './keys.ts';

export const TENANT_ID = 'demo';
export const JOB_ID = '0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10';

/** Returns a job of any input and output that does what `run` does. */
export const doing = (
  run: (ctx: JobContext, input: never) => Promise<unknown>,
  over: Partial<AnyJob> = {},
): AnyJob => ({
  ...job({ name: 'test', version: 1, title: 'A test', input: z.unknown(), output: z.unknown(), run: run as never }),
  ...over,
});

/** Thrown by a commit that the test lets fail: the process has died before it. */
export class Crash extends Error {}

export interface TestRunOptions {
  /** Number of commits of the run that succeed; the next one is a crash. */
  readonly commits?: number;
  readonly clock?: Clock;
  readonly stop?: AbortSignal;
  readonly finishSteps?: AbortSignal;
  /** Called before each commit. */
  readonly onCommit?: (reports: readonly Report[]) => Promise<void> | void;
}

/** A job with its journal, as the platform keeps it: each run is given what the earlier ones have recorded. */
export class TestJob {
  readonly job: AnyJob;
  /** Its input in the record. */
  payload: string;
  /** Entries in the order in which they were kept, one per key. */
  entries: JobEntry[] = [];
  /** Waits without an entry, by key; the first of a key stays. */
  readonly waits = new Map<string, JobWait>();
  /** Every report of every run, in order. */
  readonly reports: Report[] = [];
  /** Number of reports in each commit. */
  readonly commits: number[] = [];
  /** Where its payloads above 64 KiB are. */
  readonly files = new MemoryFiles();
  /** Of a simulated job: what it is answered from. */
  simulation: GivenSimulation | null = null;
  generation = 0;

  constructor(job: AnyJob, input: unknown = null) {
    this.job = job;
    this.payload = JSON.stringify(input);
  }

  /** Runs the job once, by the code of `job`. Rejects with Crash when it crashed. */
  async run(options: TestRunOptions = {}, job = this.job): Promise<RunEnd> {
    this.generation += 1;
    let commits = 0;
    const never = new AbortController().signal;
    const end = await execute(
      job,
      {
        ...{ jobId: JOB_ID, tenantId: TENANT_ID, generation: this.generation, input: this.payload },
        isBatch: job.batch !== undefined,
        entries: [...this.entries],
        simulation: this.simulation,
      },
      {
        clock: options.clock ?? systemClock,
        payloads: payloadsIn(this.files, TENANT_ID),
        stop: options.stop ?? never,
        finishSteps: options.finishSteps ?? never,
        commit: async (reports) => {
          if (commits >= (options.commits ?? Number.POSITIVE_INFINITY)) throw new Crash('the process died');
          commits += 1;
          await options.onCommit?.(reports);
          this.commits.push(reports.length);
          this.#keep(reports);
        },
      },
    );
    this.#keep(end.reports);
    return end;
  }

  /** Ends a wait as the processor does. `of` is its key, such as `/sleep/1`; default: the oldest. */
  resolve(output: unknown = null, of = this.waits.keys().next().value, failure?: readonly [string, string]): void {
    const wait = this.waits.get(of ?? '');
    if (wait === undefined) throw new Error(`no wait ${of}`);
    this.waits.delete(of ?? '');
    if (wait.kind === 'retry') return;
    const { path, name, nth, kind } = wait;
    const [code, detail] = failure ?? [null, null];
    this.#put({
      ...{ path, name, nth, kind, outcome: failure === undefined ? 'completed' : 'failed', code, detail, attempts: 1 },
      ...{ output: failure === undefined ? JSON.stringify(output) : null, generation: this.generation + 1 },
      ...{ startedAt: 0, endedAt: 0 },
    });
  }

  /** Runs the job to its end, and ends every wait between the runs. `commits` counts for each run. */
  async complete(options: TestRunOptions = {}): Promise<RunEnd> {
    for (let runs = 0; runs < 1_000; runs += 1) {
      const end = await this.run(options);
      if (end.outcome !== 'waiting') return end;
      for (const key of [...this.waits.keys()]) this.resolve(null, key);
    }
    throw new Error('the job does not end');
  }

  /** Ends the open waits of a simulated job as the record has them. Returns whether there were any. */
  answerFromRecord(): boolean {
    const before = this.waits.size;
    for (const [key, { recorded }] of [...this.waits]) {
      if (recorded === null) continue;
      this.waits.delete(key);
      this.#put({ ...recorded, generation: this.generation + 1 });
    }
    return this.waits.size < before;
  }

  /** Runs a simulated job to its end, when policy allows all. A job that nothing lets go on ends as the last run did. */
  async simulate(options: TestRunOptions = {}): Promise<RunEnd> {
    for (let runs = 0; runs < 1_000; runs += 1) {
      const end = await this.run(options);
      if (end.outcome !== 'waiting' || !this.answerFromRecord()) return end;
    }
    throw new Error('the job does not end');
  }

  /** Returns the idempotency keys of the steps that have finished. */
  idempotencyKeysOf(): readonly string[] {
    const finished = this.entries.filter(({ kind, outcome }) => kind === 'step' && outcome === 'completed');
    return finished.map((entry) => idempotencyKeyOf(JOB_ID, entry));
  }

  get kept(): readonly string[] {
    return this.entries.map((entry) => `${stepKey(entry)} ${entry.kind} ${entry.outcome}`);
  }

  #keep(reports: readonly Report[]): void {
    this.reports.push(...reports);
    for (const report of reports) {
      if (report.kind === 'entry') this.#put(report.entry);
      if (report.kind === 'wait') {
        const key = stepKey(report.wait);
        const known =
          this.waits.has(key) || this.entries.some((entry) => stepKey(entry) === key && report.wait.kind !== 'retry');
        if (!known) this.waits.set(key, report.wait);
      }
    }
  }

  #put(entry: JobEntry): void {
    this.entries = [...this.entries.filter((each) => stepKey(each) !== stepKey(entry)), entry];
  }
}

/** Lets everything happen that waits for no time; returns whether `running` has settled. */
export async function settles(running: Promise<unknown> = new Promise(() => undefined)): Promise<boolean> {
  let over = false;
  const settled = (): void => {
    over = true;
  };
  running.then(settled, settled);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return over;
}
