/**
 * The algorithm of Kubernetes' HorizontalPodAutoscaler for metrics of type AverageValue, as KEDA configures it; the metric that
 * wants the most replicas counts:
 * https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#algorithm-details. Pure: time is given.
 */

/** Replicas that may be added or removed in a period: a share of those that run, or a number. */
export interface ScalePolicy {
  readonly type: 'Percent' | 'Pods';
  readonly value: number;
  readonly periodSeconds: number;
}

/** How fast replicas are added or removed. The policy that allows the most changes counts. */
export interface ScaleRule {
  readonly stabilizationWindowSeconds: number;
  readonly policies: readonly ScalePolicy[];
}

/** Settings of an autoscaler. */
export interface AutoscalerSettings {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** What one replica should have of each metric, such as records of lag, and cores used. */
  readonly averageValues: readonly number[];
  readonly scaleUp: ScaleRule;
  readonly scaleDown: ScaleRule;
}

/** Within this share of the wanted average nothing changes: the default of the controller. */
const TOLERANCE = 0.1;

interface Timed {
  readonly atSeconds: number;
  readonly replicas: number;
}

/** Decides on replicas, and remembers what stabilization windows and policies need. */
export class Autoscaler {
  readonly #settings: AutoscalerSettings;
  /** Wanted replicas of the past, within the longer of the two windows. */
  #wanted: Timed[] = [];
  /** Replicas of the past, within the longest period of a policy. */
  #ran: Timed[] = [];

  constructor(settings: AutoscalerSettings) {
    this.#settings = settings;
  }

  /** Returns the replicas that are to run from `atSeconds` on. Times must not go back; a metric for each average value. */
  decide(atSeconds: number, metrics: readonly number[], replicas: number): number {
    const { minReplicas, maxReplicas, scaleUp, scaleDown } = this.#settings;
    const horizon = Math.max(...[scaleUp, scaleDown].flatMap(windowsOf));
    const recent = ({ atSeconds: then }: Timed): boolean => then > atSeconds - horizon;
    this.#ran = [...this.#ran.filter(recent), { atSeconds, replicas }];
    // As the controller does: what runs at first was wanted just before.
    if (this.#wanted.length === 0) this.#wanted = [{ atSeconds: atSeconds - 0.001, replicas }];
    this.#wanted = [...this.#wanted.filter(recent), { atSeconds, replicas: this.#raw(metrics, replicas) }];
    const within = (seconds: number): number[] =>
      this.#wanted
        .filter(({ atSeconds: then }) => then > atSeconds - seconds || then === atSeconds)
        .map((each) => each.replicas);
    const least = Math.min(...within(scaleUp.stabilizationWindowSeconds));
    const most = Math.max(...within(scaleDown.stabilizationWindowSeconds));
    const stable = Math.min(Math.max(replicas, least), most);
    const bounded =
      stable > replicas
        ? Math.min(stable, this.#highest(atSeconds, replicas))
        : Math.max(stable, this.#lowest(atSeconds, replicas));
    return Math.min(Math.max(bounded, minReplicas), maxReplicas);
  }

  #raw(metrics: readonly number[], replicas: number): number {
    const { averageValues, minReplicas, maxReplicas } = this.#settings;
    const wanted = averageValues.map((averageValue, n) => {
      const metric = metrics[n] ?? 0;
      const ratio = metric / (averageValue * replicas);
      return Math.abs(ratio - 1) <= TOLERANCE ? replicas : Math.ceil(metric / averageValue);
    });
    return Math.min(Math.max(...wanted, minReplicas), maxReplicas);
  }

  /** Returns the replicas at the begin of a period: those before its changes. */
  #atBegin(atSeconds: number, periodSeconds: number): number {
    const before = this.#ran.filter(({ atSeconds: then }) => then >= atSeconds - periodSeconds);
    return before[0]?.replicas ?? 0;
  }

  #highest(atSeconds: number, replicas: number): number {
    return Math.max(
      replicas,
      ...this.#settings.scaleUp.policies.map(({ type, value, periodSeconds }) => {
        const begin = this.#atBegin(atSeconds, periodSeconds);
        return type === 'Pods' ? begin + value : Math.ceil(begin * (1 + value / 100));
      }),
    );
  }

  #lowest(atSeconds: number, replicas: number): number {
    return Math.min(
      replicas,
      ...this.#settings.scaleDown.policies.map(({ type, value, periodSeconds }) => {
        const begin = this.#atBegin(atSeconds, periodSeconds);
        return type === 'Pods' ? begin - value : Math.floor(begin * (1 - value / 100));
      }),
    );
  }
}

const windowsOf = ({ stabilizationWindowSeconds, policies }: ScaleRule): readonly number[] => [
  stabilizationWindowSeconds,
  ...policies.map(({ periodSeconds }) => periodSeconds),
];
