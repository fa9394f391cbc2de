import type { ToolMemory } from '../tools/adapters/memory.ts';
import type { ToolRun } from '../tools/adapters/port.ts';
import { type EffectKnown, ToolError } from '../tools/errors.ts';
import { SomaBrainError } from './somabrain/error.ts';
import type { SomaBrain } from './somabrain/types.ts';

/** Returns what is known of a write after an error: a refused one did nothing. */
const effectOf = (error: SomaBrainError): EffectKnown =>
  error.code === 'SOMABRAIN_REFUSED' || error.code === 'SOMABRAIN_CIRCUIT_OPEN' ? 'none' : 'unknown';

/** Rejects with ToolError instead of SomaBrainError. */
async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (cause) {
    if (!(cause instanceof SomaBrainError)) throw cause;
    const code = cause.code === 'SOMABRAIN_REFUSED' ? 'TOOL_REFUSED' : 'TOOL_UNAVAILABLE';
    throw new ToolError(code, cause.message, { effect: effectOf(cause), canRetry: cause.canRetry, cause });
  }
}

const optionsOf = ({ tenantId, idempotencyKey, signal }: ToolRun) => ({ tenantId, idempotencyKey, signal });
/** Spaces of tenants are kept apart by their names as well: a service may ignore `X-Tenant-ID`. */
const universeOf = ({ tenantId }: ToolRun, space: string): string => `${tenantId}.${space}`;

/** Returns an external SomaBrain, for calls of the tool. It cannot forget: its interface has no such call by id. */
export const outsideMemory = (client: SomaBrain): ToolMemory => ({
  walls: ['somabrain-client'],
  health: () => client.health(),

  async remember(run, { space, text, tags, metadata, supersedes }) {
    const request = { text, universe: universeOf(run, space), tags, metadata, labels: run.labels, supersedes };
    const { memoryId, digest } = await asked(client.remember(request, optionsOf(run)));
    return { output: { memory_id: memoryId, digest, space } };
  },

  async recall(run, { space, query, k, tags, metadata, as_of }) {
    const request = {
      query,
      universe: universeOf(run, space),
      top_k: k,
      tags,
      metadata,
      ...(as_of !== undefined && { as_of }),
    };
    const { memories } = await asked(client.recall(request, optionsOf(run)));
    const found = memories.slice(0, k).map(({ memoryId, digest, text, score, labels }) => ({
      ...{ memory_id: memoryId, digest, text, score, labels },
    }));
    return { output: { memories: found, space }, labels: [...new Set(found.flatMap(({ labels }) => labels))] };
  },

  forget: () =>
    Promise.reject(
      new ToolError('TOOL_REFUSED', 'An external SomaBrain has no call to forget by id', { effect: 'none' }),
    ),
});
