import { isLive } from '../../../streams/jobs/state.ts';
import type { TopologyLayout } from '../../../streams/kernel.ts';
import { Random } from '../random.ts';
import type { Outcome } from '../schedule.ts';
import { Violation } from '../violation.ts';
import { checkBatches } from './batches.ts';
import { check } from './check.ts';
import { randomPrograms, SIGNALS } from './program.ts';
import { checkHolders, checkSlots } from './slots.ts';
import { limitKinds, World } from './world.ts';

const DEEDS = 150;
const LINES_KEPT = 60;
/** Above the waits of a schedule one after another: jobs of one key do not wait beside each other. */
const LOOKS_MAX = 200;
/** Above what all runs of a schedule do by a factor of ten. */
const ACTS_MAX = 5_000;
/** Above every sleep, delay and time-out of a program. */
const LONG_MS = 120_000;

/**
 * Runs one schedule of jobs, which is fully determined by the two numbers: programs of steps, waits, children and models;
 * with and without limits; workers that die, hang on as zombies and take over; users that signal, pause, resume, cancel, retry
 * and fork. Then lets all of it come to rest, and returns the first invariant that the log violates.
 */
export function runJobs(seed: number, nth: number): Pick<Outcome, 'violation' | 'lastSteps'> {
  const random = new Random(seed, nth, 2);
  const layout: TopologyLayout = random.pick(['chained', 'apart']);
  const world = new World(random, randomPrograms(random), layout);
  try {
    for (let deed = 0; deed < DEEDS; deed += 1) disturb(random, world);
    settle(world);
    check(world);
    checkSlots(world);
    checkBatches(world);
    return { violation: null, lastSteps: [] };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    const { invariant, message: what } = error;
    const last = world.driver.records().slice(-LINES_KEPT);
    return {
      violation: { invariant, what },
      lastSteps: last.map(({ record, meta }) => `${meta.topic} ${meta.key} ${record.type} ${shortOf(record.data)}`),
    };
  }
}

const shortOf = (data: unknown): string => JSON.stringify(data).slice(0, 160);

/** Does one thing, mostly a step of what runs. */
function disturb(random: Random, world: World): void {
  const ids = [...world.started.keys()];
  if (ids.length === 0) {
    world.start(random.between(0, world.programs.length - 1), random.pick(limitKinds));
    return;
  }
  const jobId = random.pick(ids);
  const what = random.between(0, 99);
  if (what < 43) for (let steps = random.between(1, 6); steps > 0; steps -= 1) world.driver.step();
  else if (what < 45) world.mismatch();
  else if (what < 78) for (let acts = random.between(1, 4); acts > 0; acts -= 1) world.work();
  else if (what < 81 && ids.length < 5)
    world.start(random.between(0, world.programs.length - 1), random.pick(limitKinds));
  else if (what < 85) world.advance(random.between(1, 30_000));
  else if (what < 89) world.signal(jobId, random.pick(SIGNALS));
  else if (what < 92) world.takeOver();
  else if (what < 94) world.pause(jobId, random.pick(['finish_step', 'stop']));
  else if (what < 97) world.resume(jobId);
  else if (what < 98) world.retry(jobId);
  else if (random.chance(0.3)) world.cancel(jobId);
  else if (ids.length < 6) world.fork(jobId, random.between(0, world.resultsOf(jobId).length));
}

/** Lets everything run on without faults, gives what is waited for, and retries nothing. Throws when it does not end. */
export function settle(world: World): void {
  let acts = 0;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    do world.driver.run();
    while (world.work() && ++acts < ACTS_MAX);
    checkHolders(world);
    let open = 0;
    for (const jobId of jobsOf(world)) {
      const state = world.state(jobId);
      if (state === undefined || !isLive(state)) continue;
      open += 1;
      if (state.status === 'paused' || state.status === 'suspended') world.resume(jobId);
      for (const { kind, awaits } of state.waits) if (kind === 'signal' && awaits !== null) world.signal(jobId, awaits);
    }
    if (open === 0) return;
    world.driver.run();
    world.advance(LONG_MS);
  }
  throw new Violation('comes-to-rest', 'jobs are live after everything that they wait for has come');
}

const jobsOf = (world: World): readonly string[] =>
  [...new Set(world.driver.records('jobs.events').map(({ meta }) => meta.key))].filter((key) => key !== '');
