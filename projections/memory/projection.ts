import { type Embedder, hashingEmbedder, vectorOf, vectorText } from '../../schemas/contexts/memory/vectors.ts';
import type { MemoryRemembered } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import {
  appendTable,
  assertNever,
  first,
  foldTable,
  instant,
  key,
  last,
  max,
  type ProjectedMeta,
  type Projection,
  projection,
  type RowChange,
  row,
} from '../kernel.ts';
import type { RowView } from '../rows.ts';

/** One row per memory. A forgotten one keeps its row without its content. */
export const memoriesTable = foldTable('memories', {
  tenant_id: key('text'),
  memory_id: key('text'),
  place: first('text'),
  space: first('text'),
  /** kept or forgotten. */
  status: last('text'),
  text: last('text'),
  source: last('text'),
  tags: last('text[]'),
  metadata: last('jsonb'),
  labels: first('text[]'),
  digest: first('text'),
  /** Model of `vector`. */
  model: last('text'),
  /** As pgvector writes it: `[12,-5,0]`. */
  vector: last('text'),
  valid_from: first('timestamptz'),
  valid_to: first('timestamptz'),
  principal: first('text'),
  call_id: first('text'),
  decision_id: first('text'),
  /** Where the log has it, for recalls as of a position. */
  log_partition: first('integer'),
  log_offset: first('bigint'),
  remembered_at: first('timestamptz'),
  forgotten_at: first('timestamptz'),
  updated_at: max('timestamptz'),
});

/** One row per memory and memory that it takes the place of. */
export const supersessionsTable = appendTable('memory_supersessions', {
  tenant_id: key('text'),
  superseded_id: key('text'),
  memory_id: key('text'),
  /** Of the later memory: it takes the place of memories of its own space alone. */
  space: first('text'),
  created_at: first('timestamptz'),
});

/** One row per relation of two memories. */
export const memoryLinksTable = appendTable('memory_links', {
  tenant_id: key('text'),
  memory_id: key('text'),
  to_id: key('text'),
  relation: key('text'),
  principal: first('text'),
  created_at: first('timestamptz'),
});

/** A memory as it is read. */
export type MemoryRow = RowView<typeof memoriesTable.columns>;
export type MemoryLinkRow = RowView<typeof memoryLinksTable.columns>;
export type SupersessionRow = RowView<typeof supersessionsTable.columns>;

/** Returns the rows of a memory that was kept. */
function remembered(data: MemoryRemembered, meta: ProjectedMeta, embedder: Embedder): readonly RowChange[] {
  const { tenantId: tenant_id, place, timeMs, partition: log_partition, offset: log_offset } = meta;
  const { memoryId: memory_id, space, text, source, tags, metadata, labels, digest, principal } = data;
  const at = instant(timeMs);
  const content = { space, status: 'kept', text, source: source ?? '', tags, metadata, labels, digest };
  const embedded = { model: embedder.model, vector: vectorText(vectorOf(embedder.embed(text))) };
  const valid = {
    valid_from: data.validFrom === null ? null : instant(data.validFrom),
    valid_to: data.validTo === null ? null : instant(data.validTo),
  };
  const asked = { principal, call_id: data.callId, decision_id: data.decisionId };
  const logged = { place, log_partition, log_offset, remembered_at: at, updated_at: at };
  return [
    row(memoriesTable, { tenant_id, memory_id, ...content, ...embedded, ...valid, ...asked, ...logged }),
    ...data.supersedes.map((superseded_id) =>
      row(supersessionsTable, { tenant_id, superseded_id, memory_id, space, created_at: at }),
    ),
  ];
}

/** Nothing of its content stays in the row; the digest does, so that answers that recalled it can still be matched. */
const NO_CONTENT = { text: '', source: '', tags: [], metadata: {}, model: '', vector: '' };

/** Returns the read model of memories with vectors of an embedder. Rows depend on the log and on the embedder alone. */
export const memoryWith = (embedder: Embedder): Projection =>
  projection({
    name: 'memory',
    version: 1,
    inputs: [topics.memoryEvents],
    tables: [memoriesTable, supersessionsTable, memoryLinksTable],
    apply(record, meta) {
      const { tenantId: tenant_id, timeMs } = meta;
      const at = instant(timeMs);
      switch (record.type) {
        case 'MemoryRemembered':
          return remembered(record.data, meta, embedder);
        case 'MemoryForgotten': {
          const end = { status: 'forgotten', forgotten_at: at, updated_at: at };
          return [row(memoriesTable, { tenant_id, memory_id: record.data.memoryId, ...NO_CONTENT, ...end })];
        }
        case 'MemoryLinked': {
          const { memoryId: memory_id, toId: to_id, relation, principal } = record.data;
          return [row(memoryLinksTable, { tenant_id, memory_id, to_id, relation, principal, created_at: at })];
        }
        case 'MemoryRefused':
          return [];
        default:
          return assertNever(record);
      }
    },
  });

/** The read model of memories on a platform without a model of its own for them. */
export const memory = memoryWith(hashingEmbedder);
