import { type AnyRecord, fullNames } from '../../schemas/generated/records.ts';
import { keyOf, topicOf } from '../../schemas/topics.ts';
import type { CacheProjection, CacheWrite } from '../kernel/cache.ts';
import { foldRows } from '../kernel/fold.ts';
import type { ProjectedMeta, Projection, Row, RowChange } from '../kernel.ts';

export const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
export const AT = '2026-01-02T03:04:05.678Z';

/** Returns the meta of the record at `offset` of partition 0 of its topic. */
export const metaOf = (record: AnyRecord, offset: number, more: Partial<ProjectedMeta> = {}): ProjectedMeta => ({
  id: `00000000-0000-5000-8000-${String(offset).padStart(12, '0')}`,
  type: record.type,
  key: keyOf(record),
  tenantId: 'acme',
  place: 'acme/0',
  correlationId: 'c',
  causationId: 'c',
  timeMs: AT_MS + offset,
  traceparent: 't',
  topic: topicOf(record.type).name,
  partition: 0,
  offset,
  value: new Uint8Array(),
  headers: { ce_type: fullNames[record.type], traceparent: 't', 'content-type': 'application/avro' },
  appendedAtMs: AT_MS + offset + 1,
  ...more,
});

/** Returns the rows of a table after the records, each at the next offset of its topic. */
export function rowsOf(view: Projection, records: readonly AnyRecord[], table = view.tables[0]?.name): readonly Row[] {
  const changes = inOrder(view, records).flatMap(([record, meta]): readonly RowChange[] => view.apply(record, meta));
  const declared = view.tables.find(({ name }) => name === table);
  if (declared === undefined) throw new Error(`${view.name} has no table ${table}`);
  return foldRows(
    declared,
    changes.filter((change) => change.table === table).map(({ row }) => row),
  );
}

/** Returns the cache writes that the records yield, each at the next offset of its topic. */
export const writesOf = (view: CacheProjection, records: readonly AnyRecord[]): readonly CacheWrite[] =>
  inOrder(view, records).flatMap(([record, meta]) => view.apply(record, meta));

/** Returns the records of the view's inputs, each with the meta of the next offset of its topic. */
function inOrder(
  { inputs }: Pick<Projection, 'inputs'>,
  records: readonly AnyRecord[],
): (readonly [AnyRecord, ProjectedMeta])[] {
  const next = new Map<string, number>();
  return records.flatMap((record) => {
    const { name } = topicOf(record.type);
    if (!inputs.some((input) => input.name === name)) return [];
    const offset = next.get(name) ?? 0;
    next.set(name, offset + 1);
    return [[record, metaOf(record, offset)] as const];
  });
}
