/** Requests to end a run that has not begun here, of most jobs; the oldest are forgotten. */
const EARLY_MAX = 10_000;

/** How a run is ended: at once, or after its running steps. */
export type StopMode = 'stop' | 'finish_step';

/** The signals of one run. */
export interface ActiveRun {
  readonly stop: AbortController;
  readonly finishSteps: AbortController;
}

const apply = ({ stop, finishSteps }: ActiveRun, mode: StopMode): void =>
  (mode === 'stop' ? stop : finishSteps).abort(new Error('the job asks its run to end'));

/** The runs of this process, by job. */
export class ActiveRuns {
  readonly #runs = new Map<string, ActiveRun & { readonly generation: number }>();
  readonly #early = new Map<string, { readonly generation: number; readonly mode: StopMode }>();

  /** Begins a run. A request to end it may have come before: a run waits for its turn, a request does not. */
  begin(jobId: string, generation: number): ActiveRun {
    const run = { stop: new AbortController(), finishSteps: new AbortController(), generation };
    this.#runs.set(jobId, run);
    const early = this.#early.get(jobId);
    if (early?.generation === generation) apply(run, early.mode);
    return run;
  }

  /** Ends a run: of a job that another run has begun for, nothing changes. */
  end(jobId: string, generation: number): void {
    if (this.#runs.get(jobId)?.generation === generation) this.#runs.delete(jobId);
    if ((this.#early.get(jobId)?.generation ?? Number.POSITIVE_INFINITY) <= generation) this.#early.delete(jobId);
  }

  /** Asks a run to end. */
  stop(jobId: string, generation: number, mode: StopMode): void {
    const run = this.#runs.get(jobId);
    if (run?.generation === generation) apply(run, mode);
    if (run !== undefined) return;
    this.#early.delete(jobId);
    this.#early.set(jobId, { generation, mode });
    const [oldest] = this.#early.keys();
    if (this.#early.size > EARLY_MAX && oldest !== undefined) this.#early.delete(oldest);
  }
}
