import { randomUUID } from 'node:crypto';
import { memoryRows } from '../../../projections/memory/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { recallCapability } from '../../../schemas/contexts/memory.ts';
import { personaOf } from '../../../schemas/contexts/personas/library.ts';
import { isoOf } from '../../../schemas/instant.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { personaUnknown } from '../../shared/personas.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import { personaFields } from '../personas/schemas.ts';
import { forgetRoute, linkRoute, rememberRoute } from './commands.ts';
import { type Answered, type MemoryServices, memoryOrUnknown, recalled, requireInSomeSpace, spaceOf } from './find.ts';
import {
  memoryDetailBody,
  memoryFields,
  memoryPage,
  memoryPersonaBody,
  recallBody,
  recalledBody,
  retrieveBody,
  retrievedBody,
  spaceName,
} from './schemas.ts';
import { contextOf, memoryOf, memoryPersonaOf } from './views.ts';

const { endpoint } = declare<MemoryServices>();

interface InSpace {
  readonly caller: Caller;
  readonly body: { readonly space?: string | undefined; readonly universe?: string | undefined };
}

/** Throws Problem CAPABILITY_MISSING. */
function requireRecall({ caller, body }: InSpace): void {
  const needed = recallCapability(spaceOf(body, caller));
  requireCapability(anyCovers(caller.capabilities, needed), needed);
}

const scoredOf = ({ found }: Answered) => found.map(({ row, score }) => ({ score, payload: memoryOf(row) }));
const basisOf = ({ asOf, compared, space }: Answered, { memory }: MemoryServices) => ({
  ...{ namespace: space, model: memory.model, compared, as_of: isoOf(asOf.getTime()) },
});

const recall = endpoint({
  operationId: 'recall',
  tag: 'memory',
  summary: 'Recall the memories of a space that are nearest to a text',
  description:
    'Requires `memory:recall:<space>`. Compares the text with every memory that the filters leave, so the result is exact, and the same for the same log.',
  method: 'POST',
  url: '/v1/memory/recall',
  auth: 'any',
  takes: requireRecall,
  body: recallBody,
  views: ['memory'],
  response: recalledBody,
  answer: async ({ body, caller, services }) => {
    const answered = await recalled(body, caller, services);
    return { memory: scoredOf(answered), wm: [], ...basisOf(answered, services), trace_id: randomUUID() };
  },
});

const retrieve = endpoint({
  operationId: 'retrieveMemories',
  tag: 'memory',
  summary: 'Recall memories as a context for a prompt',
  description: 'Requires `memory:recall:<space>`. `context` has the texts of the candidates, as many as fit whole.',
  method: 'POST',
  url: '/v1/memory/rag/retrieve',
  auth: 'any',
  takes: requireRecall,
  body: retrieveBody,
  views: ['memory'],
  response: retrievedBody,
  answer: async ({ body, caller, services }) => {
    const answered = await recalled(body, caller, services);
    const context = contextOf(
      answered.found.map(({ row }) => row),
      body.context_chars_max,
    );
    const trace_id = body.trace_id ?? randomUUID();
    return { candidates: scoredOf(answered), context, ...basisOf(answered, services), trace_id };
  },
});

const getMemory = endpoint({
  operationId: 'getMemory',
  tag: 'memory',
  summary: 'Get a memory with its links',
  description: 'Requires `memory:recall:<space>`. A memory that was forgotten has no content.',
  url: '/v1/memory/memories/:memory_id',
  auth: 'any',
  takes: ({ caller }) => requireInSomeSpace(caller, 'memory:recall'),
  params: memoryFields,
  views: ['memory'],
  response: memoryDetailBody,
  problems: ['MEMORY_UNKNOWN'],
  answer: async ({ caller, params, services }) => {
    const row = await memoryOrUnknown(services, caller.tenantId, params.memory_id);
    const needed = recallCapability(row.space ?? '');
    requireCapability(anyCovers(caller.capabilities, needed), needed);
    const links = await services.readModel.memories.links(caller.tenantId, row.memory_id);
    const shownLinks = links.map(({ memory_id: from_key, to_id: to_key, relation: type, created_at }) => ({
      ...{ from_key, to_key, type, created_at: created_at ?? '' },
    }));
    return { ...memoryOf(row), links: shownLinks };
  },
});

const listMemories = endpoint({
  operationId: 'listMemories',
  tag: 'memory',
  summary: 'List the memories of a space, the newest first',
  description: 'Requires `memory:recall:<space>`. With forgotten ones, which have no content.',
  url: '/v1/memory/memories',
  auth: 'any',
  query: { space: spaceName.optional(), ...pageQuery },
  takes: ({ caller, query }) => requireRecall({ caller, body: query }),
  views: ['memory'],
  response: memoryPage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const where = [{ column: 'space', is: '=', value: spaceOf(query, caller) }] as const;
    const found = await readModel.rows(caller.tenantId, memoryRows, { ...pageOf(query), where });
    return { items: found.items.map(memoryOf), next_cursor: found.nextCursor };
  },
});

const getMemoryPersona = endpoint({
  operationId: 'getMemoryPersona',
  tag: 'memory',
  summary: 'Get a persona as SomaBrain shows one',
  description: 'A view of the personas that the tenant can use; `/v1/personas` changes them.',
  url: '/v1/memory/persona/:persona',
  params: personaFields,
  response: memoryPersonaBody,
  problems: ['PERSONA_UNKNOWN'],
  answer: ({ caller, params: { persona: name }, services: { tables } }) => {
    const known = tables.personas.value;
    const found = personaOf(known, caller.tenantId, name);
    if (found === undefined) throw personaUnknown(known, caller.tenantId, name);
    return memoryPersonaOf(found);
  },
});

/** Routes of memories, by the interface of SomaBrain: remember, recall, retrieve, link, forget. */
export const memoryRoutes = [
  ...[rememberRoute, recall, retrieve, linkRoute, forgetRoute],
  ...[getMemory, listMemories, getMemoryPersona],
];
