import { Registry } from 'prom-client';
import { memoryAdapter, type ToolMemory } from '../../../infra/tools/adapters/memory.ts';
import { adaptersOf, type ToolAdapter } from '../../../infra/tools/adapters/port.ts';
import { createToolMetrics } from '../../../infra/tools/metrics.ts';
import { createToolHandler, type ToolHandler } from '../../../infra/tools/worker/handler.ts';
import type { OutputParts } from '../../../infra/tools/worker/kept-output.ts';
import type { AnyRecord, Meta, RecordOf } from '../../../streams/kernel.ts';
import { toolWorker } from '../../../streams/tools/tool-worker.ts';
import type { Random } from '../random.ts';
import { CallRun } from './call-run.ts';
import { kindOf, trusted } from './catalogue.ts';
import type { Outside } from './outside.ts';

/** A call that has not ended, as the progress of the workers has it. */
interface Entry {
  readonly work: RecordOf<'RunToolCall'>;
  readonly meta: Meta;
  /** Runs that the owner has begun, and those that the log counts. */
  begun: number;
  counted: number;
  /** An earlier owner may have begun it. */
  inherited: boolean;
  run: CallRun | null;
  /** The error after which no further run follows; null before. */
  givenUp: unknown;
}

/** Outputs of the simulation fit into records. */
const noLargeOutputs: OutputParts = {
  constitution: {
    ready: Promise.resolve(),
    value: { inForce: { status: 'unverified', code: 'NOT_CONFIGURED', detail: '' } },
  },
  contents: { keep: () => Promise.reject(new Error('an output of the simulation is large')) },
};

/** One process of the tool worker. */
interface Process {
  readonly handler: ToolHandler;
  readonly runs: Map<string, CallRun>;
}

export interface CallWorkersParts {
  readonly random: Random;
  readonly outside: Outside;
  readonly memory: ToolMemory;
  readonly append: (record: AnyRecord, cause: Meta) => void;
}

/**
 * The processes of the tool worker, one after another: each owns the partition until the next one takes it. What runs is the
 * handler of the product; the progress of its records is a model of that of the runner.
 */
export class CallWorkers {
  readonly #parts: CallWorkersParts;
  readonly #zombies: CallRun[] = [];
  #entries: Entry[] = [];
  #process: Process;

  constructor(parts: CallWorkersParts) {
    this.#parts = parts;
    this.#process = this.#start();
  }

  take(record: AnyRecord, meta: Meta): void {
    if (record.type !== 'RunToolCall') return;
    this.#entries.push({ work: record, meta, begun: 0, counted: 0, inherited: false, run: null, givenUp: null });
  }

  /** Lets one run, of the owner or of one that is none any more, go on by one point. Returns false when none can. */
  async work(): Promise<boolean> {
    const zombie = this.#zombies.find(({ point }) => point !== null);
    if (zombie !== undefined && this.#parts.random.chance(0.3)) {
      await zombie.act();
      return true;
    }
    const ready = this.#entries.filter(
      (each, nth, all) => all.findIndex(({ work }) => work.data.callId === each.work.data.callId) === nth,
    );
    if (ready.length === 0) return false;
    const entry = this.#parts.random.pick(ready);
    if (entry.run === null) await this.#begin(entry);
    else await entry.run.act();
    const { run } = entry;
    if (run !== null && run.point === null && run.failed !== undefined) {
      if (run.attempt >= toolWorker.attemptsMax) entry.givenUp = run.failed;
      entry.run = null;
    }
    return true;
  }

  /**
   * The owner dies, or goes on as a zombie. A transaction that it had sent may have been committed before it was fenced, and
   * a request may arrive. Where a check tells whether a call took effect, no request of an earlier owner arrives after it:
   * the outside is asked only once the time of a request is over.
   */
  takeOver(): void {
    const { random } = this.#parts;
    const isZombie = random.chance(0.5);
    for (const { run, work } of [...this.#entries]) {
      if (run === null || run.point === null) continue;
      const arrives = random.chance(0.5);
      const isSending = run.point === 'send';
      if (arrives && (run.point === 'commit' || run.point === 'end')) run.land();
      if (arrives && isSending) run.arrive();
      const mayGoOn = !isSending || (!arrives && kindOf(work.data.toolId.slice('demo/'.length))?.verifies !== true);
      if (isZombie && mayGoOn) this.#zombies.push(run);
    }
    for (const entry of this.#entries) {
      entry.begun = entry.counted;
      entry.inherited = true;
      entry.run = null;
      entry.givenUp = null;
    }
    this.#process = this.#start();
  }

  async #begin(entry: Entry): Promise<void> {
    const { work, meta, givenUp } = entry;
    if (givenUp === null) entry.begun += 1;
    const beyond = entry.begun > toolWorker.attemptsMax ? new Error('WORK_ATTEMPTS_EXHAUSTED') : null;
    const run: CallRun = new CallRun(work, entry, {
      outside: this.#parts.outside,
      commit: (records) => this.#commit(entry, run, records),
      finish: (records) => {
        if (!this.#commit(entry, run, records)) return false;
        this.#entries = this.#entries.filter((each) => each !== entry);
        return true;
      },
    });
    entry.run = run;
    this.#process.runs.set(work.data.callId, run);
    await run.begin(this.#process.handler, meta, givenUp ?? beyond);
  }

  /** Every transaction of the owner counts all of its runs. */
  #commit(entry: Entry, run: CallRun, records: readonly AnyRecord[]): boolean {
    if (!this.#entries.includes(entry) || entry.run !== run) return false;
    for (const record of records) this.#parts.append(record, entry.meta);
    for (const each of this.#entries) each.counted = each.begun;
    return true;
  }

  #start(): Process {
    const runs = new Map<string, CallRun>();
    const of = (callId: string): CallRun => {
      const run = runs.get(callId);
      if (run === undefined) throw new Error(`no run of call ${callId}`);
      return run;
    };
    const outside: ToolAdapter = {
      ...{ name: 'declared', health: async () => ({ ok: true, detail: '' }) },
      audit: async () => ({ tier: 'declared', walls: [] }),
      connect: ({ name }) => ({
        ...{ requests: () => [], forget: () => undefined, close: async () => undefined },
        execute: async (run) => {
          await of(run.callId).execute(run);
          return { output: { ok: true } };
        },
        verify: kindOf(name)?.verifies === true ? async (run) => of(run.callId).check(run) : null,
      }),
    };
    const handler = createToolHandler({
      ...{ trusted, adapters: adaptersOf(outside, memoryAdapter(this.#parts.memory)), now: () => 0 },
      metrics: createToolMetrics(new Registry()),
      ...{ rate: { take: async () => null, close: async () => undefined }, ...noLargeOutputs },
      switches: { ready: Promise.resolve(), value: new Map(), listen: () => () => undefined },
    });
    return { handler, runs };
  }
}
