import { Autoscaler, type AutoscalerSettings } from './autoscaler.ts';

/** A load over time: records a second at a second. */
export type Load = (atSeconds: number) => number;

/** A simulated role: processes of one role that read a topic, and the autoscaler that watches their lag and their cores. */
export interface ScalingRun {
  readonly settings: AutoscalerSettings;
  readonly load: Load;
  /** Records a second that one process can take. */
  readonly recordsPerProcess: number;
  /** Seconds between two looks at the metric. */
  readonly pollingSeconds: number;
  /** Age of the metric when the autoscaler sees it: the scrape and the rule. */
  readonly metricAgeSeconds: number;
  /** Window of the rate from which the cores are read. */
  readonly rateSeconds: number;
  /** Seconds from a decision until a new process reads. */
  readonly startSeconds: number;
  /** Seconds for which no process reads after their number changed: fencing, restore of state. */
  readonly pauseSeconds: number;
  readonly seconds: number;
}

/** One second of a simulation. */
export interface ScalingPoint {
  readonly atSeconds: number;
  readonly load: number;
  readonly lag: number;
  readonly replicas: number;
  /** Processor time that all processes use, in cores. */
  readonly cores: number;
}

/** Simulates a run second by second, from the least replicas and no lag. The same run gives the same points. */
export function simulateScaling(run: ScalingRun): readonly ScalingPoint[] {
  const { settings, load, recordsPerProcess } = run;
  const autoscaler = new Autoscaler(settings);
  const points: ScalingPoint[] = [];
  let replicas = settings.minReplicas;
  let lag = 0;
  let pausedUntil = 0;
  let starting: { readonly atSeconds: number; readonly replicas: number } | null = null;
  for (let atSeconds = 0; atSeconds < run.seconds; atSeconds += 1) {
    if (starting !== null && atSeconds >= starting.atSeconds) {
      replicas = starting.replicas;
      pausedUntil = atSeconds + run.pauseSeconds;
      starting = null;
    }
    const capacity = atSeconds < pausedUntil ? 0 : replicas * recordsPerProcess;
    const arrived = load(atSeconds);
    const taken = Math.min(lag + arrived, capacity);
    lag += arrived - taken;
    points.push({ atSeconds, load: arrived, lag, replicas, cores: taken / recordsPerProcess });
    if (atSeconds % run.pollingSeconds !== 0) continue;
    const wanted = autoscaler.decide(atSeconds, seenAt(points, atSeconds, run), starting?.replicas ?? replicas);
    if (starting === null && wanted !== replicas)
      starting = { atSeconds: atSeconds + (wanted > replicas ? run.startSeconds : 1), replicas: wanted };
  }
  return points;
}

/** Returns the lag as the last scrape has it, and the cores used over the window of a rate. */
function seenAt(points: readonly ScalingPoint[], atSeconds: number, run: ScalingRun): readonly number[] {
  const last = atSeconds - run.metricAgeSeconds;
  const window = points.slice(Math.max(0, last - run.rateSeconds + 1), Math.max(0, last + 1));
  const cores = window.reduce((sum, point) => sum + point.cores, 0) / Math.max(1, window.length);
  return [points[last]?.lag ?? 0, cores];
}

/** What a simulation came to. */
export interface ScalingVerdict {
  readonly replicasMost: number;
  /** Seconds with a lag above the bound. */
  readonly behindSeconds: number;
  /** Times at which the number of replicas turned from up to down or back. */
  readonly turns: number;
}

/** Returns what a simulation came to; `lagBound` is the lag up to which nothing is behind. */
export function verdictOf(points: readonly ScalingPoint[], lagBound: number): ScalingVerdict {
  const steps = points
    .slice(1)
    .map(({ replicas }, n) => Math.sign(replicas - (points[n]?.replicas ?? replicas)))
    .filter((step) => step !== 0);
  return {
    replicasMost: Math.max(...points.map(({ replicas }) => replicas)),
    behindSeconds: points.filter(({ lag }) => lag > lagBound).length,
    turns: steps.slice(1).filter((step, n) => step !== steps[n]).length,
  };
}
