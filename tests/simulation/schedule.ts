import { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import { messageOf } from '../../infra/kit/errors.ts';
import type { TopologyLayout } from '../../streams/kernel.ts';
import { Faults } from './faults.ts';
import { type CurrentLayout, setUpLayout } from './layout.ts';
import { Ledger } from './ledger.ts';
import { commandOf, topicNames } from './load.ts';
import { Network } from './network.ts';
import { Operator } from './operator.ts';
import { Random } from './random.ts';
import { type Owner, Scheduler } from './scheduler.ts';
import { SimProcess } from './sim-process.ts';
import { Switcher } from './switcher.ts';
import { Trace } from './trace.ts';
import { type Invariant, Violation } from './violation.ts';

export interface Outcome {
  readonly violation: { readonly invariant: Invariant; readonly what: string } | null;
  readonly steps: number;
  readonly transactions: number;
  readonly faults: number;
  readonly inputs: number;
  readonly virtualMs: number;
  /** Digest of the trace; equal only for traces that are equal to the byte. */
  readonly digest: string;
  readonly lastSteps: readonly string[];
}

/**
 * Faults stop when all inputs are appended, or after this virtual time; the rest must be processed within the second
 * time.
 */
const TROUBLE_MS_MAX = 60_000;
const REST_MS_MAX = 120_000;
const STEPS_MAX = 60_000;
/** Points in the middle of a transaction: its changes must not be visible yet. */
const SHOWN_AT: ReadonlySet<string> = new Set(['enlisted', 'written', 'committed']);

/** Runs one schedule, which is fully determined by the two numbers. */
export async function runSchedule(seed: number, nth: number, linesKept?: number): Promise<Outcome> {
  const random = new Random(seed, nth);
  const trace = new Trace(linesKept);
  const scheduler = new Scheduler(random, trace);
  const network = new Network(random, scheduler);
  const owner: Owner = { name: 'broker', dead: false, frozenUntil: 0 };
  let failed: Violation | null = null;
  const broker = new MemoryBroker({
    clock: scheduler.clockOf(owner),
    fetchRecordsMax: random.pick([1, 2, 5, 100]),
    pass: (_, subject) => network.marker(owner, subject),
    onDecided: (transaction) => {
      try {
        ledger.take(transaction);
      } catch (error) {
        failed ??= asViolation(error);
      }
    },
  });
  const check = (process: SimProcess, transactionalId: string): void => {
    try {
      ledger.checkShown(process, transactionalId);
    } catch (error) {
      failed ??= asViolation(error);
    }
  };
  const partitions = random.between(1, 3);
  broker.createTopics(topicNames.map((name) => ({ name, partitions, config: {} })));
  const topologies: TopologyLayout = random.pick(['chained', 'apart']);
  const layout: CurrentLayout = { epoch: 1, topologies, switching: false };
  setUpLayout(broker, layout, partitions);
  const ledger = new Ledger(broker, layout);
  const onFatal = (error: unknown): void => {
    failed ??= new Violation('comes-to-rest', `a process ended: ${messageOf(error)}`);
  };
  const operator = new Operator({ scheduler, network, random, broker, trace });
  const isFixed = (): boolean => operator.hasMended;
  const world = { scheduler, network, random, broker, trace, isFixed, layout, onFatal };
  const faults = new Faults(world);
  new Switcher(world, faults);
  const inputs = new Inputs(random, broker, scheduler);

  while (failed === null && !(inputs.appended && scheduler.now > inputs.untilMs)) {
    const step = await scheduler.step();
    if (step === null) break;
    const [point = '', transactionalId = ''] = step.label.split(' ');
    if (SHOWN_AT.has(point) && step.owner instanceof SimProcess) check(step.owner, transactionalId);
    faults.afterStep(step);
    if (scheduler.now > TROUBLE_MS_MAX || scheduler.steps > STEPS_MAX) break;
  }
  faults.end();
  operator.mend();
  const restBy = scheduler.now + REST_MS_MAX;
  for (let looks = 0; failed === null; looks += 1) {
    // The check costs more than a step.
    if (looks % 16 === 0 && inputs.appended && ledger.left === null) {
      if (!ledger.isParked) break;
      operator.redrive();
    }
    const step = await scheduler.step();
    if (step === null || scheduler.now > restBy || scheduler.steps > 2 * STEPS_MAX)
      failed ??= new Violation(
        'comes-to-rest',
        step === null ? 'no progress is possible' : (ledger.left ?? 'keys are parked'),
      );
  }
  try {
    if (failed === null) ledger.checkReaders();
  } catch (error) {
    failed = asViolation(error);
  }
  const { invariant, message: what } = failed ?? {};
  return {
    violation: invariant === undefined ? null : { invariant, what: what ?? '' },
    steps: scheduler.steps,
    transactions: ledger.transactions,
    faults: faults.done,
    inputs: inputs.count,
    virtualMs: scheduler.now,
    digest: trace.digest(),
    lastSteps: trace.last,
  };
}

function asViolation(error: unknown): Violation {
  if (error instanceof Violation) return error;
  throw error;
}

/** Commands of a few keys, appended in bursts while faults are injected. */
class Inputs {
  readonly untilMs: number;
  readonly count: number;
  #waiting = 0;

  constructor(random: Random, broker: MemoryBroker, scheduler: Scheduler) {
    const gateway: Owner = { name: 'gateway', dead: false, frozenUntil: 0 };
    const keys = Array.from({ length: random.between(2, 6) }, (_, index) => `key${index}`);
    this.untilMs = random.between(5_000, 40_000);
    let made = 0;
    for (let bursts = random.between(3, 9); bursts > 0; bursts -= 1) {
      this.#waiting += 1;
      const records = Array.from({ length: random.between(1, 9) }, () => {
        made += 1;
        return commandOf(random, random.pick(keys), made, made);
      });
      void scheduler.wait(gateway, `appends ${records.length}`, random.between(0, this.untilMs)).then(() => {
        broker.append(records);
        this.#waiting -= 1;
      });
    }
    this.count = made;
  }

  get appended(): boolean {
    return this.#waiting === 0;
  }
}
