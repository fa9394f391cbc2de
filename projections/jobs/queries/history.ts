import type { RecordName } from '../../../schemas/generated/records.ts';
import type { StoredEvent } from '../../events/queries.ts';
import { foldRows } from '../../kernel/fold.ts';
import type { ProjectedMeta, Row, RowChange, Table } from '../../kernel.ts';
import { recordFromWire } from '../../wire.ts';
import { type JobRow, type JobStepRow, jobStepsTable, jobs, jobsTable } from '../projection.ts';
import { stepOrder } from './rows.ts';

/** A job with its steps, folded from its events. */
export interface JobHistory {
  /** Undefined before the job was accepted. */
  readonly job: JobRow | undefined;
  /** In the order in which they were recorded first. */
  readonly steps: readonly JobStepRow[];
}

/** Returns the metadata that a stored event had in the log. */
const metaOf = (tenantId: string, type: RecordName, event: StoredEvent): ProjectedMeta => ({
  ...{ id: event.eventId, type, key: event.subjectId, tenantId },
  place: event.metadata['khipu_place'] ?? null,
  correlationId: event.metadata['ce_correlationid'] ?? '',
  causationId: event.metadata['ce_causationid'] ?? '',
  timeMs: event.at.getTime(),
  traceparent: event.metadata['traceparent'] ?? '',
  ...{ topic: event.topic, partition: event.partition, offset: event.offset, value: new Uint8Array() },
  headers: event.metadata,
  appendedAtMs: event.appendedAt.getTime(),
});

const withNulls = (table: Table, row: Row): Row => ({
  ...Object.fromEntries(Object.keys(table.columns).map((name) => [name, null])),
  ...row,
});

/**
 * Folds the events of one job, in the order of each topic, with the rules of the read model: the events up to a time
 * give what the read model had at that time. Several slices can be added; a row takes what all events of its key take.
 */
export class JobHistoryFold {
  readonly #tenantId: string;
  #rows = new Map<string, readonly Row[]>();

  constructor(tenantId: string) {
    this.#tenantId = tenantId;
  }

  /** Adds the next events of a topic. Throws for an event that is none of the read model's inputs. */
  add(events: readonly StoredEvent[]): void {
    const changes = events.flatMap((event): readonly RowChange[] => {
      const record = recordFromWire(event.type, event.data);
      return jobs.apply(record, metaOf(this.#tenantId, record.type, event));
    });
    for (const table of [jobsTable, jobStepsTable]) {
      const own = changes.filter((change) => change.table === table.name).map(({ row }) => row);
      this.#rows.set(table.name, foldRows(table, [...(this.#rows.get(table.name) ?? []), ...own]));
    }
  }

  get result(): JobHistory {
    const rows = (table: Table): readonly Row[] =>
      (this.#rows.get(table.name) ?? []).map((row) => withNulls(table, row));
    const job = rows(jobsTable).find((row) => row['created_at'] !== null);
    const steps = (rows(jobStepsTable) as unknown as JobStepRow[]).filter(({ status }) => status !== null);
    const before = (a: JobStepRow, b: JobStepRow): boolean => {
      const [left, right] = [stepOrder(a), stepOrder(b)];
      const at = left.findIndex((part, index) => part !== right[index]);
      return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
    };
    return { job: job as unknown as JobRow | undefined, steps: steps.sort((a, b) => (before(a, b) ? -1 : 1)) };
  }
}
