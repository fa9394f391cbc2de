/** A system that runs jobs, as the load generator sees it. Times are of the monotonic clock of the machine, in ms. */
export interface JobSystem {
  /** Pids by name: their memory and processor time are counted. */
  readonly processes: ReadonlyMap<string, number>;
  /** False for a system that knows jobs alone: its job is its own first step, and nothing of it is durable before its end. */
  readonly keepsSteps: boolean;
  /** Runs a job of three steps that do nothing, one after another. Resolves when the caller knows that it has ended. */
  three(): Promise<Ran>;
  /** Inserts jobs that do nothing, in the fastest way that the system has. Resolves when all are stored. */
  insert(count: number): Promise<void>;
  /** Returns the number of inserted jobs that have ended. */
  ended(): Promise<number>;
  stop(): Promise<void>;
}

/** Times of one job. */
export interface Ran {
  /** Time at which its first step began. */
  readonly firstStepMs: number;
  /** Time at which the caller had its result. */
  readonly endMs: number;
}

/** Returns the time of the monotonic clock, in ms: one clock for all processes of a machine. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Most pieces of work at once. */
const AT_ONCE = 64;

/** Does `count` pieces of work, AT_ONCE at once. Rejects with the first error. */
export async function atOnce(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Name of the variable with the port of a service. */
export const PORT = 'PORT';
