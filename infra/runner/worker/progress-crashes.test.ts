import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Progress, WINDOW_OFFSETS } from './progress.ts';

const METADATA_BYTES_MAX = 4_096;

/**
 * The steps of a worker on the offsets of its partition, in any order. `commit` stores the snapshot; `crash` discards
 * everything else, and a new owner begins from the stored snapshot.
 */
type Step =
  | { readonly does: 'read'; readonly records: readonly boolean[] }
  | { readonly does: 'begin' | 'finish'; readonly which: number }
  | { readonly does: 'commit' | 'crash' };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    // A hole in the offsets, left by a marker or an aborted record.
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('read' as const),
        records: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('begin', 'finish'), which: fc.nat(30) }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('commit' as const) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('crash' as const) }) },
  ) as fc.Arbitrary<Step>,
  { maxLength: 120 },
);

interface Known {
  readonly finished: ReadonlySet<number>;
  readonly attempts: ReadonlyMap<number, number>;
}

/** The naive model: every offset is remembered without limit. */
class Model {
  /** Whether a record exists, by offset from `base`. */
  readonly log: boolean[] = [];
  readonly base: number;
  end: number;
  finished = new Set<number>();
  attempts = new Map<number, number>();
  #written: Known = { finished: new Set(), attempts: new Map() };

  constructor(base: number) {
    this.base = base;
    this.end = base;
  }

  /** Returns the read offsets with an unfinished record. */
  get unfinished(): readonly number[] {
    return this.offsets(this.base, this.end).filter((offset) => !this.finished.has(offset));
  }

  get lowest(): number {
    return this.unfinished[0] ?? this.end;
  }

  offsets(from: number, to: number): readonly number[] {
    return Array.from({ length: to - from }, (_, index) => from + index).filter(
      (offset) => this.log[offset - this.base],
    );
  }

  commit(): void {
    this.#written = { finished: new Set(this.finished), attempts: new Map(this.attempts) };
  }

  crash(committed: number): void {
    this.finished = new Set(this.#written.finished);
    this.attempts = new Map(this.#written.attempts);
    this.end = committed;
  }
}

/**
 * Applies the steps to both, and compares them after each. Reads after a crash begin at the committed offset, like
 * those of a new owner.
 */
function play(base: number, history: readonly Step[], look: (progress: Progress, model: Model) => void): void {
  const model = new Model(base);
  let progress = new Progress(base);
  let written = progress.snapshot();
  for (const step of history) {
    switch (step.does) {
      case 'read': {
        const next = model.end + step.records.length;
        for (const [index, isRecord] of step.records.entries()) model.log[model.end - base + index] ??= isRecord;
        const fresh = model.offsets(model.end, next).filter((offset) => !progress.isFinished(offset));
        progress.passTo(next, fresh);
        model.end = next;
        break;
      }
      case 'begin': {
        const offset = model.unfinished[step.which];
        if (offset === undefined) break;
        const attempt = (model.attempts.get(offset) ?? 0) + 1;
        expect(progress.begin(offset)).toBe(attempt);
        model.attempts.set(offset, attempt);
        break;
      }
      case 'finish': {
        const offset = model.unfinished[step.which];
        if (offset === undefined) break;
        progress.finish(offset);
        model.finished.add(offset);
        model.attempts.delete(offset);
        break;
      }
      case 'commit':
        written = progress.snapshot();
        model.commit();
        break;
      case 'crash':
        progress = new Progress(written.offset, written.metadata);
        model.crash(written.offset);
        break;
    }
    look(progress, model);
  }
}

describe('the progress of a worker, through any order of reads, runs, commits and crashes', () => {
  it('commits the lowest unfinished record, and never past it', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), steps, (base, history) => {
        play(base, history, (progress, model) => {
          expect(progress.base).toBe(model.lowest);
          expect(progress.snapshot().offset).toBe(model.lowest);
        });
      }),
    );
  });

  it('runs no record again whose end was committed, and loses no other', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), steps, (base, history) => {
        play(base, history, (progress, model) => {
          for (const offset of model.offsets(base, base + model.log.length))
            expect([offset, progress.isFinished(offset)]).toEqual([offset, model.finished.has(offset)]);
        });
      }),
    );
  });

  it('never writes more metadata than the broker takes, and omits the attempts of the highest offsets first', () => {
    const begun = fc.uniqueArray(fc.integer({ min: 0, max: 2 * WINDOW_OFFSETS }), { minLength: 100, maxLength: 600 });
    fc.assert(
      fc.property(begun, fc.integer({ min: 1, max: 12 }), fc.nat(2 ** 40), (offsets, runs, base) => {
        const unfinished = [...new Set([0, ...offsets])].sort((a, b) => a - b).map((offset) => base + offset);
        const progress = new Progress(base);
        progress.passTo(base + 2 * WINDOW_OFFSETS + 1, unfinished);
        for (const offset of unfinished) for (let run = 0; run < runs; run += 1) progress.begin(offset);
        const { offset: committed, metadata } = progress.snapshot();
        expect(Buffer.byteLength(metadata)).toBeLessThanOrEqual(METADATA_BYTES_MAX);
        const restored = new Progress(committed, metadata);
        const kept = unfinished.map((offset) => restored.begin(offset) === runs + 1);
        expect(kept.lastIndexOf(true)).toBe(kept.filter(Boolean).length - 1);
        expect(kept.filter(Boolean).length).toBeGreaterThanOrEqual(Math.min(unfinished.length, 150));
      }),
      { numRuns: 15 },
    );
  });
});
