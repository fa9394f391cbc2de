import { withTimeout } from '../../../infra/kit/with-timeout.ts';
import type { RecordName } from '../../../schemas/generated/records.ts';
import { keyOf } from '../../../schemas/topics.ts';
import { partIdOf } from '../idempotency.ts';
import type { KnownOutcome, Outcomes } from '../log/outcomes.ts';
import { isTransient } from '../problems/transient.ts';
import type { ReadModel } from '../read-model.ts';

/** A lookup in the event store is optional: a write goes on without it after this time. */
const EVENT_STORE_TIMEOUT_MS = 500;

/** The latest attempt of a request. A transient refusal is followed by another attempt, as a command of its own. */
export interface Attempt {
  /** Id of the command to append now. */
  readonly commandId: string;
  /** Outcome of the attempt; null while it is unknown. */
  readonly outcome: KnownOutcome | null;
  /** The transient refusal of the previous attempt; null for a first attempt. */
  readonly refused: KnownOutcome | null;
}

const isRefusedTransiently = ({ record: { data } }: KnownOutcome): boolean => 'code' in data && isTransient(data.code);

/** Finds the outcomes of earlier commands: in the recent outcomes of this process, else in the event store. */
export class KnownOutcomes {
  readonly #outcomes: Outcomes;
  readonly #readModel: Pick<ReadModel, 'outcome'>;

  constructor(outcomes: Outcomes, readModel: Pick<ReadModel, 'outcome'>) {
    this.#outcomes = outcomes;
    this.#readModel = readModel;
  }

  /**
   * Resolves with the outcome of a command; null when it is unknown, of another tenant, of none of `types`, or when the event
   * store does not answer within 500 ms. `subject` is the key of the outcome; without it, any. Never rejects.
   */
  async find(
    tenantId: string,
    commandId: string,
    types: readonly RecordName[],
    subject?: string,
  ): Promise<KnownOutcome | null> {
    const recent = this.#outcomes.recent(commandId, types);
    // A later event of the chain, about another subject: this process began to read in the middle of the chain.
    const isOther = recent !== undefined && subject !== undefined && keyOf(recent.record) !== subject;
    if (recent !== undefined && !isOther) return recent.tenantId === tenantId ? recent : null;
    const asking = () => this.#readModel.outcome(tenantId, commandId, types);
    return withTimeout(EVENT_STORE_TIMEOUT_MS, asking, () => new Error('late')).catch(() => null);
  }

  /** Resolves with the latest attempt of the request that began with `commandId`. */
  async latest(tenantId: string, commandId: string, types: readonly RecordName[], subject?: string): Promise<Attempt> {
    let attempt: Attempt = { commandId, outcome: null, refused: null };
    for (;;) {
      const outcome = await this.find(tenantId, attempt.commandId, types, subject);
      if (outcome === null || !isRefusedTransiently(outcome)) return { ...attempt, outcome };
      attempt = { commandId: partIdOf(commandId, `after/${outcome.eventId}`), outcome: null, refused: outcome };
    }
  }
}
