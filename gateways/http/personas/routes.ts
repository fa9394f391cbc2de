import { z } from 'zod';
import {
  managingCapability,
  mayManagePersonas,
  PLATFORM,
  personaEntry,
} from '../../../schemas/contexts/personas/entries.ts';
import {
  activePersona,
  personaCount,
  personaOf,
  personasHold,
  personasOf,
  personasOfOwner,
} from '../../../schemas/contexts/personas/library.ts';
import { definePersona, type Persona, removePersona } from '../../../schemas/generated/records.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { etagOf } from '../../shared/etag.ts';
import { requireModel } from '../../shared/models.ts';
import { paginateInMemory } from '../../shared/paginate-in-memory.ts';
import { pageQuery } from '../../shared/paging.ts';
import { personaUnknown } from '../../shared/personas.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { versionedRefusal } from '../../shared/problems/versioned.ts';
import { askedBy } from '../../shared/resource/scope.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { personaBody, personaFields, personaPage, putPersonaBody, readQuery, writeQuery } from './schemas.ts';
import { personaView } from './views.ts';

type PersonaServices = Pick<GatewayServices, 'tables' | 'models'>;

const { command, endpoint } = declare<PersonaServices>();

/** Personas of one owner, including removed ones. Every gateway and policy keep each in memory: 3 KB at most. */
const PERSONAS_MAX = 500;
const url = '/v1/personas';

interface Asked {
  readonly caller: Caller;
  readonly query: { readonly tenant?: string | undefined; readonly scope: 'any' | 'tenant' | 'platform' };
}

const tenantOf = ({ caller, query }: Asked): string => query.tenant ?? caller.tenantId;
const ownerOf = (asked: Asked): string => (asked.query.scope === 'platform' ? PLATFORM : tenantOf(asked));

/** Throws Problem CAPABILITY_MISSING unless the caller may change personas of the owner. */
function requireManager(asked: Asked): void {
  const owner = ownerOf(asked);
  const { capabilities, tenantId } = asked.caller;
  requireCapability(mayManagePersonas(capabilities, tenantId, owner), managingCapability(tenantId, owner));
}

/** Throws Problem CAPABILITY_MISSING for another tenant. Every key may read what its own tenant can use. */
function requireReader(asked: Asked): void {
  const tenantId = tenantOf(asked);
  if (tenantId !== asked.caller.tenantId) requireManager({ ...asked, query: { tenant: tenantId, scope: 'tenant' } });
}

const listPersonas = endpoint({
  operationId: 'listPersonas',
  tag: 'personas',
  summary: 'List the personas that the tenant can use',
  description:
    'A persona of the tenant takes the place of one of the platform with the same name. Ordered by name. Another tenant requires `personas:manage:<tenant>`.',
  url,
  query: { ...readQuery, ...pageQuery },
  takes: requireReader,
  response: personaPage,
  answer: ({ caller, query, services: { tables } }) => {
    const known = tables.personas.value;
    const all =
      query.scope === 'any'
        ? personasOf(known, tenantOf({ caller, query }))
        : personasOfOwner(known, ownerOf({ caller, query }));
    const { items, nextCursor } = paginateInMemory(all, ({ name }) => name, query);
    return { items: items.map(personaView), next_cursor: nextCursor };
  },
});

const getPersona = endpoint({
  operationId: 'getPersona',
  tag: 'personas',
  summary: 'Get a persona with its instructions and defaults',
  description: 'Another tenant requires `personas:manage:<tenant>`.',
  url: `${url}/:persona`,
  params: personaFields,
  query: readQuery,
  takes: requireReader,
  response: personaBody,
  problems: ['PERSONA_UNKNOWN'],
  answer: ({ caller, query, params: { persona: name }, services: { tables }, reply }) => {
    const known = tables.personas.value;
    const tenantId = tenantOf({ caller, query });
    const found =
      query.scope === 'any' ? personaOf(known, tenantId, name) : activePersona(known, ownerOf({ caller, query }), name);
    if (found === undefined) throw personaUnknown(known, tenantId, name);
    reply.header('etag', etagOf(found.version));
    return personaView(found);
  },
});

/** Members of both writes. */
const write = {
  tag: 'personas',
  url: `${url}/:persona`,
  params: personaFields,
  query: writeQuery,
} as const;

const entryOf = (asked: Asked, name: string): string => personaEntry(ownerOf(asked), name);

/** Returns the URL of a persona as it was written. */
function locationOf(asked: Asked, name: string): string {
  const { tenant, scope } = asked.query;
  const query = new URLSearchParams({ scope, ...(tenant !== undefined && { tenant }) });
  return `${url}/${name}?${query}`;
}

const inEffect = ({ persona }: { readonly persona: Persona }, { services }: { readonly services: PersonaServices }) =>
  services.tables.personas.holds((known) => personasHold(known, persona), TAKE_EFFECT_MS);

const putPersona = command({
  ...write,
  operationId: 'putPersona',
  summary: 'Create or replace a persona',
  description:
    'Requires `personas:manage` for the caller’s own tenant, `personas:manage:<tenant>` for another, `personas:manage:*` for the platform. Without `If-Match` it creates the persona: 201, or 409 when there is one. With `If-Match` it replaces that version. An omitted field gets its default. A change takes effect with the next turn, also in running sessions.',
  method: 'PUT',
  ifMatch: 'optional',
  body: putPersonaBody,
  takes: requireManager,
  tenant: tenantOf,
  appends: ['DefinePersona'],
  command: (request) => {
    const { body, params, services, expectedVersion, isConditional } = request;
    const { description, instructions, model, temperature, max_tokens: maxTokens } = body;
    if (model !== null) requireModel(services.models, model);
    if (!isConditional && personaCount(services.tables.personas.value, ownerOf(request)) >= PERSONAS_MAX)
      throw new Problem('DIRECTORY_FULL', `There are ${PERSONAS_MAX} personas, including removed ones`);
    return definePersona({
      ...askedBy(request, entryOf(request, params.persona)),
      expectedVersion: isConditional ? expectedVersion : 0,
      ...{ description, instructions, model, temperature, maxTokens },
    });
  },
  location: (request) => locationOf(request, request.params.persona),
  problems: ['MODEL_UNKNOWN', 'DIRECTORY_FULL'],
  outcomes: {
    PersonaRefused: versionedRefusal('ALREADY_EXISTS', 'PERSONA_UNKNOWN'),
    PersonaDefined: {
      status: 200,
      schema: personaBody,
      // Without `If-Match` a persona that exists is refused.
      created: ({ isConditional }) => !isConditional,
      inEffect,
      version: ({ persona }) => persona.version,
      answer: ({ persona }) => personaView(persona),
    },
  },
});

const deletePersona = command({
  ...write,
  operationId: 'removePersona',
  summary: 'Remove a persona; turns with it are refused from now on',
  description:
    'Requires `personas:manage` for the caller’s own tenant, `personas:manage:<tenant>` for another, `personas:manage:*` for the platform, and `If-Match`. Where the platform has a persona of the same name, the tenant uses that one again.',
  method: 'DELETE',
  ifMatch: 'required',
  takes: requireManager,
  tenant: tenantOf,
  appends: ['RemovePersona'],
  command: (request) =>
    removePersona({
      ...askedBy(request, entryOf(request, request.params.persona)),
      expectedVersion: request.expectedVersion,
    }),
  location: (request) => locationOf(request, request.params.persona),
  outcomes: {
    PersonaRefused: versionedRefusal('PERSONA_UNKNOWN'),
    PersonaRemoved: {
      status: 204,
      schema: z.undefined().describe('Removed'),
      inEffect,
      answer: () => undefined,
    },
  },
});

/** Routes of personas. Reads are answered from the table of the gateway. */
export const personasRoutes = [listPersonas, getPersona, putPersona, deletePersona];
