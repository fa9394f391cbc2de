import { schemaProblem } from '../../../infra/tools/manifest/json-schema.ts';
import { nothing, plus } from '../../../schemas/amount.ts';
import {
  AGENT_SCHEMA_BYTES_MAX,
  AGENT_TOOLS_BYTES_MAX,
  builtInTools,
  functionNameOf,
  modelNameOf,
} from '../../../schemas/contexts/agents.ts';
import type { AgentTool } from '../../../schemas/generated/records.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { toolOrUnknown } from '../tools/find.ts';
import { manifestOf } from '../tools/views.ts';

type Tables = Pick<GatewayServices['tables'], 'tools'>;

/** Returns a tool of the tenant as a run has it: under its manifest of this moment. Throws Problem TOOL_UNKNOWN, LOG_UNAVAILABLE. */
function toolOf(tables: Tables, tenantId: string, name: string): AgentTool {
  const builtIn = builtInTools.get(name);
  if (builtIn !== undefined) return builtIn;
  const tool = toolOrUnknown(tables, tenantId, name);
  const { description, input_schema: schema, limits, effect } = manifestOf(tool);
  return {
    ...{ name, modelName: modelNameOf(name), digest: tool.digest, description, parameters: JSON.stringify(schema) },
    ...{ costMax: plus(nothing, { tokens: 0, cost: limits?.cost ?? '0' }).cost, effect },
  };
}

/**
 * Returns the tools of a run. Throws Problem TOOL_UNKNOWN, LOG_UNAVAILABLE; REQUEST_INVALID for two that models, or programs where
 * the run has one, would know by one name; AGENT_TOOLS_TOO_LARGE above 128 KiB of descriptions and schemas.
 */
export function toolsOf(
  tables: Tables,
  tenantId: string,
  names: readonly string[],
  { inPrograms }: { readonly inPrograms: boolean },
): readonly AgentTool[] {
  const known = ({ modelName }: AgentTool) => (inPrograms ? functionNameOf(modelName) : modelName);
  const tools = [...new Set(names)].map((name) => toolOf(tables, tenantId, name));
  for (const each of tools) {
    const other = tools.find((tool) => known(tool) === known(each) && tool.name !== each.name);
    if (other === undefined) continue;
    const by = inPrograms ? 'Programs' : 'Models';
    const detail = `${by} would know ${each.name} and ${other.name} by the same name ${known(each)}`;
    throw new Problem('REQUEST_INVALID', detail, { errors: [{ in: 'body', pointer: '#/tools', detail }] });
  }
  const bytes = tools.reduce(
    (sum, { description, parameters }) => sum + Buffer.byteLength(description + parameters),
    0,
  );
  if (bytes > AGENT_TOOLS_BYTES_MAX)
    throw new Problem('AGENT_TOOLS_TOO_LARGE', `The tools have ${bytes} bytes; ${AGENT_TOOLS_BYTES_MAX} are allowed`);
  return tools;
}

/** Returns the schema of a result as JSON; null without one. Throws Problem AGENT_SCHEMA_INVALID for one that is not used. */
export function outputSchemaOf(schema: Readonly<Record<string, unknown>> | null): string | null {
  if (schema === null) return null;
  const text = JSON.stringify(schema);
  const problem =
    Buffer.byteLength(text) > AGENT_SCHEMA_BYTES_MAX
      ? `longer than ${AGENT_SCHEMA_BYTES_MAX} bytes`
      : schemaProblem(schema);
  if (problem === null) return text;
  const detail = `The schema of the result is not used: ${problem}`;
  throw new Problem('AGENT_SCHEMA_INVALID', detail, { errors: [{ in: 'body', pointer: '#/output_schema', detail }] });
}
