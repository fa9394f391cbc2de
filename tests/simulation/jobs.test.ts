import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepKey } from '../../schemas/contexts/jobs/step-name.ts';
import type { TopologyLayout } from '../../streams/kernel.ts';
import { checkBatches } from './jobs/batches.ts';
import { check } from './jobs/check.ts';
import { branchesOf, type Op, type Program } from './jobs/program.ts';
import { runJobs, settle } from './jobs/schedule.ts';
import { World } from './jobs/world.ts';
import { Random } from './random.ts';

/** Operations whose results depend on no time: signals without a time-out. */
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    do: fc.constant('step' as const),
    name: fc.constantFrom('a', 'b'),
    fails: fc.constantFrom(0, 0, 0, 1, 2),
    slow: fc.boolean(),
  }),
  fc.record({ do: fc.constant('sleep' as const), ms: fc.nat({ max: 60_000 }) }),
  fc.record({ do: fc.constant('signal' as const), name: fc.constant('go'), timeoutMs: fc.constant(null) }),
  fc.record({ do: fc.constant('model' as const), prompt: fc.constantFrom('knots?', 'gold') }),
  fc.record({ do: fc.constant('child' as const), program: fc.constant(0) }),
);
const child: Program = {
  ...{ before: [{ do: 'step', name: 'a', fails: 0, slow: false }], branches: [], throws: 0 },
  after: [{ do: 'sleep', ms: 5 }],
};
const program: fc.Arbitrary<Program> = fc.record({
  before: fc.array(op, { maxLength: 2 }),
  branches: fc.array(fc.array(op, { maxLength: 4 }), { maxLength: 4 }),
  after: fc.array(op, { maxLength: 2 }),
  throws: fc.constantFrom(0, 0, 0, 1),
});
const seed = fc.nat();
const layouts = fc.constantFrom<TopologyLayout>('chained', 'apart');

interface Played {
  readonly world: World;
  readonly jobId: string;
}

/** Starts one job of a handler, does `before`, and lets it come to its end. */
function played(of: Program, from: number, layout: TopologyLayout, before: (world: World) => void = () => {}): Played {
  const world = new World(new Random(from), [child, of], layout);
  const jobId = world.start(1);
  before(world);
  settle(world);
  check(world);
  return { world, jobId };
}

/** The journal of a job by key, without the run that a result came from. */
const journalOf = ({ world, jobId }: Played) =>
  new Map(
    world.driver
      .records('jobs.journal')
      .flatMap(({ record }) =>
        record.type === 'JobEntryKept' && record.data.jobId === jobId && record.data.entry.outcome !== 'attempted'
          ? [record.data.entry]
          : [],
      )
      .map((entry) => [stepKey(entry), [entry.kind, entry.outcome, entry.output?.replace(/ of \d+/, '')]] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

const endOf = ({ world, jobId }: Played) =>
  world.driver.records('jobs.events').findLast(({ meta }) => meta.key === jobId)?.record.type;

describe('the journal of a job', () => {
  it('is the same for any interleaving of its branches, its waits and its runs', () => {
    fc.assert(
      fc.property(program, seed, seed, layouts, (of, one, other, layout) => {
        const [first, second] = [played(of, one, layout), played(of, other, 'chained')];
        expect(journalOf(second)).toEqual(journalOf(first));
        expect([endOf(first), endOf(second)]).toEqual(['JobCompleted', 'JobCompleted']);
        const keys = branchesOf(of).flatMap((ops) => ops.map(({ key }) => stepKey(key)));
        expect([...journalOf(first).keys()].sort()).toEqual(keys.sort());
      }),
      { numRuns: 25 },
    );
  });

  it('resumes from any cut: what is in it is not run again', () => {
    fc.assert(
      fc.property(program, seed, fc.nat({ max: 40 }), fc.nat({ max: 3 }), layouts, (of, from, acts, losses, layout) => {
        const cut = played(of, from, layout, (world) => {
          for (let act = 0; act < acts; act += 1) {
            world.driver.run();
            world.work();
          }
          for (let loss = 0; loss <= losses; loss += 1) {
            world.takeOver();
            world.driver.run();
            world.work();
          }
        });
        expect(endOf(cut)).toBe('JobCompleted');
        expect(journalOf(cut)).toEqual(journalOf(played(of, from + 1, layout)));
      }),
      { numRuns: 40 },
    );
  });

  it('longer than one part comes whole to a later run', () => {
    const step: Op = { do: 'step', name: 'a', fails: 0, slow: false };
    const long: Program = { before: Array.from({ length: 150 }, () => step), branches: [], after: [], throws: 0 };
    const cut = played(long, 1, 'chained', (world) => {
      // Two acts a step: its effect, and its record.
      for (let act = 0; act < 281; act += 1) {
        world.driver.run();
        world.work();
      }
      world.takeOver();
    });
    const pages = cut.world.driver
      .records('jobs.work')
      .flatMap(({ record }) => (record.type === 'LoadJobEntries' ? [record.data.entries.length] : []));
    expect(pages).toEqual([64, 64, 12]);
    expect(cut.world.effects.filter(({ generation }) => generation === 2)[0]?.key.nth).toBe(141);
    expect(endOf(cut)).toBe('JobCompleted');
  });
});

describe('a fork of a job', () => {
  it('at any cut of the journal runs the steps after the cut alone, and ends like the job', () => {
    fc.assert(
      fc.property(program, seed, fc.nat(), layouts, (of, from, cut, layout) => {
        const whole = played(of, from, layout);
        const { world } = whole;
        const results = world.resultsOf(whole.jobId);
        const count = cut % (results.length + 1);
        const fork = { world, jobId: world.fork(whole.jobId, count) };
        settle(world);
        check(world);
        expect(endOf(fork)).toBe('JobCompleted');
        expect(journalOf(fork)).toEqual(journalOf(whole));
        const steps = branchesOf(of).flatMap((ops) => ops.filter(({ op: { do: what } }) => what === 'step'));
        const taken = results.slice(0, count).map(stepKey);
        const ran = world.effects.filter(({ jobId }) => jobId === fork.jobId).map(({ key }) => stepKey(key));
        const wanted = steps.map(({ key }) => stepKey(key)).filter((key) => !taken.includes(key));
        expect([...new Set(ran)].sort()).toEqual(wanted.sort());
      }),
      { numRuns: 40 },
    );
  });
});

describe('a batch of starts', () => {
  it('runs each start once, whatever is cancelled, paused or taken over meanwhile', () => {
    const step: Op = { do: 'step', name: 'a', fails: 0, slow: false };
    const seen = new Map<string, number>();
    for (let from = 0; from < 12; from += 1) {
      const random = new Random(from, 1, 2);
      const of: Program = {
        before: [step],
        branches: [],
        after: [{ do: 'sleep', ms: 5 }],
        throws: from % 3 === 0 ? 1 : 0,
      };
      const world = new World(random, [of], from % 2 === 0 ? 'chained' : 'apart');
      const ids: string[] = [];
      for (let starts = 0; starts < 8; starts += 1) {
        ids.push(world.start(0, 'batch'));
        for (let steps = random.between(0, 12); steps > 0; steps -= 1) world.driver.step();
        if (random.chance(0.2)) world.cancel(random.pick(ids));
        if (random.chance(0.2)) world.takeOver();
        if (random.chance(0.2)) world.advance(10_000);
        if (random.chance(0.4)) world.work();
        if (random.chance(0.2)) world.pause(random.pick(ids), 'stop');
      }
      settle(world);
      check(world);
      checkBatches(world);
      for (const { record } of world.driver.records('jobs.events'))
        seen.set(record.type, (seen.get(record.type) ?? 0) + 1);
    }
    // Also batches that never began, because their first start was cancelled at that moment.
    for (const type of ['JobBatchBegun', 'JobBatched', 'JobBatchLeft', 'JobRunFailed', 'JobPaused', 'JobCancelled'])
      expect([type, seen.has(type)]).toEqual([type, true]);
  });
});

describe('a schedule of jobs', () => {
  it('is repeated to the byte from its numbers', () => {
    const digestOf = (nth: number) => JSON.stringify(runJobs(3, nth));
    for (let nth = 0; nth < 3; nth += 1) expect(digestOf(nth)).toBe(digestOf(nth));
  });

  it('keeps every invariant', () => {
    for (let nth = 0; nth < 40; nth += 1) expect(runJobs(5, nth).violation).toBeNull();
  });
});
