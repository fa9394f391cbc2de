import type { KafkaConnection } from '../../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../../infra/kafka/envelope.ts';
import type { OutgoingRecord } from '../../../../infra/kafka/log.ts';
import type { Projection } from '../../../../projections/kernel.ts';
import type { AnyRecord } from '../../../../schemas/generated/records.ts';

const FIRST_DAY_MS = Date.UTC(2026, 0, 1);
const DAYS = 30;

/** A view that is rebuilt, and what stands in the log for it. */
export interface RebuiltView {
  readonly what: string;
  readonly projection: Projection;
  readonly topic: string;
  eventOf(decoder: KafkaConnection['decoder'], index: number): OutgoingRecord;
  /** Sums over all rows of a table, and what they must come to. */
  readonly sums: readonly { readonly table: string; readonly column: string; of(events: number): number }[];
  /** Columns of the table that COPY fills with a row an event, and a row as COPY reads it. */
  readonly copyColumns: string;
  copyLine(index: number): string;
}

/** An event an hour, for a month, and again. */
export const timeMsOf = (index: number): number => FIRST_DAY_MS + (index % (DAYS * 24)) * 3_600_000;

/** A UUID of its own for each number. */
export const uuidOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

export function event(
  decoder: KafkaConnection['decoder'],
  topic: string,
  index: number,
  { key, tenantId, record }: { readonly key: string; readonly tenantId: string; readonly record: AnyRecord },
): OutgoingRecord {
  const id = uuidOf(index);
  return toOutgoing(decoder.codec, {
    ...{ topic, key, record, id, tenantId, timeMs: timeMsOf(index), correlationId: id, causationId: id },
    ...{ source: 'khipu/bench', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  });
}
