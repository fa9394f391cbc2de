import type { TopologyLayout } from '../../../streams/kernel.ts';
import { Random } from '../random.ts';
import type { Outcome } from '../schedule.ts';
import { Violation } from '../violation.ts';
import { WAIT_MS } from './catalogue.ts';
import { check } from './check.ts';
import { World } from './world.ts';

const DEEDS = 120;
const LINES_KEPT = 60;
/** Above what all of a schedule does by a factor of ten. */
const ACTS_MAX = 20_000;
/** Waits that follow each other: approvals of the steps of a run, and of its children. */
const LOOKS_MAX = 40;

/**
 * Runs one schedule of agents, which is fully determined by the two numbers: runs with parallel calls and handing off, calls
 * of users, approvals that are given, refused, edited, granted in advance or too late, memories; tool workers that die, hang
 * on as zombies and take over; an outside service that loses requests and answers; models that answer twice; commands that
 * are sent twice. Then lets all of it come to rest, and returns the first invariant that the log or the outside violates.
 */
export async function runAgents(seed: number, nth: number): Promise<Pick<Outcome, 'violation' | 'lastSteps'>> {
  const random = new Random(seed, nth, 4);
  const layout: TopologyLayout = random.pick(['chained', 'apart']);
  const world = new World(random, layout);
  try {
    world.start();
    for (let deed = 0; deed < DEEDS; deed += 1) await disturb(random, world);
    await settle(world);
    check(world);
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
async function disturb(random: Random, world: World): Promise<void> {
  const what = random.between(0, 99);
  if (what < 35) for (let steps = random.between(1, 12); steps > 0; steps -= 1) world.driver.step();
  else if (what < 65) for (let acts = random.between(1, 4); acts > 0; acts -= 1) await world.work();
  else if (what < 67) world.start();
  else if (what < 71) world.call();
  else if (what < 73) world.callAgain();
  else if (what < 82) world.decide();
  else if (what < 85) world.takeOver();
  else if (what < 88) world.repeat();
  else if (what < 91) world.remember();
  else if (what < 93) world.forget();
  else if (what < 98) world.advance(random.between(1, 30_000));
  else if (what < 99) world.advance(WAIT_MS);
  else world.cancel();
}

/** Lets everything run on without faults, and approves nothing more. Throws when it does not end. */
async function settle(world: World): Promise<void> {
  world.outside.fails = false;
  let acts = 0;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    do world.driver.run();
    while ((await world.work()) && ++acts < ACTS_MAX);
    if (acts >= ACTS_MAX) throw new Violation('comes-to-rest', 'calls go on and on');
    world.advance(WAIT_MS);
  }
}
