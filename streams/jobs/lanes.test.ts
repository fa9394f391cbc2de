/** Lanes beside a flood, by order and not by time: the runs before an urgent start, and that nothing of the flood is lost. */
import { describe, expect, it } from 'vitest';
import { endJobRun, type RunJob, type StartJob } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { agents } from '../agents/agents.ts';
import { createDriver, type Driver } from '../kernel/driver.ts';
import { apart, type TopologyLayout, topology, topologyOf, worker } from '../kernel.ts';
import { policy } from '../policy/policy.ts';
import { activated, engineWith, options, published } from '../policy/testing.ts';
import { jobAdmission } from './job-admission.ts';
import { jobJournal } from './job-journal.ts';
import { jobs } from './jobs.ts';
import { aStart, aType } from './testing.ts';

/** Runs of batch work that one place has at the workers: 16 lines of 4. */
const PLACE_RUNS_MAX = 64;
const FLOOD = 200;

const runner = worker({
  name: 'job-runner',
  inputs: [topics.jobsWork],
  outputs: [topics.jobsReports],
  key: ({ data }) => data.jobId,
  concurrencyMax: 1,
  attemptsMax: 1,
  deadlineMs: 1,
});

/** A platform of one place and partition, whose workers end a run when the test lets them. */
function platform(layout: TopologyLayout) {
  const work: { readonly run: RunJob; readonly place: string | null; readonly tenantId: string }[] = [];
  const members = [policy(engineWith(), options), jobs, jobJournal, agents(() => [])];
  const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
  const driver = createDriver({
    topologies: [...(layout === 'chained' ? [core] : apart(core)), topologyOf(jobAdmission)],
    standIns: [
      {
        worker: runner,
        respond: (record, { place, tenantId }) => {
          if (record.type === 'RunJob') work.push({ run: record.data, place, tenantId });
          return [];
        },
      },
    ],
    ...{ partitions: 1, places: 1 },
  });
  for (const record of [published('1'), activated('1'), aType()]) driver.append(record);
  driver.run();
  /** Ends the runs that the workers have, as `outcome` says. Returns their number. */
  const end = (outcome: string): number => {
    const ending = work.splice(0);
    for (const { run, place, tenantId } of ending) {
      const { jobId, generation } = run;
      const report = { outcome, output: '1', code: null, detail: null, retryable: true };
      driver.append(endJobRun({ jobId, generation, ...report }), { place, tenantId });
    }
    driver.run();
    return ending.length;
  };
  return { driver, work, end };
}

let started = 0;
const start = (driver: Driver, lane: string, tenantId = 'demo'): string => {
  started += 1;
  const jobId = `00000000-0000-4000-8000-${String(started).padStart(12, '0')}`;
  const changes: Partial<StartJob> = { jobId, lane, input: 'end' };
  driver.append(aStart(changes), { tenantId });
  return jobId;
};
const flood = (driver: Driver, count = FLOOD) => Array.from({ length: count }, () => start(driver, 'batch'));

describe.each<TopologyLayout>(['chained', 'apart'])('beside a flood of batch work, %s,', (layout) => {
  it('an urgent start of the same tenant has the runs of one place before it, not the flood', () => {
    const { driver, work } = platform(layout);
    const batch = new Set(flood(driver));
    const urgent = start(driver, 'interactive');
    driver.run();
    const before = work.findIndex(({ run }) => run.jobId === urgent);
    expect(before).toBeGreaterThanOrEqual(0);
    expect(before).toBeLessThanOrEqual(PLACE_RUNS_MAX);
    expect(work.filter(({ run }) => batch.has(run.jobId)).length).toBeLessThanOrEqual(PLACE_RUNS_MAX);
  });

  it('so has a start of another tenant in the standard lane', () => {
    const { driver, work } = platform(layout);
    flood(driver);
    const other = start(driver, 'standard', 'other');
    driver.run();
    const before = work.findIndex(({ run }) => run.jobId === other);
    expect(before).toBeGreaterThanOrEqual(0);
    expect(before).toBeLessThanOrEqual(PLACE_RUNS_MAX);
  });

  it('an urgent start in the middle runs before all that still waits, and each of the flood runs once', () => {
    const { driver, work, end } = platform(layout);
    const batch = flood(driver);
    driver.run();
    const order: string[] = [];
    let most = 0;
    let urgent = '';
    for (let rounds = 0; work.length > 0; rounds += 1) {
      if (rounds === 1) {
        urgent = start(driver, 'interactive');
        driver.run();
      }
      order.push(...work.map(({ run }) => run.jobId));
      most = Math.max(most, work.length);
      end('completed');
    }
    expect([...order].sort()).toEqual([...batch, urgent].sort());
    expect(order.indexOf(urgent)).toBeLessThanOrEqual(2 * PLACE_RUNS_MAX);
    expect(most).toBeLessThanOrEqual(PLACE_RUNS_MAX + 1);
    expect(driver.deadLetters).toEqual([]);
  });

  it('a job that is to be repeated leaves its slot to one that has not run', () => {
    const { driver, work, end } = platform(layout);
    const batch = flood(driver, 2 * PLACE_RUNS_MAX);
    driver.run();
    const first = new Set(work.map(({ run }) => run.jobId));
    end('failed');
    const second = work.map(({ run }) => run.jobId);
    expect(second.length).toBeGreaterThan(0);
    expect(second.filter((jobId) => first.has(jobId))).toEqual([]);
    for (let rounds = 0; rounds < 100 && driver.records('jobs.events').length > 0; rounds += 1) {
      end('completed');
      driver.advance(60_000);
      driver.run();
      if (work.length === 0) break;
    }
    const completed = driver.records('jobs.events').filter(({ record }) => record.type === 'JobCompleted');
    expect(completed.map(({ meta }) => meta.key).sort()).toEqual([...batch].sort());
  });

  it('urgent work asks for no slot', () => {
    const { driver } = platform(layout);
    for (const lane of ['interactive', 'standard']) start(driver, lane);
    driver.run();
    expect(driver.records('jobs.slots')).toEqual([]);
  });
});
