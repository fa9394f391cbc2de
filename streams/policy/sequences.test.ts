import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GovernedAction, governedActions, type Sequence, type SequenceStep } from '../../schemas/constitution.ts';
import type { SequenceProgress } from '../../schemas/generated/records.ts';
import { completed, moved, reached, type Taking } from './sequences.ts';
import { document } from './testing.ts';

const holding = (...sequences: readonly Sequence[]) => ({ ...document, sequences });
const sequence = (id: string, ...steps: readonly SequenceStep[]): Sequence => ({ id, code: 'NOT_AFTER_THAT', steps });
let commands = 0;
const command = (changes: Partial<Taking> = {}): Taking => {
  commands += 1;
  return { commandId: `c${commands}`, labels: [], action: 'SubmitTurn', model: 'default', ...changes };
};

/** Judges commands of one session one after the other: which are denied. */
function denials(sequences: readonly Sequence[], session: readonly Taking[]): readonly boolean[] {
  const held = holding(...sequences);
  let progress: readonly SequenceProgress[] = [];
  return session.map((taking) => {
    const denied = completed(held, progress, taking).length > 0;
    if (!denied) progress = moved(held, progress, taking);
    return denied;
  });
}

const leaves = sequence('leaves', { labels: ['personal_data'] }, { models_except: ['default', 'house'] });
const personal = () => command({ labels: ['personal_data'] });
const outside = () => command({ model: 'cloud' });

describe('a sequence', () => {
  it('denies the command that would complete it, and every later one that would', () => {
    expect(denials([leaves], [personal(), outside(), command(), outside()])).toEqual([false, true, false, true]);
  });

  it('looks at the order', () => {
    expect(denials([leaves], [outside(), personal(), command()])).toEqual([false, false, false]);
  });

  it('takes one step a command: what is both steps at once is but the first', () => {
    const both = command({ labels: ['personal_data'], model: 'cloud' });
    expect(denials([leaves], [both])).toEqual([false]);
    expect(denials([leaves], [both, outside()])).toEqual([false, true]);
  });

  it('is not moved on by a command that is asked again, nor completed by it', () => {
    const twice = sequence('twice', { labels: ['a'] }, { labels: ['a'] });
    const once = command({ labels: ['a'] });
    expect(denials([twice], [once, once, command({ labels: ['a'] })])).toEqual([false, false, true]);
  });

  it('has steps of which each list that is given must have something of the command', () => {
    const step: SequenceStep = { labels: ['a', 'b'], actions: ['InferText'], models: ['cloud', 'house'] };
    const fits = { labels: ['b', 'c'], action: 'InferText' as GovernedAction, model: 'house' };
    const completes = (taking: Partial<Taking>) =>
      denials(
        [sequence('s', { actions: ['StartSession'] }, step)],
        [command({ action: 'StartSession' }), command(taking)],
      )[1];
    expect(completes(fits)).toBe(true);
    for (const but of [{ labels: ['c'] }, { action: 'EmbedText' as const }, { model: 'cloudy' }])
      expect(completes({ ...fits, ...but })).toBe(false);
  });

  it('goes on from the step that its id had reached when its constitution changes', () => {
    const first = holding(leaves, sequence('other', { labels: ['x'] }, { labels: ['y'] }));
    const progress = moved(first, [], personal());
    // A version that does not know it leaves it alone.
    expect(moved(holding(), progress, command({ labels: ['x'] }))).toBe(progress);
    expect(completed(holding(), progress, outside())).toEqual([]);
    // Rolled back, it stands where it stood.
    expect(completed(first, progress, outside()).map(({ id }) => id)).toEqual(['leaves']);
    // With fewer steps than were taken it waits for its last one.
    const three = holding(sequence('leaves', {}, {}, { labels: ['z'] }));
    const far = moved(three, moved(three, [], command()), command());
    expect(far).toMatchObject([{ sequence: 'leaves', commands: [expect.any(String), expect.any(String)] }]);
    expect(reached(far, leaves)).toBe(1);
    expect(completed(first, far, outside()).map(({ id }) => id)).toEqual(['leaves']);
  });

  it('names the commands that took its steps', () => {
    const first = personal();
    expect(moved(holding(leaves), [], first)).toEqual([{ sequence: 'leaves', commands: [first.commandId] }]);
  });
});

/** Whether some commands of the history, in their order, take the steps one each. */
function isSubsequence(steps: readonly SequenceStep[], history: readonly Taking[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  return history.some((taking, at) => fits(step, taking) && isSubsequence(rest, history.slice(at + 1)));
}

const fits = ({ labels, actions, models, models_except: but }: SequenceStep, taking: Taking): boolean =>
  (labels?.some((label) => taking.labels.includes(label)) ?? true) &&
  (actions?.includes(taking.action) ?? true) &&
  (models?.includes(taking.model) ?? true) &&
  !(but?.includes(taking.model) ?? false);

it('the automaton denies what a search through all that was let in before finds, and nothing else', () => {
  const some = <T>(all: readonly T[]) => fc.option(fc.subarray([...all], { minLength: 1 }), { nil: undefined });
  const labels = ['a', 'b', 'c'];
  const models = ['default', 'cloud'];
  const step: fc.Arbitrary<SequenceStep> = fc.record({
    labels: some(labels),
    actions: some(governedActions),
    models: some(models),
    models_except: some(models),
  });
  const steps = fc.array(step, { minLength: 2, maxLength: 4 });
  const sequences = fc
    .array(steps, { minLength: 1, maxLength: 3 })
    .map((all) => all.map((each, n) => sequence(`s${n}`, ...each)));
  const session = fc.array(
    fc.record({
      labels: fc.subarray(labels),
      action: fc.constantFrom(...governedActions),
      model: fc.constantFrom(...models),
    }),
    { minLength: 6, maxLength: 14 },
  );
  let denied = 0;
  fc.assert(
    fc.property(sequences, session, (rules, asked) => {
      const takings = asked.map((each, n) => ({ commandId: `c${n}`, ...each }));
      const letIn: Taking[] = [];
      const naive = takings.map((taking) => {
        const isDenied = rules.some(
          ({ steps: all }) => fits(all.at(-1) as SequenceStep, taking) && isSubsequence(all.slice(0, -1), letIn),
        );
        if (isDenied) denied += 1;
        else letIn.push(taking);
        return isDenied;
      });
      expect(denials(rules, takings)).toEqual(naive);
    }),
    { numRuns: 500 },
  );
  expect(denied).toBeGreaterThan(100);
});
