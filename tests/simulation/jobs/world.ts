import { stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntry, RunJob } from '../../../schemas/generated/records.ts';
import {
  cancelJob,
  endJobRun,
  forkJob,
  jobType,
  pauseJob,
  resumeJob,
  retryJob,
  signalJob,
  slmCompleted,
  startJob,
} from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { agents } from '../../../streams/agents/agents.ts';
import { noLimits } from '../../../streams/jobs/admission/limits.ts';
import type { Slots } from '../../../streams/jobs/admission/state.ts';
import { jobAdmission } from '../../../streams/jobs/job-admission.ts';
import { jobJournal } from '../../../streams/jobs/job-journal.ts';
import { jobs } from '../../../streams/jobs/jobs.ts';
import type { JobState } from '../../../streams/jobs/state.ts';
import { createDriver, type Driver, type StandIn } from '../../../streams/kernel/driver.ts';
import { type AnyRecord, apart, type TopologyLayout, topology, topologyOf, worker } from '../../../streams/kernel.ts';
import { policy } from '../../../streams/policy/policy.ts';
import { activated, engineWith, options, published } from '../../../streams/policy/testing.ts';
import { slm } from '../../../streams/slm/slm.ts';
import type { Random } from '../random.ts';
import type { KeyedOp, Program } from './program.ts';
import { Run } from './run.ts';

/** One execution of a step. */
export interface Effect extends Pick<KeyedOp, 'key' | 'index'> {
  readonly jobId: string;
  readonly generation: number;
}

/** Work of a run that has not ended, with the place of its job. */
interface Unfinished {
  readonly work: RunJob;
  readonly place: string | null;
  /** The run, once a worker has begun it. */
  run: Run | null;
  stopping: Run['stopping'];
}

/**
 * How a job of the users is limited: not at all, by its concurrency key alone, by its type, run with other starts, or run by run as
 * batch work is.
 */
export const limitKinds = ['none', 'x', 'y', 'pair', 'batch', 'runs'] as const;
export type LimitKind = (typeof limitKinds)[number];

/** Limits of the type `pair`: two at once, and three begin in a row. */
const pair = { ...noLimits, max: 2, rateLimit: 3, ratePeriodMs: 30_000 };
/** Limits of the type `batch`: up to three starts together, two batches at once. */
const batch = { ...noLimits, max: 2, batchMax: 3, batchWaitMs: 20_000 };
/** Limits of the type `runs`: one run at once. A job that waits, or is to be repeated, gives its slot to another one. */
const runs = { ...noLimits, max: 1, isPerRun: true };

const asked = { principal: 'key-1', capabilities: ['*'], credential: null, labels: [] };
const LEAKS = 0.5;

const runner = worker({
  name: 'job-runner',
  inputs: [topics.jobsWork],
  outputs: [topics.jobsReports],
  key: ({ data }) => data.jobId,
  concurrencyMax: 1,
  attemptsMax: 1,
  deadlineMs: 1,
});

const model: StandIn = {
  worker: slm,
  respond(record) {
    if (record.type !== 'SlmRequested') return [];
    const { subjectId, origin, requestId } = record.data;
    const answer = {
      attempt: 1,
      text: 'knots',
      modelId: 'm',
      finishReason: 'stop',
      toolCalls: [],
      latencyMs: 1,
      cost: null,
    } as const;
    return [
      slmCompleted({
        moderation: null,
        subjectId,
        origin,
        requestId,
        ...answer,
        tokensConsumed: { prompt: 1, completion: 1 },
      }),
    ];
  },
};

/** Jobs, their journal and policy on the in-memory driver, with a model of the workers and of the users. */
export class World {
  readonly driver: Driver;
  readonly programs: readonly Program[];
  readonly effects: Effect[] = [];
  readonly started = new Map<string, number>();
  readonly #random: Random;
  readonly #pages = new Map<string, Map<number, readonly JobEntry[]>>();
  #unfinished: Unfinished[] = [];
  #zombies: Run[] = [];
  #nowMs = Date.UTC(2026, 0, 1);

  constructor(random: Random, programs: readonly Program[], layout: TopologyLayout) {
    this.#random = random;
    this.programs = programs;
    const members = [policy(engineWith(), options), jobs, jobJournal, agents(() => [])];
    const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
    this.driver = createDriver({
      topologies: [...(layout === 'chained' ? [core] : apart(core)), topologyOf(jobAdmission)],
      standIns: [model, { worker: runner, respond: (record, { place }) => this.#take(record, place) }],
      choose: (count) => random.between(0, count - 1),
      startMs: this.#nowMs,
    });
    const type = { type: 'model', version: 1, queue: 'default', title: '', inputSchema: '{}', outputSchema: '{}' };
    const retry = { attemptsMax: 3, firstDelayMs: 1_000, delayMaxMs: 10_000 };
    const types = [
      jobType({ ...type, retry, registeredAt: 1, limits: null }),
      jobType({ ...type, type: 'pair', retry, registeredAt: 1, limits: pair }),
      jobType({ ...type, type: 'batch', retry, registeredAt: 1, limits: batch }),
      jobType({ ...type, type: 'runs', retry, registeredAt: 1, limits: runs }),
    ];
    for (const record of [published('1'), activated('1'), ...types]) this.driver.append(record);
  }

  state = (jobId: string): JobState | undefined => this.driver.state('jobs', jobId) as JobState | undefined;

  slots = (slotKey: string): Slots | undefined => this.driver.state('job-admission', slotKey) as Slots | undefined;

  /* What users do. */

  start(program: number, limited: LimitKind = 'none'): string {
    const jobId = this.#newJob(program);
    this.driver.append(
      startJob({
        ...{
          ...asked,
          jobId,
          type: limited === 'pair' || limited === 'batch' || limited === 'runs' ? limited : 'model',
          input: `${program}`,
          runAt: null,
          deadline: null,
          lane: 'standard',
        },
        concurrencyKey: limited === 'x' || limited === 'y' ? limited : null,
        ...{ retry: null, tags: [] },
      }),
    );
    return jobId;
  }

  /** Returns the results of a job, in the order in which they were kept. */
  resultsOf(jobId: string): readonly JobEntry[] {
    const results = new Map<string, JobEntry>();
    for (const { record } of this.driver.records('jobs.journal'))
      if (record.type === 'JobEntryKept' && record.data.jobId === jobId) {
        const { entry } = record.data;
        results.delete(stepKey(entry));
        if (entry.outcome !== 'attempted') results.set(stepKey(entry), entry);
      }
    return [...results.values()];
  }

  /** Starts a job with the first `count` results of another one. */
  fork(from: string, count: number): string {
    const program = this.started.get(from);
    const jobId = this.#newJob(program ?? 0);
    const results = this.resultsOf(from);
    const { path, name, nth } = results[count] ?? { path: '', name: '', nth: 0 };
    this.driver.append(
      forkJob({
        ...{ ...asked, jobId, type: 'model', input: `${program}`, lane: 'standard', concurrencyKey: null, tags: [] },
        ...{ forkedFrom: { jobId: from, path, name, nth }, entries: results.slice(0, count) },
        ...{ simulation: null, recorded: [] },
      }),
    );
    return jobId;
  }

  #newJob(program: number): string {
    const jobId = `00000000-0000-4000-8000-${String(this.started.size).padStart(12, '0')}`;
    this.started.set(jobId, program);
    return jobId;
  }

  signal = (jobId: string, name: string): unknown =>
    this.driver.append(signalJob({ ...asked, jobId, name, payload: '1' }), this.#placeOf(jobId));
  resume = (jobId: string): unknown => this.driver.append(resumeJob({ ...asked, jobId }), this.#placeOf(jobId));
  retry = (jobId: string): unknown => this.driver.append(retryJob({ ...asked, jobId }), this.#placeOf(jobId));
  pause = (jobId: string, mode: string): unknown =>
    this.driver.append(pauseJob({ jobId, principal: 'ana', reason: 'lunch', mode }), this.#placeOf(jobId));
  cancel = (jobId: string): unknown =>
    this.driver.append(cancelJob({ jobId, principal: 'ana', reason: 'done' }), this.#placeOf(jobId));

  advance(ms: number): void {
    this.#nowMs += ms;
    this.driver.advance(ms);
  }

  /** The worker finds that its code does not fit the journal of a run. */
  mismatch(): void {
    if (this.#unfinished.length === 0) return;
    const current = this.#random.pick(this.#unfinished);
    const { jobId, generation } = current.work;
    this.#unfinished = this.#unfinished.filter((each) => each !== current);
    const end = { outcome: 'mismatch', output: null, code: null, detail: null, retryable: false };
    this.driver.append(endJobRun({ jobId, generation, ...end }), { place: current.place });
  }

  /* What workers do. */

  /** Lets one run, of a worker or of one that is no owner any more, do one thing. Returns false when none can. */
  work(): boolean {
    const zombie = this.#zombies.find(({ hasEnded }) => !hasEnded);
    if (zombie !== undefined && this.#random.chance(0.3)) {
      zombie.act();
      return true;
    }
    const ready = this.#unfinished.filter((each) => this.#begun(each));
    if (ready.length === 0) return false;
    const chosen = this.#random.pick(ready);
    if (chosen.run !== null) chosen.run.stopping = chosen.stopping;
    chosen.run?.act();
    this.#unfinished = this.#unfinished.filter(({ run }) => run === null || !run.hasEnded);
    return true;
  }

  /** The worker dies, or becomes a zombie. The next one gives back every run that may have begun. */
  takeOver(): void {
    const inherited = this.#unfinished;
    this.#unfinished = [];
    const isZombie = this.#random.chance(0.5);
    for (const { run } of inherited) if (run !== null && isZombie) this.#zombies.push(run);
    for (const { work, place } of inherited) {
      const lost = { outcome: 'lost', output: null, code: null, detail: null, retryable: true };
      this.driver.append(endJobRun({ jobId: work.jobId, generation: work.generation, ...lost }), { place });
    }
  }

  #placeOf(jobId: string): { place?: string | null } {
    const place = this.#places.get(jobId);
    return place === undefined ? {} : { place };
  }
  readonly #places = new Map<string, string | null>();

  #take(record: AnyRecord, place: string | null): readonly AnyRecord[] {
    if (record.type === 'RunJob') {
      this.#places.set(record.data.jobId, place);
      this.#unfinished.push({ work: record.data, place, run: null, stopping: null });
    } else if (record.type === 'LoadJobEntries') {
      const { jobId, generation, page, entries } = record.data;
      const id = `${jobId}/${generation}`;
      this.#pages.set(id, (this.#pages.get(id) ?? new Map()).set(page, entries));
    } else if (record.type === 'StopJobRun') {
      const { jobId, generation, mode } = record.data;
      for (const each of this.#unfinished)
        if (each.work.jobId === jobId && each.work.generation === generation)
          each.stopping = mode === 'stop' ? 'stop' : 'finish_step';
    }
    return [];
  }

  /** Begins a run whose journal has come. Returns false while a part of it is missing. */
  #begun(each: Unfinished): boolean {
    if (each.run !== null) return true;
    const { work, place } = each;
    const { jobId, generation, pages, input } = work;
    const came = this.#pages.get(`${jobId}/${generation}`) ?? new Map<number, readonly JobEntry[]>();
    if (came.size < pages) return false;
    // A batch does what the program of its first start does.
    const [first] = work.isBatch ? (JSON.parse(input) as readonly number[]) : [Number(input)];
    const program = this.programs[first ?? -1];
    if (program === undefined) throw new Error(`no program ${input}`);
    const journal = new Map<string, JobEntry>();
    for (let page = 0; page < pages; page += 1)
      for (const entry of came.get(page) ?? []) journal.set(stepKey(entry), entry);
    const owns = (): boolean => this.#unfinished.includes(each);
    each.run = new Run(work, journal, program, {
      commit: (report) => {
        // A late request of a worker that was fenced may still arrive; its answer is a failure.
        if (owns() || this.#random.chance(LEAKS)) this.driver.append(report, { place });
        return owns();
      },
      effect: ({ key, index }) => this.effects.push({ jobId, generation, key, index }),
      now: () => this.#nowMs,
      pick: (from) => this.#random.pick(from),
    });
    return true;
  }
}
