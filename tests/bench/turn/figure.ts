import type { Row } from '../runtime/figure.ts';
import type { KafkaClient } from './log-times.ts';
import type { TurnSizes } from './sizes.ts';

/** What a figure receives. */
export interface TurnContext {
  readonly sizes: TurnSizes;
  /** The requested parts of the figure, by their names for `--only`. */
  readonly parts: ReadonlySet<string>;
  /** Measured Kafka clients by the name of their side. */
  readonly clients: Readonly<Record<string, KafkaClient>>;
  /** Further settings of the measured platforms. */
  readonly settings: Readonly<Record<string, string>>;
  /** Reports progress on standard error. */
  readonly note: (text: string) => void;
}

/** A figure of `bench:turn`: parts that are measured together, since they share started platforms. */
export interface TurnFigure {
  /** Parts for `--only`, with what each measures. */
  readonly parts: Readonly<Record<string, string>>;
  /** Measured without `--only`. */
  readonly byDefault: boolean;
  /** Leaves no process running, also when it rejects. */
  run(context: TurnContext): Promise<readonly Row[]>;
}
