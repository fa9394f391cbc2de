import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sequence, SequenceStep } from '../../schemas/contexts/constitution/document.ts';
import type { SequenceProgress } from '../../schemas/generated/records.ts';
import { type GovernedAction, governedActions } from '../../schemas/governed.ts';
import { advanced, completedBy, type StepCandidate, stepsReached } from './sequences.ts';
import { document } from './testing.ts';

const holding = (...sequences: readonly Sequence[]) => ({ ...document, sequences });
const sequence = (id: string, ...steps: readonly SequenceStep[]): Sequence => ({ id, code: 'NOT_AFTER_THAT', steps });
let commands = 0;
const command = (changes: Partial<StepCandidate> = {}): StepCandidate => {
  commands += 1;
  return { commandId: `c${commands}`, labels: [], action: 'SubmitTurn', model: 'default', ...changes };
};

/** Evaluates the commands of one session in order. Returns which are denied. */
function denials(sequences: readonly Sequence[], session: readonly StepCandidate[]): readonly boolean[] {
  const held = holding(...sequences);
  let progress: readonly SequenceProgress[] = [];
  return session.map((candidate) => {
    const denied = completedBy(held, progress, candidate).length > 0;
    if (!denied) progress = advanced(held, progress, candidate);
    return denied;
  });
}

const leaves = sequence('leaves', { labels: ['personal_data'] }, { models_except: ['default', 'house'] });
const personal = () => command({ labels: ['personal_data'] });
const outside = () => command({ model: 'cloud' });

describe('a sequence', () => {
  it('denies every command that would complete it', () => {
    expect(denials([leaves], [personal(), outside(), command(), outside()])).toEqual([false, true, false, true]);
  });

  it('depends on the order', () => {
    expect(denials([leaves], [outside(), personal(), command()])).toEqual([false, false, false]);
  });

  it('takes one step per command: a command that matches both steps takes only the first', () => {
    const both = command({ labels: ['personal_data'], model: 'cloud' });
    expect(denials([leaves], [both])).toEqual([false]);
    expect(denials([leaves], [both, outside()])).toEqual([false, true]);
  });

  it('is neither advanced nor completed by a repeated command', () => {
    const twice = sequence('twice', { labels: ['a'] }, { labels: ['a'] });
    const once = command({ labels: ['a'] });
    expect(denials([twice], [once, once, command({ labels: ['a'] })])).toEqual([false, false, true]);
  });

  it('has steps in which each given list must match the command', () => {
    const step: SequenceStep = { labels: ['a', 'b'], actions: ['InferText'], models: ['cloud', 'house'] };
    const fits = { labels: ['b', 'c'], action: 'InferText' as GovernedAction, model: 'house' };
    const completes = (candidate: Partial<StepCandidate>) =>
      denials(
        [sequence('s', { actions: ['StartSession'] }, step)],
        [command({ action: 'StartSession' }), command(candidate)],
      )[1];
    expect(completes(fits)).toBe(true);
    for (const but of [{ labels: ['c'] }, { action: 'EmbedText' as const }, { model: 'cloudy' }])
      expect(completes({ ...fits, ...but })).toBe(false);
  });

  it('continues from the reached step of its id when the constitution changes', () => {
    const first = holding(leaves, sequence('other', { labels: ['x'] }, { labels: ['y'] }));
    const progress = advanced(first, [], personal());
    // A version without the sequence does not change its progress.
    expect(advanced(holding(), progress, command({ labels: ['x'] }))).toBe(progress);
    expect(completedBy(holding(), progress, outside())).toEqual([]);
    // After a rollback it has the same progress.
    expect(completedBy(first, progress, outside()).map(({ id }) => id)).toEqual(['leaves']);
    // With fewer steps than were taken, it waits for its last one.
    const three = holding(sequence('leaves', {}, {}, { labels: ['z'] }));
    const far = advanced(three, advanced(three, [], command()), command());
    expect(far).toMatchObject([{ sequence: 'leaves', commands: [expect.any(String), expect.any(String)] }]);
    expect(stepsReached(far, leaves)).toBe(1);
    expect(completedBy(first, far, outside()).map(({ id }) => id)).toEqual(['leaves']);
  });

  it('names the commands that took its steps', () => {
    const first = personal();
    expect(advanced(holding(leaves), [], first)).toEqual([{ sequence: 'leaves', commands: [first.commandId] }]);
  });
});

/** Returns whether some commands of the history take the steps, in order and one each. */
function isSubsequence(steps: readonly SequenceStep[], history: readonly StepCandidate[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  return history.some((candidate, at) => fits(step, candidate) && isSubsequence(rest, history.slice(at + 1)));
}

const fits = ({ labels, actions, models, models_except: but }: SequenceStep, candidate: StepCandidate): boolean =>
  (labels?.some((label) => candidate.labels.includes(label)) ?? true) &&
  (actions?.includes(candidate.action) ?? true) &&
  (models?.includes(candidate.model ?? '') ?? true) &&
  !(but?.includes(candidate.model ?? '') ?? false);

it('the automaton denies exactly the commands that a search through all allowed commands finds', () => {
  const some = <T>(all: readonly T[]) => fc.option(fc.subarray([...all], { minLength: 1 }), { nil: undefined });
  const labels = ['a', 'b', 'c'];
  const models = ['default', 'cloud'];
  // Few, so that many sequences are completed however many actions there are.
  const actions = governedActions.slice(0, 6);
  const step: fc.Arbitrary<SequenceStep> = fc.record({
    labels: some(labels),
    actions: some(actions),
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
      action: fc.constantFrom(...actions),
      model: fc.constantFrom(...models),
    }),
    { minLength: 6, maxLength: 14 },
  );
  let denied = 0;
  fc.assert(
    fc.property(sequences, session, (rules, asked) => {
      const takings = asked.map((each, n) => ({ commandId: `c${n}`, ...each }));
      const letIn: StepCandidate[] = [];
      const naive = takings.map((candidate) => {
        const isDenied = rules.some(
          ({ steps: all }) => fits(all.at(-1) as SequenceStep, candidate) && isSubsequence(all.slice(0, -1), letIn),
        );
        if (isDenied) denied += 1;
        else letIn.push(candidate);
        return isDenied;
      });
      expect(denials(rules, takings)).toEqual(naive);
    }),
    { numRuns: 500 },
  );
  expect(denied).toBeGreaterThan(100);
});
