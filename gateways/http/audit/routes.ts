import { z } from 'zod';
import { auditRecordOf } from '../../../projections/audit/queries.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { sessionFields } from '../../shared/schemas.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { auditPage, eventPage } from './schemas.ts';
import { typesQuery } from './types.ts';
import { eventOf } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'access'>>();

const listSessionEvents = endpoint({
  operationId: 'listSessionEvents',
  tag: 'audit',
  summary: 'List the events of a session in the order of the log',
  url: '/v1/sessions/:session_id/events',
  auth: 'any',
  params: sessionFields,
  query: pageQuery,
  views: ['events'],
  response: eventPage,
  problems: ['SESSION_UNKNOWN'],
  check: async ({ caller, params, services }) => {
    if (caller.kind === 'session') await services.access.check(caller, params.session_id);
  },
  answer: async ({ caller, params: { session_id: sessionId }, query, services: { readModel, access } }) => {
    const found = await readModel.events(caller.tenantId, sessionId, pageOf(query));
    // A refused session has events too, although it cannot be used.
    if (found.items.length === 0 && (await readModel.session(caller.tenantId, sessionId)) === undefined)
      await access.check(caller, sessionId);
    return { items: found.items.map(eventOf), next_cursor: found.nextCursor };
  },
});

const listAudit = endpoint({
  operationId: 'listAudit',
  tag: 'audit',
  summary: 'List the audit records of a session, of a command, or of the tenant',
  description:
    'A session token requires `session_id` and reads its own session only. The deltas of an answer have no records of their own: the record of `SlmMetered` has their number, their length and the sha256 of their text.',
  url: '/v1/audit',
  auth: 'any',
  query: {
    session_id: z.uuid().optional().meta({ description: 'Only records of this session' }),
    command_id: z
      .uuid()
      .optional()
      .meta({ description: 'Only records of the chain of this command, such as the `command_id` of a 202' }),
    types: typesQuery,
    detail: z
      .enum(['summary', 'full'])
      .default('summary')
      .meta({ description: '`full` adds the event itself, with its fields, to each record' }),
    ...pageQuery,
  },
  views: ['audit', 'events'],
  response: auditPage,
  problems: ['SESSION_UNKNOWN'],
  check: async ({ caller, query: { session_id: sessionId }, services }) => {
    if (caller.kind !== 'session') return;
    if (sessionId === undefined)
      throw new Problem('REQUEST_INVALID', 'A session token requires session_id', {
        errors: [{ in: 'query', pointer: '#/session_id', detail: 'Expected the session of the token' }],
      });
    await services.access.check(caller, sessionId);
  },
  answer: async ({ caller, query, services }) => {
    const { session_id: sessionId = null, command_id: commandId = null, types = null, detail } = query;
    const isFull = detail === 'full';
    const wanted = { sessionId, commandId, types, isFull, ...pageOf(query) };
    const found = await services.readModel.audit(caller.tenantId, wanted);
    return { items: found.items.map((entry) => auditRecordOf(entry, isFull)), next_cursor: found.nextCursor };
  },
});

/** Routes of events and audit records, with their positions in the log. */
export const auditRoutes = [listSessionEvents, listAudit];
