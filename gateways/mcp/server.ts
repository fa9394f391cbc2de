import {
  CLIENT_CAPABILITIES_META_KEY,
  McpServer,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { idempotencyKeySchema } from '../shared/idempotency.ts';
import { problemOf } from '../shared/problems/from-error.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { McpAsked, McpServices } from './asked.ts';
import { called } from './call.ts';
import { listedFor, pageAfter } from './list.ts';
import { IDEMPOTENCY_KEY, TASKS } from './names.ts';
import { mirrorParams } from './params.ts';
import { refusedResult } from './results.ts';
import { cancelTask, getTask, updateTask } from './tasks.ts';

/** Time for which a client may keep a list of tools, in ms. It depends on the caller: no proxy may share it. */
const LIST_TTL_MS = 5_000;

const INSTRUCTIONS =
  'Each call is a governed command: policy decides on it, and the log keeps it. A refusal is a tool error with a stable code. Tools named job.<type> start durable jobs, and those named capsule.<install> run installed capsules.';

const taskParams = z.object({ taskId: z.string().max(100) });
const updateParams = taskParams.extend({ inputResponses: z.record(z.string(), z.unknown()).default({}) });

/** Where errors of this server name themselves. */
const AT = { id: '', url: '/mcp' };

/** Returns a problem as an error of the protocol. */
function protocolErrorOf(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  const problem = problemOf(error as Error);
  const code = problem.status < 500 ? ProtocolErrorCode.InvalidRequest : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, problem.message, { code: problem.options.refusalCode ?? problem.code });
}

async function orProtocolError<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw protocolErrorOf(error);
  }
}

const declared = z.object({
  [CLIENT_CAPABILITIES_META_KEY]: z.object({ extensions: z.object({ [TASKS]: z.unknown() }) }),
});

const elicits = z.object({
  [CLIENT_CAPABILITIES_META_KEY]: z.object({ elicitation: z.object({ url: z.object({}) }) }),
});

/** Returns whether the client of this request opens pages for its user when it is asked to. */
const opensPages = ({ mcpReq }: ServerContext): boolean => elicits.safeParse(mcpReq.envelope).success;

/** Returns whether the client of this request takes tasks: each request says so itself. */
function takesTasks({ mcpReq }: ServerContext): boolean {
  const found = declared.safeParse(mcpReq.envelope);
  return found.success && found.data[CLIENT_CAPABILITIES_META_KEY].extensions[TASKS] !== undefined;
}

function requireTasks(context: ServerContext): void {
  if (takesTasks(context)) return;
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [TASKS]: {} } } });
}

/** Adds the methods of the Tasks extension. */
function addTasks(server: Server, services: McpServices, asked: McpAsked): void {
  server.setRequestHandler('tasks/get', { params: taskParams }, async ({ taskId }, context) => {
    requireTasks(context);
    return orProtocolError(() => getTask(services, asked, taskId, { opensPages: opensPages(context) }));
  });
  server.setRequestHandler('tasks/update', { params: updateParams }, async ({ taskId }, context) => {
    requireTasks(context);
    await orProtocolError(() => updateTask(services, asked, taskId));
    return {};
  });
  server.setRequestHandler('tasks/cancel', { params: taskParams }, async ({ taskId }, context) => {
    requireTasks(context);
    await orProtocolError(() => cancelTask(services, asked, taskId));
    return {};
  });
}

/** Returns the `Idempotency-Key` of a call, from its `_meta` or its header. Throws ProtocolError for one that is malformed. */
function keyOf(meta: Readonly<Record<string, unknown>> | undefined, { idempotencyKey }: McpAsked): string | undefined {
  const found = idempotencyKeySchema.safeParse(meta?.[IDEMPOTENCY_KEY] ?? idempotencyKey);
  if (found.success) return found.data;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `${IDEMPOTENCY_KEY}: expected 1 to 255 visible ASCII characters`,
  );
}

/** Returns the server for one request of a caller. `era`: `modern` for 2026-07-28, `legacy` for what came before. */
export function serverFor(services: McpServices, asked: McpAsked, era: 'modern' | 'legacy'): McpServer {
  const isModern = era === 'modern';
  const whole = new McpServer(
    { name: 'khipu', title: 'Khipu', version: '1.0.0' },
    { capabilities: { tools: {}, ...(isModern && { extensions: { [TASKS]: {} } }) }, instructions: INSTRUCTIONS },
  );
  const { server } = whole;
  if (isModern) mirrorParams(whole, services, asked.caller);
  server.setRequestHandler('tools/list', ({ params }) =>
    orProtocolError(() => {
      if (!services.tables.tools.known || !services.tables.jobTypes.known)
        throw new Problem('LOG_UNAVAILABLE', 'The tools cannot be read now');
      const page = pageAfter(listedFor(services, asked.caller), params?.cursor);
      return isModern ? { ...page, ttlMs: LIST_TTL_MS, cacheScope: 'private' as const } : page;
    }),
  );
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { name, arguments: given = {}, _meta } = params;
    const calling = {
      name,
      arguments: given,
      takesTasks: isModern && takesTasks(context),
      idempotencyKey: keyOf(_meta, asked),
    };
    try {
      return (await called(services, asked, calling)) as never;
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      // A model reads why its call was refused: an error of the tool, not of the protocol.
      const problem = problemOf(error as Error);
      if (problem.code === 'UNEXPECTED') services.logger.error({ err: error }, 'a call over MCP failed');
      return refusedResult(problem, AT);
    }
  });
  if (isModern) addTasks(server, services, asked);
  return whole;
}
