import type { TopologyLayout } from '../../../streams/kernel.ts';
import { Random } from '../random.ts';
import type { Outcome } from '../schedule.ts';
import { Violation } from '../violation.ts';
import { check } from './check.ts';
import { type Plant, World } from './world.ts';

const DEEDS = 120;
const LINES_KEPT = 60;
/** Above what a schedule of this length does by a factor of ten. */
const ACTS_MAX = 20_000;

/**
 * Runs one schedule of schedules, which is fully determined by the two numbers: users that define, replace, pause, resume,
 * trigger, backfill and remove; jobs that end late, fail or are refused; timers that are late by seconds or minutes. Then
 * lets all of it come to rest, and returns the first invariant that the log violates.
 */
export function runSchedules(seed: number, nth: number, plant?: Plant): Pick<Outcome, 'violation' | 'lastSteps'> {
  const random = new Random(seed, nth, 3);
  const layout: TopologyLayout = random.pick(['chained', 'apart']);
  const world = new World(random, layout, plant);
  try {
    for (let deed = 0; deed < DEEDS; deed += 1) disturb(random, world);
    settle(world);
    check(world);
    return { violation: null, lastSteps: [] };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    const { invariant, message: what } = error;
    const last = world.driver.records().slice(-LINES_KEPT);
    return {
      violation: { invariant, what },
      lastSteps: last.map(({ record, meta }) => {
        return `${meta.topic} ${meta.key} ${record.type} ${JSON.stringify(record.data).slice(0, 160)}`;
      }),
    };
  }
}

/** Does one thing, mostly a step of what runs. */
function disturb(random: Random, world: World): void {
  const name = random.pick(world.names);
  const what = random.between(0, 99);
  if (what < 45) for (let steps = random.between(1, 8); steps > 0; steps -= 1) world.driver.step();
  else if (what < 65) world.advance(random.between(1, 10_000));
  else if (what < 67) world.advance(random.between(60_000, 300_000));
  else if (what < 82) world.work();
  else if (what < 88) world.define(name);
  else if (what < 90) world.pause(name);
  else if (what < 94) world.resume(name);
  else if (what < 96) world.trigger(name);
  else if (what < 99) world.backfill(name);
  else world.remove(name);
}

/** Lets what has begun come to its end; no time passes. Throws when it does not end. */
function settle(world: World): void {
  let acts = 0;
  do {
    world.driver.run();
    acts += 1;
  } while (world.work() && acts < ACTS_MAX);
  if (acts >= ACTS_MAX) throw new Violation('comes-to-rest', 'jobs go on and on');
}
