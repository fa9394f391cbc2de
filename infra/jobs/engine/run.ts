import type { ContentRef } from '../../../schemas/contexts/files.ts';
import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import { type StepName, stepKey, stepText } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntryKind } from '../../../schemas/contexts/jobs.ts';
import type { JobEntry, JobWait } from '../../../schemas/generated/records.ts';
import { type Wait, waitOf } from '../../kit/clock.ts';
import type { JobContext } from '../sdk/context.ts';
import { failureOf, JobError } from '../sdk/errors.ts';
import type { AnyJob } from '../sdk/job.ts';
import type { Operation, Result, RunEnd, RunGiven, RunPorts } from './contract.ts';
import { Failures } from './failures.ts';
import { inputOf } from './input.ts';
import { isFinal, Journal } from './journal.ts';
import { isLarge, parsedOf, payloadOf } from './payload.ts';
import { SimulationRecord } from './record.ts';
import { ReportBuffer } from './report-buffer.ts';

/** Time that aborted steps have to end, in ms. */
export const STOP_GRACE_MS = 5_000;
/**
 * Time in which the code may still ask for what the journal has next, in ms. Code that waits for nothing but `ctx` asks at
 * once; code that waits for something else beside it gets this time.
 */
export const ASK_GRACE_MS = 1_000;
/** Time for which progress waits for a later one, in ms. */
export const PROGRESS_MS = 250;

type Settled = { readonly value: unknown } | { readonly error: unknown };

/**
 * One run of a handler over a journal. Results are delivered one per turn of the event loop, so that all code that a
 * result leads to has asked for what it asks before the next one comes: the order of asking is the same in every run.
 *
 * A run is replaying until every recorded result is delivered and every recorded entry asked for. New operations begin
 * after that; code that asks for new ones while the journal has others next does not fit the journal.
 *
 * A payload above 64 KiB is on the log before the record that names it, and is read before it is delivered. The run does
 * nothing else meanwhile.
 *
 * The run ends when the handler has settled; when nothing but waits is pending for a full turn of the event loop
 * (`waiting`); when it is stopped. A handler that waits for something else beside a wait is ended as well: it runs again.
 */
export class Run {
  readonly given: RunGiven;
  readonly ports: RunPorts;
  readonly failures = new Failures();
  /** Aborted when the run is stopped, and at its end. */
  readonly abort = new AbortController();
  readonly #job: AnyJob;
  readonly #journal: Journal;
  /** Null for a job that runs. */
  readonly #record: SimulationRecord | null;
  readonly #ended = Promise.withResolvers<RunEnd>();
  #over = false;
  /** Operations whose result is in the journal, by key. */
  readonly #recorded = new Map<string, Result>();
  /** New operations that have not begun. */
  #held: Operation[] = [];
  /** Results of this run that are in the log, oldest first. */
  readonly #results: Result[] = [];
  /** Number of operations that wait for a record of the processor. */
  #waits = 0;
  /** Number of steps that run, with their delays, and of commits under way. */
  #busy = 0;
  /** Number of payloads that are read or kept: nothing is delivered or begun meanwhile. */
  #moving = 0;
  readonly #buffer = new ReportBuffer();
  readonly #patches = new Map<string, boolean>();
  #settled: Settled | null = null;
  #turn: NodeJS.Immediate | null = null;
  #askWait: Wait | null = null;
  #isAskGraceOver = false;
  #progressWait: Wait | null = null;

  constructor(job: AnyJob, given: RunGiven, ports: RunPorts) {
    this.#job = job;
    this.given = given;
    this.ports = ports;
    this.#journal = new Journal(given.entries);
    this.#record = given.simulation === null ? null : new SimulationRecord(given.simulation);
  }

  /**
   * Runs the handler with a context. Resolves with the end of the run; rejects only when a commit rejects. Called once.
   */
  async execute(ctx: JobContext): Promise<RunEnd> {
    const { stop, finishSteps } = this.ports;
    const onStop = (): void => this.#stop();
    const onFinish = (): void => this.#wake();
    stop.addEventListener('abort', onStop);
    finishSteps.addEventListener('abort', onFinish);
    try {
      void this.#handle(ctx);
      if (stop.aborted) this.#stop();
      return await this.#ended.promise;
    } finally {
      stop.removeEventListener('abort', onStop);
      finishSteps.removeEventListener('abort', onFinish);
      if (this.#turn !== null) clearImmediate(this.#turn);
      this.#askWait?.end();
      this.#progressWait?.end();
      this.abort.abort(new JobError('RUN_ENDED', 'the run has ended'));
    }
  }

  async #handle(ctx: JobContext): Promise<void> {
    try {
      const { input } = this.given;
      const content = namedIn(input);
      const value = parsedOf(content === null ? input : await this.#read(content));
      this.#settled = { value: await this.#job.run(ctx, inputOf(this.#job, this.given, value) as never) };
    } catch (error) {
      this.#settled = { error };
    }
    this.#wake();
  }

  /** Returns the promise of what the handler asks for. It never settles when the run ends before. */
  ask(kind: JobEntryKind, key: StepName, begin: Operation['begin']): Promise<unknown> {
    const promise = Promise.withResolvers<unknown>();
    // A handler that has stopped to wait for it, as for the loser of a race, must not end the process.
    promise.promise.catch(() => undefined);
    if (this.#over) return promise.promise;
    const entry = this.#askFor(kind, key);
    if (this.#over) return promise.promise;
    const attempted = entry !== undefined && !isFinal(entry) ? entry : undefined;
    const operation = { key, kind, attempted, promise, begin };
    if (entry !== undefined && attempted === undefined)
      this.#recorded.set(stepKey(key), { operation, entry, output: entry.output });
    else this.#held.push(operation);
    return promise.promise;
  }

  /** Returns the recorded value of a key, or records `value` for it with the next commit. */
  immediate(kind: 'now' | 'patch', key: StepName, value: (isReplaying: boolean) => unknown): unknown {
    const { isReplaying } = this.#journal;
    if (this.#over) return value(isReplaying);
    const entry = this.#askFor(kind, key);
    if (entry !== undefined) return parsedOf(entry.output);
    const known = isReplaying ? null : this.#record;
    const made = known === null ? value(isReplaying) : known.valueOf(kind, key, this.ports.clock.now());
    const startedAt = this.ports.clock.now();
    const recorded = this.entryOf(key, kind, { output: JSON.stringify(made), startedAt });
    if (!this.#over) this.#buffer.add({ kind: 'entry', entry: recorded });
    return made;
  }

  /** Returns whether the code behind a change is to run; the same for every use of `id`. */
  patched(id: string): boolean {
    const known = this.#patches.get(id);
    if (known !== undefined) return known;
    // Code that was past this place before the change takes its old way.
    const key = { path: '', name: `patch:${id}`, nth: 1 };
    const isPatched = this.immediate('patch', key, (isReplaying) => !isReplaying) === true;
    this.#patches.set(id, isPatched);
    return isPatched;
  }

  /** Reports progress; not while replaying, as it was reported then. */
  progress(percent: number | null, message: string): void {
    if (this.#over || this.#journal.isReplaying) return;
    this.#buffer.add({ kind: 'progress', percent, message });
    if (this.#progressWait !== null) return;
    const wait = waitOf(this.ports.clock, PROGRESS_MS);
    this.#progressWait = wait;
    void wait.over.then(() => {
      this.#progressWait = null;
      this.#flush();
    });
  }

  /** Returns an entry of this run. */
  entryOf(
    key: StepName,
    kind: JobEntryKind,
    rest: Partial<Omit<JobEntry, keyof StepName | 'kind'>> & Pick<JobEntry, 'startedAt'>,
  ): JobEntry {
    const { path, name, nth } = key;
    return {
      ...{ path, name, nth, kind, outcome: 'completed', output: null, code: null, detail: null, attempts: 1 },
      ...{ generation: this.given.generation, endedAt: this.ports.clock.now() },
      ...rest,
    };
  }

  /** Begins a wait that a record of the processor ends. */
  wait({ key: { path, name, nth } }: Operation, wait: Omit<JobWait, keyof StepName | 'recorded'>): void {
    if (this.#over) return;
    this.#waits += 1;
    const recorded = this.#record?.of({ path, name, nth }, wait.kind) ?? null;
    this.#buffer.add({ kind: 'wait', wait: { path, name, nth, ...wait, recorded } });
    this.#wake();
  }

  /**
   * Records an entry of a step. The result of a final one, `json`, is delivered when it is in the log; the entry may have its
   * name.
   */
  record(operation: Operation, entry: JobEntry, json: string | null = null): void {
    if (this.#over) return;
    if (isFinal(entry)) this.#buffer.addResult({ operation, entry, output: json });
    else this.#buffer.add({ kind: 'entry', entry });
    this.#wake();
  }

  /** Calls `then` with what a record has of JSON: at once, or when it is kept. The run fails when it cannot be kept. */
  withPayload(json: string, then: (payload: string) => void): void {
    if (!isLarge(json)) {
      then(json);
      return;
    }
    void this.#move(() => this.ports.payloads.keep(json)).then(then, (error: unknown) => this.#failed(error));
  }

  /** Runs work that keeps the run from ending: a step with its short delays, or a commit. */
  async busy(work: () => Promise<void>): Promise<void> {
    this.#busy += 1;
    try {
      await work();
    } catch (error) {
      this.#over = true;
      this.#ended.reject(error);
    }
    this.#busy -= 1;
    this.#wake();
  }

  /** True when no attempt may begin and none counts as failed. */
  get isStopping(): boolean {
    return this.#over || this.ports.stop.aborted;
  }

  /** Returns the entry of a key; ends the run when it is of another kind. */
  #askFor(kind: JobEntryKind, key: StepName): JobEntry | undefined {
    const entry = this.#journal.ask(stepKey(key));
    this.#record?.ask(key);
    if (entry !== undefined && entry.kind !== kind) this.#mismatch(entry, `the code asks for ${whatOf({ kind, key })}`);
    this.#isAskGraceOver = false;
    this.#askWait?.end();
    this.#askWait = null;
    this.#wake();
    return entry;
  }

  /** Commits what was reported; the results are delivered after it. */
  #flush(): void {
    if (this.#over || this.#buffer.isEmpty) return;
    const { reports, results } = this.#buffer.take();
    void this.busy(async () => {
      await this.ports.commit(reports);
      this.#results.push(...results);
    });
  }

  /** Looks at the run when the code has come to rest. */
  #wake(): void {
    if (this.#over || this.#turn !== null) return;
    this.#turn = setImmediate(() => {
      this.#turn = null;
      if (!this.#over) this.#step();
    });
  }

  /** Does the next thing that the run has to do. Called when no code of the handler can go on by itself. */
  #step(): void {
    const isBusy = this.#busy > 0;
    if (this.ports.stop.aborted) {
      if (!isBusy) this.#end({ outcome: 'stopped' });
    } else if (this.#moving > 0) return;
    else if (this.#settled !== null) this.#settle(this.#settled);
    else if (this.#deliver()) this.#wake();
    else if (this.#buffer.hasResults) {
      this.#flush();
      this.#wake();
    } else if (this.ports.finishSteps.aborted) {
      if (!isBusy) this.#end({ outcome: 'stopped' });
    } else if (this.#journal.isReplaying) this.#awaitAsking();
    else if (this.#held[0] !== undefined && !(isBusy && this.#record !== null)) {
      if (this.ports.begins === false) {
        this.#end({ outcome: 'waiting', detail: `the code asks for ${whatOf(this.#held[0])}` });
        return;
      }
      this.#beginHeld();
      this.#wake();
    } else if (isBusy) {
      if (this.#buffer.hasReports) this.#flush();
    } else if (this.#waits > 0) this.#end({ outcome: 'waiting' });
    else if (this.#record?.divergence) this.#end(this.#record.divergence);
  }

  /** Begins what is held. For a simulated job, only waits begin: a step takes its recorded result. */
  #beginHeld(): void {
    const held = this.#held.splice(0);
    if (this.#record === null) {
      for (const operation of held) operation.begin(operation);
      return;
    }
    const { step, waits, later } = this.#record.next(held);
    const entry = step === null ? undefined : this.#record.of(step.key, 'step');
    if (step !== null && entry !== undefined) this.#take(step, entry);
    for (const operation of waits) operation.begin(operation);
    this.#held.push(...later);
  }

  /** Records the result that the record has of a step, whose function is not called. */
  #take(operation: Operation, recorded: JobEntry): void {
    const entry = { ...recorded, generation: this.given.generation };
    const content = namedIn(entry.output);
    const take = (json: string | null) => this.record(operation, entry, json);
    if (content === null) take(entry.output);
    else void this.#read(content).then(take, (error: unknown) => this.#failed(error));
  }

  /** Delivers one result. Returns false when none can be delivered now. */
  #deliver(): boolean {
    const next = this.#journal.next();
    if (next === undefined) return this.#give(this.#results.shift());
    if (this.#recorded.has(next)) return this.#giveRecorded(next);
    // The code waits for something else beside `ctx`: what it has asked for comes out of order.
    const [first] = this.#recorded.keys();
    return this.#isAskGraceOver && first !== undefined && this.#giveRecorded(first);
  }

  #giveRecorded(key: string): boolean {
    const result = this.#recorded.get(key);
    const content = namedIn(result?.output ?? null);
    if (result !== undefined && content !== null) {
      const put = (output: string) => void this.#recorded.set(key, { ...result, output });
      void this.#read(content).then(put, (error: unknown) => this.#failed(error));
      return true;
    }
    this.#recorded.delete(key);
    this.#journal.deliver(key);
    return this.#give(result);
  }

  #give(result: Result | undefined): boolean {
    if (result === undefined) return false;
    const { operation, entry, output } = result;
    if (entry.outcome === 'completed') operation.promise.resolve(parsedOf(output));
    else operation.promise.reject(this.failures.errorOf(result));
    return true;
  }

  /** Resolves with the JSON of a name. */
  #read(content: ContentRef): Promise<string> {
    return this.#move(() => this.ports.payloads.read(content));
  }

  /** Does nothing else until a payload is read or kept. */
  async #move(work: () => Promise<string>): Promise<string> {
    this.#moving += 1;
    try {
      return await work();
    } finally {
      this.#moving -= 1;
      this.#wake();
    }
  }

  /** The journal has something that the code has not asked for. */
  #awaitAsking(): void {
    const [held] = this.#held;
    if (this.#recorded.size === 0 && held === undefined) return;
    if (this.#isAskGraceOver) {
      const missing = this.#journal.unasked();
      if (missing !== undefined && held !== undefined)
        this.#mismatch(missing, `the code asks for ${whatOf(held)} instead`);
      return;
    }
    if (this.#askWait !== null) return;
    const wait = waitOf(this.ports.clock, ASK_GRACE_MS);
    this.#askWait = wait;
    void wait.over.then(() => {
      if (this.#askWait !== wait) return;
      this.#isAskGraceOver = true;
      this.#askWait = null;
      this.#wake();
    });
  }

  #settle(settled: Settled): void {
    if ('error' in settled) {
      this.#failed(settled.error);
      return;
    }
    const missing = this.#journal.unasked();
    if (missing !== undefined) {
      this.#mismatch(missing, 'the code ends without it');
      return;
    }
    try {
      const parsed = this.#job.output.safeParse(settled.value);
      if (!parsed.success)
        throw new JobError('JOB_OUTPUT_INVALID', `the result does not fit: ${parsed.error.message}`, {
          retryable: false,
        });
      const json = payloadOf(parsed.data, 'the result of the job');
      this.withPayload(json, (output) => this.#end({ outcome: 'completed', output }));
    } catch (error) {
      this.#failed(error);
    }
  }

  /**
   * Ends a run whose handler has thrown. A step that has failed for good and has ended the run is begun again by the next
   * one, with new attempts.
   */
  #failed(error: unknown): void {
    const failed = { outcome: 'failed', ...failureOf(error, 'JOB_FAILED') } as const;
    const failure = this.failures.behind(error);
    if (failure?.operation.kind !== 'step') {
      this.#end(failed);
      return;
    }
    const { operation, entry } = failure;
    const reopened: JobEntry = { ...entry, outcome: 'attempted', generation: this.given.generation };
    this.#buffer.add({ kind: 'entry', entry: reopened });
    this.#end({ ...failed, retryable: !this.failures.isFinal(operation) });
  }

  #mismatch(entry: JobEntry, instead: string): void {
    const detail = `the journal has ${entry.kind} ${nameOf(entry)}; ${instead}`;
    this.#end({ outcome: 'mismatch', code: 'JOURNAL_MISMATCH', detail, retryable: false });
  }

  #stop(): void {
    this.abort.abort(this.ports.stop.reason);
    const grace = waitOf(this.ports.clock, STOP_GRACE_MS);
    void grace.over.then(() => this.#end({ outcome: 'stopped' }));
    void this.#ended.promise.then(grace.end, grace.end);
    this.#wake();
  }

  /** Ends the run. What it has reported and not committed is part of its end, unless nothing reads the journal any more. */
  #end(end: Partial<RunEnd> & Pick<RunEnd, 'outcome'>): void {
    if (this.#over) return;
    this.#over = true;
    const { reports } = this.#buffer.take();
    const isLast = end.outcome === 'completed' || end.outcome === 'mismatch';
    const kept = isLast ? reports.filter(({ kind }) => kind === 'progress') : reports;
    this.#ended.resolve({ output: null, code: null, detail: null, retryable: true, ...end, reports: kept });
  }
}

/** Returns what a handler asks for as people write it: `step 'left/1/load#2'`. */
const whatOf = ({ kind, key }: Pick<Operation, 'kind' | 'key'>): string => `${kind} ${nameOf(key)}`;

const nameOf = (key: StepName): string => `'${stepText(key)}'`;
