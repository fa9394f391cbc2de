import { canonicalJson } from '../../../infra/governance/constitution/canonical-json.ts';
import { type Check, checkOf } from '../../../infra/tools/manifest/json-schema.ts';
import type { ToolCallRow } from '../../../projections/tools/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { READ_TOOLS, TOOL_ARGUMENTS_BYTES_MAX, toolIdOf, toolName } from '../../../schemas/contexts/tools.ts';
import type { Tool } from '../../../schemas/generated/records.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { suggestionFor } from '../../shared/problems/suggestion.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { fieldError } from '../jobs/input.ts';
import { manifestOf } from './views.ts';

type Tables = Pick<GatewayServices['tables'], 'tools'>;

/** Invalid fields that an answer names. */
const ERRORS_MAX = 20;

/** Returns the tools of a tenant, with quarantined ones, ordered by name. */
export const toolsOf = ({ tools }: Tables, tenantId: string): readonly Tool[] =>
  [...tools.value.values()]
    .filter((tool) => tool.tenantId === tenantId && tool.status !== 'removed')
    .sort((one, other) => (one.toolId < other.toolId ? -1 : 1));

/** Returns the number of tools of a tenant, including removed ones. */
export const toolCount = ({ tools }: Tables, tenantId: string): number =>
  [...tools.value.values()].filter((tool) => tool.tenantId === tenantId).length;

/** Returns a tool of the tenant. Throws Problem TOOL_UNKNOWN; LOG_UNAVAILABLE before the tools are read. */
export function toolOrUnknown(tables: Tables, tenantId: string, name: string): Tool {
  if (!tables.tools.known) throw new Problem('LOG_UNAVAILABLE', 'The tools cannot be read now');
  const found = tables.tools.value.get(toolIdOf(tenantId, name));
  if (found !== undefined && found.status !== 'removed') return found;
  const names = toolsOf(tables, tenantId).map(({ toolId }) => toolName(toolId));
  throw new Problem('TOOL_UNKNOWN', `There is no tool ${name}${suggestionFor(name, names)}`);
}

/** Returns a call that the caller may see: its own, or any with `tool:read`. Throws Problem RESOURCE_UNKNOWN for any other. */
export function callOrUnknown(
  { principal, capabilities }: Pick<Caller, 'principal' | 'capabilities'>,
  callId: string,
  row: ToolCallRow | undefined,
): ToolCallRow {
  if (row !== undefined && (row.principal === principal || anyCovers(capabilities, READ_TOOLS))) return row;
  throw new Problem('RESOURCE_UNKNOWN', `There is no call ${callId}`);
}

/** Throws Problem TOOL_QUARANTINED for a tool whose calls are refused until a new version is approved. */
export function requireCallable(tool: Tool): void {
  if (tool.status === 'active') return;
  throw new Problem(
    'TOOL_QUARANTINED',
    `The server of ${toolName(tool.toolId)} changed its definition: a new version waits for approval`,
  );
}

const checks = new WeakMap<Tool, Check>();

function checkOfTool(tool: Tool): Check {
  const known = checks.get(tool);
  if (known !== undefined) return known;
  const made = checkOf(manifestOf(tool).input_schema);
  checks.set(tool, made);
  return made;
}

/**
 * Returns the arguments of a call as JSON. Throws Problem TOOL_ARGUMENTS_TOO_LARGE above 64 KiB, and TOOL_ARGUMENTS_INVALID
 * with a pointer to each field that the schema refuses, at most 20.
 */
export function argumentsOf(tool: Tool, given: Readonly<Record<string, unknown>>): string {
  // Canonical: an approval is bound to the arguments, not to the order of their names.
  const text = canonicalJson(given).toString('utf8');
  const bytes = Buffer.byteLength(text);
  if (bytes > TOOL_ARGUMENTS_BYTES_MAX)
    throw new Problem(
      'TOOL_ARGUMENTS_TOO_LARGE',
      `The arguments have ${bytes} bytes; ${TOOL_ARGUMENTS_BYTES_MAX} are allowed`,
    );
  const errors = checkOfTool(tool)(given).slice(0, ERRORS_MAX).map(fieldError('arguments'));
  if (errors.length === 0) return text;
  const named = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  throw new Problem('TOOL_ARGUMENTS_INVALID', `The arguments do not fit ${toolName(tool.toolId)}: ${named}`, {
    errors,
  });
}
