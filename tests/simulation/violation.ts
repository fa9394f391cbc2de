export const invariants = {
  'no-input-lost': 'every input has its outputs, or is a dead letter',
  'applied-once': 'no input is applied twice',
  'order-per-key': 'the outputs of a key come in the order of its inputs',
  'state-is-fold': 'the state is the fold of the events',
  'offsets-behind-outputs': 'offsets never run ahead of outputs',
  'timers-fire-once': 'a timer fires once, and not before its time',
  'budget-not-overdrawn': 'spent and leased stay within the budget, and places hold no more than they were leased',
  'refused-when-spent': 'a request is refused only when nothing is left unused, or it is larger than the rest',
  'leases-come-back': 'what is leased is reserved or unused in its place, and comes back when it is idle',
  'entry-final': 'a result in the journal of a job is not replaced',
  'step-not-again': 'a step whose result is in the journal is not run again',
  'journal-is-result': 'a job completes with the results that are in its journal, all of them',
  'slots-never-more': 'no more jobs of a key run than its limit',
  'batch-is-whole': 'a start runs in one batch, with its own input, and ends with it',
  'slots-never-leak': 'a slot is held, and waited for, by the jobs that need it alone',
  'due-once': 'each due time of a schedule is run or skipped once, and none is lost',
  'no-overlap': 'no run of a schedule begins beside a job that its policy does not allow',
  'effect-once': 'an irreversible call takes effect outside at most once',
  'effect-as-decided': 'what takes effect outside was decided on, and the outcome of a call says what happened',
  'approval-bound': 'a call that needs approvals runs once, and enough others have approved its very arguments in time',
  'run-ends-once': 'a run of an agent ends once, and no step and no call of it is made again',
  'memory-is-fold': 'memories are kept once, never after they were forgotten, and their rows equal the log',
  'comes-to-rest': 'once faults have ended, all work is finished',
} as const;

export type Invariant = keyof typeof invariants;

/** A broken invariant, with its details. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;
  constructor(invariant: Invariant, what: string) {
    super(what);
    this.invariant = invariant;
  }
}
