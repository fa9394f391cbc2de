import { createHash } from 'node:crypto';
import type { RecallFilter } from '../../schemas/contexts/memory/recall.ts';
import { dropMemory, keepMemory } from '../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import { isoOf } from '../../schemas/instant.ts';
import { firstPlace } from '../kafka/first-place.ts';
import { messageOf } from '../kit/errors.ts';
import type { ToolMemory } from '../tools/adapters/memory.ts';
import type { ToolRun } from '../tools/adapters/port.ts';
import { ToolError } from '../tools/errors.ts';
import type { MemoryRecall } from './recall.ts';

/** A memory in the read model, as far as calls need it. */
export interface KnownMemory {
  readonly memory_id: string;
  readonly place: string | null;
  readonly space: string | null;
  readonly status: string | null;
  readonly text: string | null;
  readonly digest: string | null;
  readonly labels: readonly string[] | null;
  readonly tags: readonly string[] | null;
  readonly remembered_at: string | null;
}

export interface OwnMemoryParts {
  readonly recall: MemoryRecall;
  /** Resolves with memories of a tenant in the order of their ids; unknown ones are left out. */
  readonly byIds: (tenantId: string, ids: readonly string[]) => Promise<readonly KnownMemory[]>;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
}

const SCORE_DIGITS = 6;
/** Texts of one output: it has to fit into a record. */
const TEXT_CHARS_MAX = 100_000;

/** Rejects with ToolError TOOL_UNAVAILABLE for an error of the read model: nothing happened, and another run may help. */
async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (cause) {
    throw new ToolError('TOOL_UNAVAILABLE', messageOf(cause), { effect: 'none', canRetry: true, cause });
  }
}

const notFound = (id: string): ToolError =>
  new ToolError('TOOL_NOT_FOUND', `There is no memory ${id}`, { effect: 'none' });

/** Returns the id of the memory of a call: every run of the call has the same. */
const memoryIdOf = ({ tenantId, callId }: ToolRun): string =>
  uuidV5(KHIPU_NAMESPACE, `memory-of-call/${tenantId}/${callId}`);

/**
 * Returns the memory service of this platform, for calls of the tool: it writes with the end of the call, in one transaction, and
 * recalls from the read model under row-level security.
 */
export function ownMemory({ recall, byIds, now }: OwnMemoryParts): ToolMemory {
  async function requireKept(tenantId: string, space: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const rows = await asked(byIds(tenantId, ids));
    const missing = ids.find(
      (id) => !rows.some((row) => row.memory_id === id && row.status === 'kept' && row.space === space),
    );
    if (missing !== undefined) throw notFound(missing);
  }

  return {
    walls: ['row-level-security'],
    health: async () => ({ ok: true, detail: `vectors of ${recall.model}` }),

    async remember(run, { space, text, tags, metadata, supersedes }) {
      await requireKept(run.tenantId, space, supersedes);
      const memoryId = memoryIdOf(run);
      const place = run.place ?? firstPlace(run.tenantId, memoryId, 1);
      const { callId, principal } = run;
      const kept = keepMemory({
        ...{ memoryId, callId, place, principal, space, text, tags, metadata, supersedes, source: `call:${callId}` },
        ...{ validFrom: null, validTo: null, labels: [...run.labels] },
      });
      const digest = createHash('sha256').update(text).digest('hex');
      return { output: { memory_id: memoryId, digest, space }, records: [kept] };
    },

    async recall({ tenantId }, { space, query, k, tags, metadata, as_of }) {
      const asOf = as_of === undefined ? null : new Date(as_of);
      const at = new Date(now());
      const filter: RecallFilter = {
        ...{ space, asOf, validAt: asOf ?? at, labels: [], withoutLabels: [], tags, metadata },
      };
      const { hits, compared } = await asked(recall.find(tenantId, query, k, filter));
      const ids = hits.map(({ memoryId }) => memoryId);
      const rows = new Map((await asked(byIds(tenantId, ids))).map((row) => [row.memory_id, row]));
      let chars = 0;
      const memories = hits.flatMap(({ memoryId, score }) => {
        const row = rows.get(memoryId);
        if (row === undefined || row.status !== 'kept') return [];
        chars += row.text?.length ?? 0;
        if (chars > TEXT_CHARS_MAX) return [];
        const { text, digest, labels, remembered_at } = row;
        return [
          { memory_id: memoryId, digest, text, score: Number(score.toFixed(SCORE_DIGITS)), labels, remembered_at },
        ];
      });
      return {
        output: { memories, space, compared, model: recall.model, as_of: isoOf((asOf ?? at).getTime()) },
        labels: [...new Set(memories.flatMap(({ labels }) => labels ?? []))],
      };
    },

    async forget({ tenantId, callId, principal }, { memory_id: memoryId, reason, spaces }) {
      const [row] = await asked(byIds(tenantId, [memoryId]));
      if (row === undefined || row.status !== 'kept' || !spaces.includes(row.space ?? '')) throw notFound(memoryId);
      const place = row.place ?? firstPlace(tenantId, memoryId, 1);
      return {
        output: { memory_id: memoryId, digest: row.digest, status: 'forgotten' },
        records: [dropMemory({ memoryId, callId, place, principal, reason })],
      };
    },
  };
}
