import { stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntry, RunJob } from '../../../schemas/generated/records.ts';
import { endJobRun, recordJobStep, recordJobWait } from '../../../schemas/generated/records.ts';
import type { AnyRecord } from '../../../streams/kernel.ts';
import { type KeyedOp, keyed, type Program } from './program.ts';

/** What a run does outside of itself. */
export interface RunIo {
  /** Commits a report. Returns false when the worker is no owner any more: its run then ends. */
  commit(report: AnyRecord): boolean;
  effect(keyedOp: KeyedOp): void;
  now(): number;
  pick<T>(from: readonly T[]): T;
}

interface Branch {
  readonly ops: readonly KeyedOp[];
  at: number;
  /** The result of an effect that is not committed yet. */
  pending: JobEntry | null;
  waits: boolean;
}

/** Time after which a later run repeats a slow step. */
const REPEAT_MS = 5_000;

/** A model of a worker's run, written without the code under test: one call of `act` is one thing that it does. */
export class Run {
  readonly work: RunJob;
  readonly #journal: Map<string, JobEntry>;
  readonly #stages: readonly (readonly Branch[])[];
  readonly #throws: number;
  readonly #io: RunIo;
  #stage = 0;
  stopping: 'finish_step' | 'stop' | null = null;
  hasEnded = false;

  constructor(work: RunJob, journal: Map<string, JobEntry>, program: Program, io: RunIo) {
    this.work = work;
    this.#journal = journal;
    this.#io = io;
    this.#throws = program.throws;
    const own = keyed('', [...program.before, ...program.after]);
    const branch = (ops: readonly KeyedOp[]): Branch => ({ ops, at: 0, pending: null, waits: false });
    this.#stages = [
      [branch(own.slice(0, program.before.length))],
      program.branches.map((ops, n) => branch(keyed(`${n}`, ops))),
      [branch(own.slice(program.before.length))],
    ];
  }

  act(): void {
    this.#next()();
  }

  /** Returns the next thing to do. */
  #next(): () => void {
    if (this.stopping === 'stop') return () => this.#end('stopped');
    for (; ; this.#stage += 1) {
      const stage = this.#stages[this.#stage];
      if (stage === undefined) return () => this.#end('completed', { output: this.#output() });
      if (this.#stage === 1 && this.work.attempt <= this.#throws) return () => this.#end('failed', { code: 'THROWN' });
      for (const branch of stage) this.#pass(branch);
      const open = stage.filter(({ ops, at }) => at < ops.length);
      if (open.length === 0) continue;
      const ready = open.filter(({ waits, pending }) => !waits && (this.stopping === null || pending !== null));
      if (ready.length > 0) return () => this.#work(this.#io.pick(ready));
      return () => this.#end(this.stopping === null ? 'waiting' : 'stopped');
    }
  }

  /** Takes results from the journal. */
  #pass(branch: Branch): void {
    for (;;) {
      const next = branch.ops[branch.at];
      const entry = next && this.#journal.get(stepKey(next.key));
      if (entry === undefined || entry.outcome === 'attempted') return;
      branch.at += 1;
    }
  }

  #work(branch: Branch): void {
    const next = branch.ops[branch.at];
    if (next === undefined) return;
    if (next.op.do !== 'step') {
      branch.waits = this.#wait(next);
      return;
    }
    if (branch.pending === null) {
      branch.pending = this.#ranStep(next);
      return;
    }
    const entry = branch.pending;
    if (!this.#commit(recordJobStep({ ...this.#place(), entry }))) return;
    this.#journal.set(stepKey(next.key), entry);
    branch.pending = null;
    if (entry.outcome === 'attempted' && next.op.slow) branch.waits = this.#wait(next);
  }

  #ranStep(next: KeyedOp): JobEntry {
    const attempts = (this.#journal.get(stepKey(next.key))?.attempts ?? 0) + 1;
    const failed = next.op.do === 'step' && attempts <= next.op.fails;
    const at = this.#io.now();
    this.#io.effect(next);
    return {
      ...{ ...next.key, kind: 'step', outcome: failed ? 'attempted' : 'completed', attempts },
      generation: this.work.generation,
      // Of this run alone: the result of another one shows.
      ...{ output: failed ? null : JSON.stringify(`${stepKey(next.key)} of ${this.work.generation}`) },
      ...{ code: failed ? 'STEP_FAILED' : null, detail: failed ? 'not yet' : null, startedAt: at, endedAt: at },
    };
  }

  #wait({ op, key }: KeyedOp): boolean {
    const none = { until: null, signal: null, childType: null, request: null, recorded: null };
    const now = this.#io.now();
    const wait = () => {
      switch (op.do) {
        case 'step':
          return { ...none, kind: 'retry', until: now + REPEAT_MS };
        case 'sleep':
          return { ...none, kind: 'sleep', until: now + op.ms };
        case 'signal':
          return {
            ...{ ...none, kind: 'signal', signal: op.name },
            until: op.timeoutMs === null ? null : now + op.timeoutMs,
          };
        case 'child':
          return { ...none, kind: 'child', childType: 'model', request: `${op.program}` };
        case 'model':
          return { ...none, kind: 'model', request: JSON.stringify({ prompt: op.prompt }) };
      }
    };
    return this.#commit(recordJobWait({ ...this.#place(), wait: { ...key, ...wait() } }));
  }

  #output = (): string => JSON.stringify([...this.#journal].map(([key, { output }]) => [key, output]).sort());
  #place = () => ({ jobId: this.work.jobId, generation: this.work.generation });

  #commit(report: AnyRecord): boolean {
    const isOwner = this.#io.commit(report);
    if (!isOwner) this.hasEnded = true;
    return isOwner;
  }

  #end(outcome: string, { output = null, code = null }: { output?: string | null; code?: string | null } = {}): void {
    this.#commit(endJobRun({ ...this.#place(), outcome, output, code, detail: code, retryable: true }));
    this.hasEnded = true;
  }
}
