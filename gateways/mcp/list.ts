import type { Tool as McpTool } from '@modelcontextprotocol/server';
import { anyCovers } from '../../schemas/capabilities.ts';
import { installName, RUN_CAPSULES } from '../../schemas/contexts/capsules.ts';
import { startCapability } from '../../schemas/contexts/jobs.ts';
import { executeCapability, toolName } from '../../schemas/contexts/tools.ts';
import type { Capsule, CapsuleInstall, JobType, Tool } from '../../schemas/generated/records.ts';
import { manifestOf as capsuleManifestOf } from '../http/capsules/views.ts';
import { toolsOf } from '../http/tools/find.ts';
import { manifestOf } from '../http/tools/views.ts';
import type { Caller } from '../shared/auth/caller.ts';
import type { McpServices } from './asked.ts';
import { CAPSULE_PREFIX, isToolName, jobName } from './names.ts';

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

function capsuleShown({ installId }: CapsuleInstall, capsule: Capsule): McpTool {
  const { description, input, output } = capsuleManifestOf(capsule);
  return {
    name: `${CAPSULE_PREFIX}${installName(installId)}`,
    title: capsule.capsuleId,
    description,
    inputSchema: asObject(input) as McpTool['inputSchema'],
    ...(output?.['type'] === 'object' && { outputSchema: asObject(output) as NonNullable<McpTool['outputSchema']> }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  };
}

/** Returns the installs of a tenant that run, with their capsules: those of a revoked digest are not among them. */
const running = (tables: McpServices['tables'], tenantId: string): readonly McpTool[] =>
  [...tables.capsuleInstalls.value.values()].flatMap((install) => {
    if (install.tenantId !== tenantId || install.status !== 'installed') return [];
    const capsule = tables.capsules.value.get(install.pin.capsuleId);
    const runs = capsule?.digest === install.pin.digest && capsule.status !== 'revoked';
    return runs && isOfObject(capsuleManifestOf(capsule).input) ? [capsuleShown(install, capsule)] : [];
  });

/**
 * Returns the tools that a caller may call, the types of jobs that it may start and the capsules that it may run, ordered by name.
 * Quarantined tools are not among them.
 */
export function listedFor({ tables }: Pick<McpServices, 'tables'>, caller: Caller): readonly McpTool[] {
  const may = (capability: string): boolean => anyCovers(caller.capabilities, capability);
  const tools = toolsOf(tables, caller.tenantId)
    .filter(({ toolId, status }) => status === 'active' && may(executeCapability(toolName(toolId))))
    .filter(({ toolId }) => isToolName(toolName(toolId)));
  const jobs = [...tables.jobTypes.value.values()].filter(({ type }) => may(startCapability(type)));
  const capsules = may(RUN_CAPSULES) ? running(tables, caller.tenantId) : [];
  const all = [...tools.map(toolShown), ...jobs.map(jobShown), ...capsules];
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
