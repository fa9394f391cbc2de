import { memoryRows } from '../../../projections/memory/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { forgetCapability, rememberCapability } from '../../../schemas/contexts/memory.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { forgetMemory, linkMemories, type MemoryRefused, rememberMemory } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import { type MemoryServices, memoryOrUnknown, requireInSomeSpace, shown, spaceOf } from './find.ts';
import {
  forgetBody,
  forgottenBody,
  linkBody,
  linkedBody,
  memoryFields,
  pendingMemory,
  rememberBody,
  rememberedBody,
} from './schemas.ts';
import { keptMemory } from './views.ts';

const { command } = declare<MemoryServices>();

const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: [...policyRefusals, ...codes],
  problem: ({ memoryId, code, detail, decision, shortfall }: MemoryRefused): Problem =>
    commandProblem({ code, detail, decision, shortfall }, { memory_id: memoryId }),
});

const askedBy = (caller: Caller, labels: readonly string[] = []) => ({ ...askerOf(caller), labels });
const millisecondsOf = (time: string | undefined): number | null => (time === undefined ? null : Date.parse(time));

/** Throws Problem CAPABILITY_MISSING. */
function require(caller: Caller, capability: string): void {
  requireCapability(anyCovers(caller.capabilities, capability), capability);
}

/** Rejects with Problem MEMORY_UNKNOWN unless every memory is kept in the space. */
async function requireKept(services: MemoryServices, tenantId: string, space: string, ids: readonly string[]) {
  const rows = await services.readModel.memories.byIds(tenantId, ids);
  const kept = new Set(rows.filter((row) => row.status === 'kept' && row.space === space).map((row) => row.memory_id));
  const missing = ids.find((id) => !kept.has(id));
  if (missing !== undefined) throw new Problem('MEMORY_UNKNOWN', `There is no memory ${missing} in ${space}`);
}

/** Resolves with the place of a memory; null while the read model does not have it. */
const placeOf = async (
  { readModel }: Pick<MemoryServices, 'readModel'>,
  tenantId: string,
  memoryId: string,
): Promise<string | null> => (await readModel.row(tenantId, memoryRows, memoryId))?.place ?? null;

/** Route that keeps a text. */
export const rememberRoute = command({
  operationId: 'remember',
  tag: 'memory',
  summary: 'Remember a text in a space',
  description:
    'Requires `memory:remember:<space>`. The text goes through policy, and its labels go with it: those that are declared, and those that are found in it. A recall after the answer finds it.',
  method: 'POST',
  url: '/v1/memory/remember',
  alias: { url: '/v1/memory/memories', operationId: 'createMemory' },
  auth: 'any',
  takes: ({ caller, body }) => require(caller, rememberCapability(spaceOf(body, caller))),
  body: rememberBody,
  appends: ['RememberMemory'],
  command: async ({ body, caller, tenantId, identity, services }) => {
    const space = spaceOf(body, caller);
    const supersedes = body.supersedes ?? [];
    if (supersedes.length > 0) await requireKept(services, tenantId, space, supersedes);
    return rememberMemory({
      ...{ ...askedBy(caller, body.labels), memoryId: identity.subjectId, space, text: body.text, supersedes },
      ...{ source: body.source ?? null, tags: body.tags ?? [], metadata: body.metadata ?? {} },
      ...{ validFrom: millisecondsOf(body.valid_from), validTo: millisecondsOf(body.valid_to) },
    });
  },
  location: ({ identity }) => `/v1/memory/memories/${identity.subjectId}`,
  pending: { ...pendingMemory, of: ({ identity }) => ({ memory_id: identity.subjectId }) },
  problems: ['MEMORY_UNKNOWN', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    MemoryRefused: refused(),
    MemoryRemembered: {
      status: 201,
      schema: rememberedBody,
      answer: async (kept, { outcome, services, identity }) => {
        await shown(services, outcome);
        const soma = { ok: true as const, success: true as const, namespace: kept.space };
        return { ...keptMemory(kept, outcome.timeMs), ...soma, trace_id: identity.commandId };
      },
    },
  },
});

/** Route that relates two memories. */
export const linkRoute = command({
  operationId: 'linkMemories',
  tag: 'memory',
  summary: 'Link two memories of a space',
  description: 'Requires `memory:remember:<space>`, and an API key: a memory stays in the place where it began.',
  method: 'POST',
  url: '/v1/memory/link',
  takes: ({ caller }) => requireInSomeSpace(caller, 'memory:remember'),
  body: linkBody,
  appends: ['LinkMemories'],
  command: async ({ body, caller, tenantId, services }) => {
    const { space } = await memoryOrUnknown(services, tenantId, body.from_key);
    require(caller, rememberCapability(space ?? ''));
    await requireKept(services, tenantId, space ?? '', [body.from_key, body.to_key]);
    const ends = { memoryId: body.from_key, toId: body.to_key, relation: body.type };
    return linkMemories({ ...askedBy(caller, body.labels), space: space ?? '', ...ends });
  },
  place: ({ body, tenantId, services }) => placeOf(services, tenantId, body.from_key),
  subject: ({ body }) => body.from_key,
  location: ({ body }) => `/v1/memory/memories/${body.from_key}`,
  pending: { ...pendingMemory, of: ({ body }) => ({ memory_id: body.from_key }) },
  problems: ['MEMORY_UNKNOWN', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    MemoryRefused: refused('MEMORY_UNKNOWN'),
    MemoryLinked: {
      status: 200,
      schema: linkedBody,
      answer: async ({ memoryId: from_key, toId: to_key, relation: type }, { outcome, services }) => {
        await shown(services, outcome);
        return { ok: true as const, from_key, to_key, type };
      },
    },
  },
});

/** Route that forgets a memory. */
export const forgetRoute = command({
  operationId: 'forgetMemory',
  tag: 'memory',
  summary: 'Forget a memory: no later recall finds it',
  description:
    'Requires `memory:forget:<space>`, and an API key. Its content is taken out of the read model of memories, and every recall leaves it out, also one as of an earlier time. The records in the log, their rows in the event store and backups keep the text until there are keys per subject.',
  method: 'POST',
  url: '/v1/memory/memories/:memory_id/forget',
  takes: ({ caller }) => requireInSomeSpace(caller, 'memory:forget'),
  params: memoryFields,
  body: forgetBody,
  appends: ['ForgetMemory'],
  command: async ({ body, params, caller, tenantId, services }) => {
    const { space } = await memoryOrUnknown(services, tenantId, params.memory_id);
    require(caller, forgetCapability(space ?? ''));
    const asked = { ...askedBy(caller, body.labels), memoryId: params.memory_id, space: space ?? '' };
    return forgetMemory({ ...asked, reason: body.reason });
  },
  place: ({ params, tenantId, services }) => placeOf(services, tenantId, params.memory_id),
  subject: ({ params }) => params.memory_id,
  location: ({ params }) => `/v1/memory/memories/${params.memory_id}`,
  pending: { ...pendingMemory, of: ({ params }) => params },
  problems: ['MEMORY_UNKNOWN', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    MemoryRefused: refused('MEMORY_UNKNOWN'),
    MemoryForgotten: {
      status: 200,
      schema: forgottenBody,
      answer: async ({ memoryId: memory_id }, { outcome, services }) => {
        await shown(services, outcome);
        return { memory_id, status: 'forgotten' as const, forgotten_at: isoOf(outcome.timeMs) };
      },
    },
  },
});
