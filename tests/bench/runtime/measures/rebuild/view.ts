import type { KafkaConnection } from '../../../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../../../infra/kafka/envelope.ts';
import type { OutgoingRecord } from '../../../../../infra/kafka/port.ts';
import type { Projection } from '../../../../../projections/kernel.ts';
import type { AnyRecord } from '../../../../../schemas/generated/records.ts';
import { placeOf } from '../../../../../streams/kernel/place.ts';

const FIRST_DAY_MS = Date.UTC(2026, 0, 1);
const DAYS = 30;

/** A view that is rebuilt, with its events in the log. */
export interface RebuiltView {
  readonly what: string;
  readonly projection: Projection;
  readonly topic: string;
  eventOf(decoder: KafkaConnection['decoder'], index: number): OutgoingRecord;
  /** Expected sums over all rows of a table. */
  readonly sums: readonly { readonly table: string; readonly column: string; of(events: number): number }[];
  /** Columns of the table that COPY fills with one row per event, and a row in the format of COPY. */
  readonly copyColumns: string;
  copyLine(index: number): string;
}

/** Returns the time of an event: one per hour, for a month, repeatedly. */
export const timeMsOf = (index: number): number => FIRST_DAY_MS + (index % (DAYS * 24)) * 3_600_000;

/** Returns a distinct UUID for each number. */
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
    ...{
      place: placeOf(tenantId, key, 16),
      source: 'khipu/bench',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    },
  });
}
