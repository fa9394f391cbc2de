/** A stored expression of Prometheus: `level:metric:operations`. Source: Prometheus, "Recording rules". */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/**
 * Series of a test by their text in Prometheus' notation, one sample a minute: `0+6x10` begins at 0 and adds 6 ten times.
 * Source: Prometheus, "Unit testing for rules".
 */
export type Series = Readonly<Record<string, string>>;

/** `page`: someone looks now. `ticket`: someone looks this day. */
export type Severity = 'page' | 'ticket';

/** An alert, with what makes it fire and what does not. */
export interface Alert {
  readonly name: string;
  /** A PromQL expression over metrics of this platform and recording rules. */
  readonly expr: string;
  /** How long the expression must hold, such as `10m`; `0m` fires at the first evaluation. */
  readonly holds: string;
  readonly severity: Severity;
  /** One sentence, as the receiver reads it; `{{ $labels.… }}` and `{{ $value }}` are filled in. */
  readonly summary: string;
  /** A page below docs/, from its folder. */
  readonly runbook: `runbooks/${string}.md` | `how-to/${string}.md`;
  readonly example: {
    /** Minutes after which it fires with `firing`, and does not with `quiet`. */
    readonly atMinutes: number;
    readonly firing: Series;
    readonly quiet: Series;
  };
}
