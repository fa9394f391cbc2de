import type { RecallFilter, StoredVector } from '../../schemas/contexts/memory/recall.ts';
import { type Condition, getRow, type RunSql, readsOf } from '../rows.ts';
import type { Sql } from '../sql.ts';
import { type MemoryLinkRow, type MemoryRow, memoriesTable, type SupersessionRow } from './projection.ts';

export type { MemoryLinkRow, MemoryRow, SupersessionRow } from './projection.ts';
export { memoryLinksTable, supersessionsTable } from './projection.ts';

/** Reads of memories: by id, and the newest first. A forgotten one has a row without its content. */
export const memoryRows = readsOf(memoriesTable, 'remembered_at');
export type MemoryCondition = Condition<typeof memoriesTable.columns>;

/** Later than any record. */
const END = new Date(Date.UTC(9999, 11, 31));

/** Returns the ids of the memories that a recall compares. Forgotten and superseded ones are not among them. */
export async function recallableIds(sql: Sql, tenantId: string, filter: RecallFilter): Promise<readonly string[]> {
  const { space, validAt, labels, withoutLabels, tags, metadata } = filter;
  const asOf = filter.asOf ?? END;
  const rows = await sql<{ memory_id: string }[]>`
    SELECT m.memory_id FROM khipu.memories m
    WHERE m.tenant_id = ${tenantId} AND m.space = ${space} AND m.status = 'kept' AND m.remembered_at <= ${asOf}
      AND (m.valid_from IS NULL OR m.valid_from <= ${validAt}) AND (m.valid_to IS NULL OR m.valid_to > ${validAt})
      AND m.labels @> ${labels}::text[] AND NOT m.labels && ${withoutLabels}::text[] AND m.tags @> ${tags}::text[]
      AND m.metadata @> (${JSON.stringify(metadata)}::text)::jsonb
      AND NOT EXISTS (
        SELECT FROM khipu.memory_supersessions s
        WHERE s.superseded_id = m.memory_id AND s.tenant_id = ${tenantId} AND s.space = m.space AND s.created_at <= ${asOf}
      )`;
  return rows.map(({ memory_id }) => memory_id);
}

/** Returns true for a memory that a recall compares: the rule of the SQL, for rows in memory. */
export function isRecallable(
  memory: MemoryRow,
  supersessions: readonly SupersessionRow[],
  { space, asOf, validAt, labels, withoutLabels, tags, metadata }: RecallFilter,
): boolean {
  const at = (asOf ?? END).toISOString();
  const valid = validAt.toISOString();
  const has = (held: readonly string[] | null, wanted: readonly string[]) =>
    wanted.every((each) => (held ?? []).includes(each));
  const entries = (memory.metadata ?? {}) as Readonly<Record<string, string>>;
  return (
    memory.space === space &&
    memory.status === 'kept' &&
    (memory.remembered_at ?? '') <= at &&
    (memory.valid_from === null || memory.valid_from <= valid) &&
    (memory.valid_to === null || memory.valid_to > valid) &&
    has(memory.labels, labels) &&
    !withoutLabels.some((each) => has(memory.labels, [each])) &&
    has(memory.tags, tags) &&
    Object.entries(metadata).every(([name, value]) => entries[name] === value) &&
    !supersessions.some(
      (each) => each.superseded_id === memory.memory_id && each.space === memory.space && (each.created_at ?? '') <= at,
    )
  );
}

/** Returns the vectors of memories that a model made, in any order; of those of other models the texts. */
export const memoryVectors = (
  sql: Sql,
  tenantId: string,
  ids: readonly string[],
  model: string,
): PromiseLike<readonly StoredVector[]> =>
  sql<StoredVector[]>`
    SELECT memory_id, CASE WHEN model = ${model} THEN vector ELSE '' END AS vector,
      CASE WHEN model = ${model} THEN '' ELSE text END AS text
    FROM khipu.memories WHERE tenant_id = ${tenantId} AND memory_id = ANY(${ids}::text[]) AND status = 'kept'`;

/** Returns memories by their ids, in this order; those that the tenant does not have are left out. */
export async function memoriesByIds(
  run: RunSql,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly MemoryRow[]> {
  const rows = await Promise.all(ids.map((id) => getRow(run, memoryRows, tenantId, id)));
  return rows.filter((row) => row !== undefined);
}

/** Returns the relations of a memory, to it and from it, the oldest first. */
export const linksOf = (sql: Sql, tenantId: string, memoryId: string): PromiseLike<readonly MemoryLinkRow[]> =>
  sql<MemoryLinkRow[]>`
    SELECT tenant_id, memory_id, to_id, relation, principal,
      to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at
    FROM khipu.memory_links WHERE tenant_id = ${tenantId} AND (memory_id = ${memoryId} OR to_id = ${memoryId})
    ORDER BY khipu.memory_links.created_at, memory_id, to_id, relation LIMIT 200`;

/**
 * Returns the time of the newest memory at or before a position of its partition; null when there is none. A recall as of a
 * position is one as of this time.
 */
export async function timeAtPosition(
  sql: Sql,
  tenantId: string,
  { partition, offset }: { readonly partition: number; readonly offset: number },
): Promise<Date | null> {
  const [found] = await sql<{ at: Date | null }[]>`
    SELECT max(remembered_at) AS at FROM khipu.memories
    WHERE tenant_id = ${tenantId} AND log_partition = ${partition} AND log_offset <= ${offset}`;
  return found?.at ?? null;
}
