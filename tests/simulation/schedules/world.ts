import type { Calendar } from '../../../schemas/contexts/schedules/times.ts';
import {
  backfillSchedule,
  defineSchedule,
  endJobRun,
  jobType,
  pauseSchedule,
  type RunJob,
  removeSchedule,
  resumeSchedule,
  type ScheduleSpec,
  triggerSchedule,
} from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { agents } from '../../../streams/agents/agents.ts';
import { jobJournal } from '../../../streams/jobs/job-journal.ts';
import { jobs } from '../../../streams/jobs/jobs.ts';
import { createDriver, type Driver } from '../../../streams/kernel/driver.ts';
import {
  type AnyRecord,
  apart,
  type Processor,
  type TopologyLayout,
  topology,
  worker,
} from '../../../streams/kernel.ts';
import { policy } from '../../../streams/policy/policy.ts';
import { activated, engineWith, options, published } from '../../../streams/policy/testing.ts';
import { schedules } from '../../../streams/schedules/schedules.ts';
import type { ScheduleState } from '../../../streams/schedules/state.ts';
import type { Random } from '../random.ts';

export const START_MS = Date.UTC(2026, 0, 1);
const SECOND_MS = 1_000;
const owner = { principal: 'key-1', capabilities: ['*'], credential: null, labels: [] };

/** Intervals alone: the calendar of patterns has a model of its own. */
const noPatterns: Calendar = { next: () => null, cronProblem: () => 'none', isTimeZone: () => true };

const runner = worker({
  name: 'job-runner',
  inputs: [topics.jobsWork],
  outputs: [topics.jobsReports],
  key: ({ data }) => data.jobId,
  concurrencyMax: 1,
  attemptsMax: 1,
  deadlineMs: 1,
});

/** Returns the schedules processor with a bug. */
export type Plant = (good: Processor) => Processor;

/** Schedules, jobs and policy on the in-memory driver, with a model of the workers and of the users. */
export class World {
  readonly driver: Driver;
  readonly names = ['a', 'b'] as const;
  nowMs = START_MS;
  readonly #random: Random;
  #unfinished: { readonly work: RunJob; readonly place: string | null }[] = [];

  constructor(random: Random, layout: TopologyLayout, plant: Plant = (good) => good) {
    this.#random = random;
    const members = [policy(engineWith(), options), jobs, jobJournal, agents(() => []), plant(schedules(noPatterns))];
    const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
    this.driver = createDriver({
      topologies: layout === 'chained' ? [core] : apart(core),
      standIns: [{ worker: runner, respond: (record, { place }) => this.#take(record, place) }],
      choose: (count) => random.between(0, count - 1),
      startMs: this.nowMs,
    });
    const type = { type: 'model', version: 1, queue: 'default', title: '', inputSchema: '{}', outputSchema: '{}' };
    const retry = { attemptsMax: 1, firstDelayMs: 0, delayMaxMs: 0 };
    for (const record of [published('1'), activated('1'), jobType({ ...type, retry, registeredAt: 1, limits: null })])
      this.driver.append(record);
  }

  state = (name: string): ScheduleState | undefined =>
    this.driver.state('schedules', `demo/${name}`) as ScheduleState | undefined;

  /* What users do. */

  define(name: string): void {
    const random = this.#random;
    const spec: ScheduleSpec = {
      job: {
        // Jobs of a type that no worker has registered are refused.
        ...{ type: random.chance(0.9) ? 'model' : 'unknown', input: '{}', lane: 'standard', concurrencyKey: null },
        ...{ retry: null, deadlineMs: random.chance(0.2) ? 30 * SECOND_MS : null, tags: [] },
      },
      ...{ cron: null, intervalMs: random.between(1, 20) * SECOND_MS, anchor: random.between(0, 999), timeZone: 'UTC' },
      overlap: random.pick(['skip', 'buffer_one', 'buffer_all', 'cancel_other', 'allow_all']),
      ...{ catchUpMs: random.between(10, 60) * SECOND_MS, jitterMs: random.chance(0.3) ? 2 * SECOND_MS : 0 },
      ...{ startsAt: null, endsAt: null, maxRuns: random.chance(0.2) ? random.between(1, 5) : null, note: '' },
    };
    const known = this.state(name);
    const version = known === undefined || known.status === 'absent' ? 0 : known.version;
    // Some expect another version, and are refused.
    const expectedVersion = random.chance(0.9) ? version : random.pick([null, version + 1]);
    const paused = random.chance(0.1);
    this.driver.append(defineSchedule({ ...owner, scheduleId: `demo/${name}`, spec, paused, expectedVersion }));
  }

  pause = (name: string): unknown =>
    this.driver.append(pauseSchedule({ scheduleId: `demo/${name}`, principal: 'ana', reason: 'lunch' }));
  remove = (name: string): unknown =>
    this.driver.append(removeSchedule({ scheduleId: `demo/${name}`, principal: 'ana' }));
  resume = (name: string): unknown => this.driver.append(resumeSchedule({ ...owner, scheduleId: `demo/${name}` }));
  trigger = (name: string): unknown => this.driver.append(triggerSchedule({ ...owner, scheduleId: `demo/${name}` }));
  backfill(name: string): void {
    const from = this.nowMs - this.#random.between(1, 100) * SECOND_MS;
    const overlap = this.#random.pick(['buffer_all', 'allow_all']);
    this.driver.append(backfillSchedule({ ...owner, scheduleId: `demo/${name}`, from, until: this.nowMs, overlap }));
  }

  advance(ms: number): void {
    this.nowMs += ms;
    this.driver.advance(ms);
  }

  /* What workers do. */

  /** Ends one run. Returns false when none is with a worker. */
  work(): boolean {
    if (this.#unfinished.length === 0) return false;
    const chosen = this.#random.pick(this.#unfinished);
    this.#unfinished = this.#unfinished.filter((each) => each !== chosen);
    const { jobId, generation } = chosen.work;
    const outcome = this.#random.chance(0.8) ? 'completed' : 'failed';
    const end = { output: null, code: null, detail: null, retryable: false };
    this.driver.append(endJobRun({ jobId, generation, outcome, ...end }), { place: chosen.place });
    return true;
  }

  #take(record: AnyRecord, place: string | null): readonly AnyRecord[] {
    if (record.type === 'RunJob') this.#unfinished.push({ work: record.data, place });
    return [];
  }
}

/** Returns the due times of a spec after one time and up to another, by counting: a model of intervals. */
export function countedTimes({ intervalMs, anchor }: ScheduleSpec, afterMs: number, untilMs: number): number[] {
  const times: number[] = [];
  for (let at = anchor + Math.floor((afterMs - anchor) / (intervalMs ?? 1)) * (intervalMs ?? 1); at <= untilMs; ) {
    if (at > afterMs) times.push(at);
    at += intervalMs ?? 1;
  }
  return times;
}
