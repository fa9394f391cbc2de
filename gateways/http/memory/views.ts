import type { z } from 'zod';
import type { MemoryRow } from '../../../projections/memory/queries.ts';
import type { MemoryRemembered, Persona } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { memoryBody, type memoryPersonaBody } from './schemas.ts';

type MemoryBody = z.infer<typeof memoryBody>;

/** Returns a memory as the read model has it. Throws on a status that this version does not know. */
export const memoryOf = (row: MemoryRow): MemoryBody => ({
  ...{ memory_id: row.memory_id, space: row.space ?? '', status: memoryBody.shape.status.parse(row.status) },
  ...{ text: row.text ?? '', digest: row.digest ?? '', source: row.source === '' ? null : row.source },
  ...{ tags: [...(row.tags ?? [])], labels: [...(row.labels ?? [])] },
  metadata: (row.metadata ?? {}) as Record<string, string>,
  ...{ valid_from: row.valid_from, valid_to: row.valid_to, principal: row.principal ?? '', call_id: row.call_id },
  ...{ remembered_at: row.remembered_at, forgotten_at: row.forgotten_at },
});

const timeOf = (ms: number | null): string | null => (ms === null ? null : isoOf(ms));

/** Returns a memory that was kept this moment. */
export const keptMemory = (kept: MemoryRemembered, timeMs: number): MemoryBody => ({
  ...{ memory_id: kept.memoryId, space: kept.space, status: 'kept', text: kept.text, digest: kept.digest },
  ...{ source: kept.source, tags: [...kept.tags], labels: [...kept.labels], metadata: { ...kept.metadata } },
  ...{ valid_from: timeOf(kept.validFrom), valid_to: timeOf(kept.validTo), principal: kept.principal },
  ...{ call_id: kept.callId, remembered_at: isoOf(timeMs), forgotten_at: null },
});

/** Returns the texts of memories for a prompt: one a line with its number, whole lines up to the limit. */
export function contextOf(memories: readonly Pick<MemoryRow, 'text'>[], charsMax: number): string {
  let context = '';
  for (const [nth, { text }] of memories.entries()) {
    const line = `[${nth + 1}] ${(text ?? '').replaceAll(/\s+/g, ' ')}\n`;
    if (context.length + line.length > charsMax) break;
    context += line;
  }
  return context;
}

/** Returns a persona as SomaBrain shows one. */
export const memoryPersonaOf = (persona: Persona): z.infer<typeof memoryPersonaBody> => ({
  ...{ id: persona.name, display_name: persona.description === '' ? null : persona.description, fact: 'persona' },
  properties: {
    ...{ instructions: persona.instructions, model: persona.model, temperature: persona.temperature },
    ...{ max_tokens: persona.maxTokens, version: persona.version },
  },
});
