import type { Tool as McpTool } from '@modelcontextprotocol/server';
import { anyCovers } from '../../schemas/capabilities.ts';
import { startCapability } from '../../schemas/contexts/jobs.ts';
import { executeCapability, toolName } from '../../schemas/contexts/tools.ts';
import type { JobType, Tool } from '../../schemas/generated/records.ts';
import { toolsOf } from '../http/tools/find.ts';
import { manifestOf } from '../http/tools/views.ts';
import type { Caller } from '../shared/auth/caller.ts';
import type { McpServices } from './asked.ts';
import { JOB_PREFIX, jobName } from './names.ts';

type Json = Readonly<Record<string, unknown>>;

/** Returns whether the root of a schema is that of an object, as the protocol wants. */
export const isOfObject = ({ type }: Json): boolean => type === undefined || type === 'object';

/** Returns the input schema of a type of jobs; one that is not of an object is that of the member `input`. */
export function jobInputSchema({ inputSchema }: Pick<JobType, 'inputSchema'>): Json {
  const schema = JSON.parse(inputSchema) as Json;
  return isOfObject(schema)
    ? schema
    : { properties: { input: schema }, required: ['input'], additionalProperties: false };
}

const asObject = (schema: Json) => ({ ...schema, type: 'object' as const });

function toolShown(tool: Tool): McpTool {
  const { description, input_schema: input, output_schema: output, effect, hosts } = manifestOf(tool);
  return {
    name: toolName(tool.toolId),
    description,
    inputSchema: asObject(input) as McpTool['inputSchema'],
    // The protocol promises structured content by this schema.
    ...(output['type'] === 'object' && { outputSchema: asObject(output) as NonNullable<McpTool['outputSchema']> }),
    annotations: {
      readOnlyHint: effect === 'read',
      destructiveHint: effect === 'irreversible',
      idempotentHint: effect !== 'irreversible',
      openWorldHint: hosts.length > 0,
    },
  };
}

const jobShown = (type: JobType): McpTool => ({
  name: jobName(type),
  title: type.title,
  description: `Starts the durable job ${type.type}: ${type.title}`,
  inputSchema: asObject(jobInputSchema(type)) as McpTool['inputSchema'],
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
});

/** Returns the tools that a caller may call, and the types of jobs that it may start, ordered by name. Quarantined ones are not among them. */
export function listedFor({ tables }: Pick<McpServices, 'tables'>, caller: Caller): readonly McpTool[] {
  const may = (capability: string): boolean => anyCovers(caller.capabilities, capability);
  const tools = toolsOf(tables, caller.tenantId)
    .filter(({ toolId, status }) => status === 'active' && may(executeCapability(toolName(toolId))))
    .filter(({ toolId }) => !toolName(toolId).startsWith(JOB_PREFIX));
  const jobs = [...tables.jobTypes.value.values()].filter(({ type }) => may(startCapability(type)));
  const all = [...tools.map(toolShown), ...jobs.map(jobShown)];
  return all.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Tools of one page of a list. */
const PAGE = 100;

export type ToolsPage = {
  tools: McpTool[];
  /** Name of the last tool, where more follow. */
  nextCursor?: string;
};

/** Returns the page of a list after a cursor, which is the name of the last tool before it. */
export function pageAfter(all: readonly McpTool[], cursor: string | undefined): ToolsPage {
  const rest = cursor === undefined ? all : all.filter(({ name }) => name > cursor);
  const tools = rest.slice(0, PAGE);
  const last = tools.at(-1)?.name;
  return rest.length > PAGE && last !== undefined ? { tools, nextCursor: last } : { tools };
}
