export const invariants = {
  'no-input-lost': 'every input has its outputs, or is a dead letter',
  'applied-once': 'no input is applied twice',
  'order-per-key': 'the outputs of a key come in the order of its inputs',
  'state-is-fold': 'the state is the fold of the events',
  'offsets-behind-outputs': 'offsets never run ahead of outputs',
  'timers-fire-once': 'a timer fires once, and not before its time',
  'comes-to-rest': 'once nothing fails any more, everything is worked off',
} as const;

export type Invariant = keyof typeof invariants;

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;
  constructor(invariant: Invariant, what: string) {
    super(what);
    this.invariant = invariant;
  }
}
