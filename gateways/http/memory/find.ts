import type { z } from 'zod';
import { type MemoryRow, memoryRows } from '../../../projections/memory/queries.ts';
import { covers } from '../../../schemas/capabilities.ts';
import type { RecallFilter } from '../../../schemas/contexts/memory/recall.ts';
import { RECALL_DEFAULT, SHARED_SPACE, sessionSpace } from '../../../schemas/contexts/memory.ts';
import { topics } from '../../../schemas/topics.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { positionOf } from '../../shared/position.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import type { recallBody } from './schemas.ts';

/** Services that find memories. */
export type MemoryServices = Pick<GatewayServices, 'readModel' | 'memory' | 'tables'>;

/** Longest wait for the read model after a write, in ms: clients of SomaBrain send no position token. */
const SHOWN_MS_MAX = 1_000;

/** Returns the space that a request means. Throws Problem REQUEST_INVALID for two different ones. */
export function spaceOf(
  { space, universe }: { readonly space?: string | undefined; readonly universe?: string | undefined },
  caller: Caller,
): string {
  if (space !== undefined && universe !== undefined && space !== universe)
    throw new Problem('REQUEST_INVALID', 'space and universe are two names for one thing, and differ', {
      errors: [{ in: 'body', pointer: '#/universe', detail: 'Expected the value of space, or neither' }],
    });
  return space ?? universe ?? (caller.kind === 'session' ? sessionSpace(caller.sessionId) : SHARED_SPACE);
}

/** Throws Problem CAPABILITY_MISSING for a caller that has a capability of this kind in no space. */
export function requireInSomeSpace({ capabilities }: Pick<Caller, 'capabilities'>, kind: string): void {
  const isGranted = capabilities.some((each) => covers(each, `${kind}:*`) || covers(`${kind}:*`, each));
  requireCapability(isGranted, `${kind}:<space>`);
}

const asOfInvalid = (cause: unknown): Problem =>
  new Problem('REQUEST_INVALID', 'as_of is neither a time nor a position of a memory', {
    cause,
    errors: [{ in: 'body', pointer: '#/as_of', detail: 'Expected RFC 3339, or the Khipu-Position of remember' }],
  });

/** Resolves with the time of `as_of`; null for now. Rejects with Problem REQUEST_INVALID. */
async function asOfTime(asOf: string | undefined, tenantId: string, services: MemoryServices): Promise<Date | null> {
  if (asOf === undefined) return null;
  if (/^\d{4}-\d\d-\d\dT/.test(asOf)) {
    const time = new Date(asOf);
    if (Number.isNaN(time.getTime())) throw asOfInvalid(undefined);
    return time;
  }
  const position = positionOf(asOf, asOfInvalid);
  if (position.topic !== topics.memoryEvents.name) throw asOfInvalid(undefined);
  return (await services.readModel.memories.timeAt(tenantId, position)) ?? new Date(0);
}

/** A memory that was found, with its score. */
export interface Found {
  readonly row: MemoryRow;
  readonly score: number;
}

/** A recall that was answered. */
export interface Answered {
  readonly space: string;
  readonly asOf: Date;
  readonly compared: number;
  readonly found: readonly Found[];
}

const SCORE_DIGITS = 6;

/** Resolves with the memories that a recall finds. Rejects with Problem REQUEST_INVALID, READ_MODEL_UNAVAILABLE. */
export async function recalled(
  body: z.output<typeof recallBody>,
  caller: Caller,
  services: MemoryServices,
): Promise<Answered> {
  const { tenantId } = caller;
  const space = spaceOf(body, caller);
  const asOf = await asOfTime(body.as_of, tenantId, services);
  const now = new Date();
  const filter: RecallFilter = {
    ...{ space, asOf, validAt: body.valid_at === undefined ? (asOf ?? now) : new Date(body.valid_at) },
    ...{ labels: body.labels ?? [], withoutLabels: body.without_labels ?? [], tags: body.tags ?? [] },
    metadata: body.metadata ?? {},
  };
  const k = body.k ?? body.top_k ?? body.limit ?? RECALL_DEFAULT;
  const { hits, compared } = await services.memory.find(tenantId, body.query, k, filter);
  const near = hits.filter(({ score }) => score >= (body.threshold ?? -1));
  const rows = await services.readModel.memories.byIds(
    tenantId,
    near.map(({ memoryId }) => memoryId),
  );
  const byId = new Map(rows.filter(({ status }) => status === 'kept').map((row) => [row.memory_id, row]));
  const found = near.flatMap(({ memoryId, score }) => {
    const row = byId.get(memoryId);
    return row === undefined ? [] : [{ row, score: Number(score.toFixed(SCORE_DIGITS)) }];
  });
  return { space, asOf: asOf ?? now, compared, found };
}

/** Resolves with a memory of the tenant. Rejects with Problem MEMORY_UNKNOWN. */
export async function memoryOrUnknown(
  { readModel }: Pick<MemoryServices, 'readModel'>,
  tenantId: string,
  memoryId: string,
): Promise<MemoryRow> {
  const row = await readModel.row(tenantId, memoryRows, memoryId);
  if (row === undefined) throw new Problem('MEMORY_UNKNOWN', `There is no memory ${memoryId}`);
  return row;
}

/** Resolves when the read model shows an outcome, or after a second when it is behind. */
export async function shown(
  { readModel }: Pick<MemoryServices, 'readModel'>,
  { position }: { readonly position: Parameters<typeof readModel.reached>[1] | null },
): Promise<void> {
  if (position !== null) await readModel.reached(['memory'], position, SHOWN_MS_MAX).catch(() => undefined);
}
