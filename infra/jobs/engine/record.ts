import { type StepName, stepKey, stepText } from '../../../schemas/contexts/jobs/step-name.ts';
import { SIMULATION_DIVERGED } from '../../../schemas/contexts/jobs.ts';
import type { JobEntry } from '../../../schemas/generated/records.ts';
import type { GivenSimulation, Operation, RunEnd } from './contract.ts';
import { inDeliveryOrder } from './journal.ts';
import { parsedOf } from './payload.ts';

/** Kinds of waits on which policy decides: they are reported also when the record has no result of them. */
const DECIDED: readonly string[] = ['child', 'model', 'tool', 'agent'];

/** Operations that a run of a simulated job begins next. */
interface Next {
  readonly step: Operation | null;
  readonly waits: readonly Operation[];
  /** Operations to look at again when the result of the step was delivered. */
  readonly later: readonly Operation[];
}

/** The record of another job, which answers what a simulated one asks for. A run has it instead of effects. */
export class SimulationRecord {
  readonly #entries: ReadonlyMap<string, JobEntry>;
  readonly #unasked: Set<string>;
  /** Operations that were asked for and have no result in the record, in that order. The job may still go on without it, as from a lost race. */
  readonly #missing: Operation[] = [];

  constructor({ record }: GivenSimulation) {
    this.#entries = new Map(inDeliveryOrder(record).map((entry) => [stepKey(entry), entry]));
    this.#unasked = new Set(this.#entries.keys());
  }

  /** Returns the result of a key; undefined when the record has none of this kind. */
  of(key: StepName, kind: string): JobEntry | undefined {
    const entry = this.#entries.get(stepKey(key));
    return entry?.kind === kind ? entry : undefined;
  }

  /**
   * Returns what begins next of the operations that the code has asked for: the step whose result was delivered first, alone;
   * or the waits before the next step. So what the code learns comes in the order of the record, and a race has the same
   * winner. What the record has no result of is noted, and does not begin.
   */
  next(held: readonly Operation[]): Next {
    const order = new Map([...this.#entries.keys()].map((key, at) => [key, at]));
    const rank = ({ key }: Operation) => order.get(stepKey(key)) ?? order.size;
    const can = held.filter((operation) => this.#has(operation)).sort((a, b) => rank(a) - rank(b));
    this.#missing.push(...held.filter((operation) => !this.#has(operation)));
    const [first, ...others] = can;
    if (first === undefined) return { step: null, waits: [], later: [] };
    if (first.kind === 'step') return { step: first, waits: [], later: others };
    const at = can.findIndex(({ kind }) => kind === 'step');
    // The run ends with the waits: the next one asks again for the steps behind them.
    return { step: null, waits: at === -1 ? can : can.slice(0, at), later: [] };
  }

  /** Notes that the code asks for a key. */
  ask(key: StepName): void {
    this.#unasked.delete(stepKey(key));
  }

  /**
   * Returns the recorded value; otherwise the time, and of a change what code found that was past it. Behind the record the
   * code takes its new way: what the last run of a job found is not recorded.
   */
  valueOf(kind: 'now' | 'patch', key: StepName, nowMs: number): unknown {
    const entry = this.of(key, kind);
    if (entry !== undefined) return parsedOf(entry.output);
    return kind === 'patch' ? this.#unasked.size === 0 : nowMs;
  }

  #has({ key, kind }: Operation): boolean {
    return DECIDED.includes(kind) || this.of(key, kind) !== undefined;
  }

  /** Returns the end of a run that cannot go on without what the record lacks; null when it lacks nothing. */
  get divergence(): (Pick<RunEnd, 'outcome' | 'code' | 'detail'> & { readonly retryable: false }) | null {
    const [first] = this.#missing;
    if (first === undefined) return null;
    const name = stepText(first.key);
    const other = this.#entries.get(stepKey(first.key));
    const has = other === undefined ? '' : `; it has ${other.kind} '${name}'`;
    const detail = `The code asks for ${first.kind} '${name}', of which the record has no result${has}.`;
    return { outcome: 'failed', code: SIMULATION_DIVERGED, detail, retryable: false };
  }
}
